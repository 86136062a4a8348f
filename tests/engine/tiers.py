"""One chart by the exact compiler and by generated code: what came of each, errors and surroundings included."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from chartkit.ambient import Ambient
from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.engine.compiled import CompiledChart, Tier
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError
from chartkit.limits import DEFAULT_LIMITS, Limits
from chartkit.profile import NEWEST, Profile
from chartkit.values.inputs import ValuesInput

NOW = 1_700_000_000_000_000_000
METADATA = "apiVersion: v2\nname: tc\nversion: 0.1.0\n"


def chart_of(files: Mapping[str, str], profile: Profile = NEWEST) -> Chart:
    """The chart that some texts make; Chart.yaml need not be among them."""
    texts = {"Chart.yaml": METADATA, **files}
    return chart_from_files(
        [File(name, text.encode("utf-8", "surrogateescape")) for name, text in sorted(texts.items())], profile=profile
    )


def outcome(
    program: CompiledChart,
    values: dict[str, Any] | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
    lenient: bool = False,
) -> tuple[Any, ...]:
    """What a render gives, or how it fails, with what it drew from its surroundings."""
    ticks = iter(range(NOW, NOW + 10**15, 10**9))
    ambient = Ambient(
        program.profile, lambda: next(ticks), zone=UTC, random=random.Random(7), limits=limits, lenient=lenient
    )
    try:
        rendering = program.render(ValuesInput((), values or {}), Release("rel"), ambient=ambient)
    except ChartkitError as error:
        places = [error.position, *getattr(error, "chain", ())]
        shown = [place and (place.source.name, place.source.text, place.offset) for place in places]
        return type(error), str(error), shown, ambient.random.random()
    return dict(rendering.files), rendering.warnings, ambient.uses, ambient.refusals, ambient.random.random()


def both(chart: Chart, values: dict[str, Any] | None = None, **given: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The outcome in the exact compiler, and in generated code."""
    exact, fast = (CompiledChart(chart, chart.profile, tier=tier) for tier in (Tier.EXACT, Tier.FAST))
    return outcome(exact, values, **given), outcome(fast, values, **given)
