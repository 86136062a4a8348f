from __future__ import annotations

import re

from chartkit.pattern import pattern


def test_late_pattern_does_what_the_compiled_one_does() -> None:
    late, early = pattern(r"(?P<a>x)|(y)", re.IGNORECASE), re.compile(r"(?P<a>x)|(y)", re.IGNORECASE)
    for text in ("aXb", "y", "", "xy"):
        for name in ("match", "search", "fullmatch", "findall", "split"):
            ours, theirs = getattr(late, name)(text), getattr(early, name)(text)
            assert str(ours) == str(theirs)
    assert late.sub("-", "axby") == "a-b-"
    assert (late.pattern, late.groups, dict(late.groupindex)) == (early.pattern, 2, {"a": 1})


def test_late_pattern_is_compiled_once() -> None:
    late = pattern("a")
    assert late.match is late.match
