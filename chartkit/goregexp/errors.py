"""The error that a pattern outside of RE2's syntax raises."""

from __future__ import annotations


class InvalidRegexp(ValueError):
    """A pattern that Go refuses.

    Attributes:
        reason: what is wrong, in Go's words.
        part: the part of the pattern that Go blames.
    """

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(f"error parsing regexp: {reason}: `{part}`")
        self.reason = reason
        self.part = part
