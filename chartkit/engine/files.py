"""What templates see as `.Files`: the chart's own files, and nothing else on the machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from chartkit.gotypes import Function, FunctionError, StringList
from chartkit.goyaml.dump import to_yaml
from chartkit.pattern import pattern as late_pattern
from chartkit.profile import Profile


class Files(dict[str, bytes]):
    """engine.files: contents by path. Reading a path that is not there gives nothing, never an error."""

    __slots__ = ("profile",)
    go_type: ClassVar[str] = "engine.files"
    go_kind: ClassVar[str] = "map"
    go_zero: ClassVar[type[bytes]] = bytes
    go_methods: ClassVar[Mapping[str, Function]]

    def __init__(self, contents: Iterable[tuple[str, bytes]], profile: Profile) -> None:
        super().__init__(contents)
        self.profile = profile

    def get(self, name: str, default: bytes = b"") -> bytes:  # type: ignore[override]
        """The content of a file; nothing where there is none, as Go reads a missing key."""
        return super().get(name, default)

    def read(self, name: str) -> str:
        """`.Files.Get`: a file as text."""
        return self.read_bytes(name).decode("utf-8", "surrogateescape")

    def read_bytes(self, name: str) -> bytes:
        """`.Files.GetBytes`: a file as bytes."""
        return dict.get(self, name, b"")

    def glob(self, pattern: str) -> Files:
        """`.Files.Glob`: the files whose paths match."""
        match = compile_glob(pattern).fullmatch
        return Files(((name, data) for name, data in self.items() if match(name)), self.profile)

    def as_config(self) -> str:
        """`.Files.AsConfig`: a YAML map of base names to texts."""
        return to_yaml({_base(name): self.read(name) for name in sorted(self)})

    def as_secrets(self) -> str:
        """`.Files.AsSecrets`: a YAML map of base names to base64."""
        from base64 import b64encode

        return to_yaml({_base(name): b64encode(self[name]).decode() for name in sorted(self)})

    def lines(self, name: str) -> StringList:
        """`.Files.Lines`: a file cut at line feeds.

        Raises:
            FunctionError: the file is empty, in the Helm versions that fail on it.
        """
        text = self.read(name)
        if not text:
            if name in self and self.profile.empty_file_lines_panics:
                raise FunctionError("runtime error: index out of range [-1]")
            return StringList()
        return StringList(text.removesuffix("\n").split("\n"))


Files.go_methods = {
    "Get": Function("Get", Files.read, ("string",)),
    "GetBytes": Function("GetBytes", Files.read_bytes, ("string",)),
    "Glob": Function("Glob", Files.glob, ("string",)),
    "AsConfig": Function("AsConfig", Files.as_config),
    "AsSecrets": Function("AsSecrets", Files.as_secrets),
    "Lines": Function("Lines", Files.lines, ("string",)),
}


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


class _BadGlob(ValueError):
    """A pattern that gobwas/glob refuses."""


_EVERYTHING: Final = late_pattern(r".*", re.DOTALL)


@lru_cache(maxsize=256)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """A glob as gobwas/glob reads it with the separator `/`; a bad pattern matches everything, as in Helm.

    `*` and `?` stop at slashes, `**` does not; `[ab]`, `[!ab]` and `[a-b]` are lists; `{a,b}` are alternatives; `\\`
    takes the next character as it is.
    """
    try:
        text, _ = _alternatives(pattern, 0, nested=False)
    except _BadGlob:
        return _EVERYTHING
    return re.compile(text, re.DOTALL)


def _alternatives(pattern: str, position: int, *, nested: bool) -> tuple[str, int]:
    """A sequence of pattern parts up to the end, or up to the closing brace of a nested one."""
    parts: list[str] = []
    while position < len(pattern):
        character = pattern[position]
        if character == "*":
            double = pattern.startswith("**", position)
            parts.append(".*" if double else "[^/]*")
            position += 2 if double else 1
        elif character == "?":
            parts.append("[^/]")
            position += 1
        elif character == "[":
            part, position = _character_list(pattern, position + 1)
            parts.append(part)
        elif character == "{":
            inner, position = _alternatives(pattern, position + 1, nested=True)
            parts.append(f"(?:{inner})")
        elif character == "}" and nested:
            return "".join(parts), position + 1
        elif character == "," and nested:
            parts.append("|")
            position += 1
        elif character == "\\":
            if position + 1 >= len(pattern):
                raise _BadGlob(pattern)
            parts.append(re.escape(pattern[position + 1]))
            position += 2
        else:
            parts.append(re.escape(character))
            position += 1
    if nested:
        raise _BadGlob(pattern)
    return "".join(parts), position


def _character_list(pattern: str, position: int) -> tuple[str, int]:
    """The list after a `[`: characters, or one range, with `!` before them for the opposite."""
    end = pattern.find("]", position)
    if end < 0:
        raise _BadGlob(pattern)
    body = pattern[position:end]
    negated = body.startswith("!")
    body = body[1:] if negated else body
    if not body:
        raise _BadGlob(pattern)
    if len(body) == 3 and body[1] == "-":
        if body[0] > body[2]:
            raise _BadGlob(pattern)
        inner = f"{re.escape(body[0])}-{re.escape(body[2])}"
    else:
        inner = "".join(map(re.escape, body))
    return f"[{'^' if negated else ''}{inner}]", end + 1


def file_contents(files: Iterable[Any]) -> list[tuple[str, bytes]]:
    """Path and content of chart files, as `Files` takes them."""
    return [(file.name, file.data) for file in files]
