"""Whether the images of a render come from where they should, for programs.

report = verify_images(trace, expect=["myregistry.example.com"])
raise SystemExit(report.exit_code)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from chartkit.checks.expect_registry import Expectation, verify
from chartkit.checks.levels import Levels
from chartkit.checks.registry_pattern import read_pattern
from chartkit.checks.report import Report
from chartkit.checks.subject import Subject
from chartkit.engine.render import Rendering
from chartkit.engine.trace import Trace
from chartkit.images.explain import Explained, Part, explain
from chartkit.images.find import find_images
from chartkit.images.use import Certainty, ImageUse
from chartkit.values.inputs import ValuesInput


def verify_images(
    rendering: Rendering,
    *,
    expect: Iterable[str] = (),
    allow: Iterable[str] = (),
    count: int | None = None,
    fail_on: str = "likely",
) -> Report:
    """Whether all images of a render are as expected; for a trace the findings name the values keys to change.

    Args:
        rendering: what a chart rendered.
        expect: registries, each perhaps with a path, that images must come from; any will do where there is none.
        allow: registries, paths and images that are fine all the same.
        count: how many images must match; if it is not given, at least one must be there.
        fail_on: how sure it must be that a text is an image: `certain`, `likely` or `possible`.

    Raises:
        InputError: a registry is empty, or has a scheme.
        KeyError: there is no such certainty.
        TemplateError: a rendered document is not YAML, or not a mapping.
    """
    expectation = Expectation(
        tuple(map(read_pattern, expect)), tuple(map(read_pattern, allow)), count, Certainty[fail_on.upper()]
    )
    subject = Subject(
        chart=rendering.chart,
        values=rendering.given if isinstance(rendering, Trace) else ValuesInput(),
        effective={},
        rendering=rendering,
        images=find_images(rendering),
        explain=_explained if isinstance(rendering, Trace) else None,
    )
    return verify(subject, expectation, Levels())


def _explained(use: ImageUse, part: str) -> Explained:
    return explain(use, cast(Part, part))
