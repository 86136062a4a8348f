"""The error that every YAML function of this package raises."""

from __future__ import annotations

from typing import Final

CONVERT: Final = "convert"
DECODE: Final = "decode"
MARSHAL: Final = "marshal"
REREAD: Final = "reread"
SEPARATE: Final = "separate"

_PREFIXES: Final = {
    CONVERT: "error converting YAML to JSON: ",
    DECODE: "error unmarshaling JSON: while decoding JSON: ",
    MARSHAL: "error marshaling into JSON: ",
    REREAD: "error converting JSON to YAML: ",
    SEPARATE: "error reading yaml document: ",
}


class YAMLError(ValueError):
    """A text that is not YAML, or a value that YAML cannot carry; `str()` is Go's message without any prefix.

    Attributes:
        offset: the character of the text at which reading stopped, when that is known.
        line: its line, from 1.
        column: its column in characters, from 1.
        stage: which step failed: one of the constants of this module.
    """

    def __init__(self, message: str, offset: int | None = None, *, stage: str = CONVERT) -> None:
        super().__init__(message)
        self.offset = offset
        self.line: int | None = None
        self.column: int | None = None
        self.stage = stage

    @property
    def full(self) -> str:
        """The message with the prefix that Go puts before it."""
        return _PREFIXES[self.stage] + str(self)

    def place(self, text: str, shift: int = 0) -> None:
        """Work out line and column in a text, of which the part read so far began at `shift`."""
        if self.offset is not None:
            self.offset = min(self.offset + shift, len(text))
            self.line = text.count("\n", 0, self.offset) + 1
            self.column = self.offset - text.rfind("\n", 0, self.offset)
