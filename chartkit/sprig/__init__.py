"""The functions of the Sprig library, one module a family; each exports its `FUNCTIONS`."""

from __future__ import annotations

from typing import Final

from chartkit.gotypes import Function
from chartkit.sprig import (
    certificates,
    crypto,
    dates,
    defaults,
    dicts,
    durations,
    encoding,
    lists,
    numeric,
    paths,
    randomness,
    regex,
    semver,
    strings,
    urls,
)

FUNCTIONS: Final[tuple[tuple[Function, ...], ...]] = (
    certificates.FUNCTIONS,
    crypto.FUNCTIONS,
    dates.FUNCTIONS,
    defaults.FUNCTIONS,
    dicts.FUNCTIONS,
    durations.FUNCTIONS,
    encoding.FUNCTIONS,
    lists.FUNCTIONS,
    numeric.FUNCTIONS,
    paths.FUNCTIONS,
    randomness.FUNCTIONS,
    regex.FUNCTIONS,
    semver.FUNCTIONS,
    strings.FUNCTIONS,
    urls.FUNCTIONS,
)
