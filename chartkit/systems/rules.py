"""The rules of all systems, beside those that hold for any chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chartkit.checks.rule import Rule
from chartkit.checks.rules import RULES as CHART_RULES
from chartkit.systems.devfile.rules import RULES as DEVFILE
from chartkit.systems.drycc.rules import RULES as DRYCC
from chartkit.systems.kaapana.rules import RULES as KAAPANA
from chartkit.systems.task_api.rules import RULES as TASK_API

_SYSTEMS: Final = (*KAAPANA, *TASK_API, *DEVFILE, *DRYCC)

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule for rule in sorted((*CHART_RULES.values(), *_SYSTEMS), key=lambda rule: rule.id)
}
"""Every rule by its id, in the order of the ids."""
