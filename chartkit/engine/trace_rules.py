"""All trace rules by function name: how characters and entries move through Helm's functions.

A function without a rule gives the union of its arguments' marks: coarse, never silent. Functions that make or change
containers must have one; a test holds the list.
"""

from __future__ import annotations

from typing import Final

from chartkit.engine.trace_containers import BEFORE, CONTAINER_RULES
from chartkit.engine.trace_text import TEXT_RULES
from chartkit.engine.trace_yaml import YAML_RULES
from chartkit.gotemplate.origins import Rule

RULES: Final[dict[str, Rule]] = {**TEXT_RULES, **CONTAINER_RULES, **YAML_RULES}

__all__ = ["BEFORE", "RULES"]
