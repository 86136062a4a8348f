"""Images in what is no chart, for the commands that list, check and explain images.

Among the words of a command line may stand a devfile, a stack or a registry of them, a Dockerfile, a task.json, Airflow
code, or plain manifests; `-` is manifests on the standard input, where that is what it has, and values otherwise.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from chartkit.chart.chart import Chart
from chartkit.chart.metadata import Metadata
from chartkit.checks.subject import Subject
from chartkit.cli.flags import UsageError, Words
from chartkit.images.use import ImageUse
from chartkit.values.inputs import ValuesInput

if TYPE_CHECKING:
    from chartkit.images.explain import Explained, Part

_STDIN: Final = "-"
_SHOWN_STDIN: Final = "<stdin>"


@dataclass(frozen=True, slots=True)
class OtherInputs:
    """What stands on the command line in the place of a chart.

    Attributes:
        names: the files and folders, as they were named.
        uses: the images in them.
    """

    names: tuple[str, ...]
    uses: tuple[ImageUse, ...]

    def subject(self) -> Subject:
        """What can be checked of them."""
        chart = Chart(Metadata(name=", ".join(self.names)))
        return Subject(chart, ValuesInput(), {}, None, self.uses, explain=_explain, base=os.getcwd())


def _explain(use: ImageUse, part: str) -> Explained:
    from chartkit.images.explain import explain_written

    explained = explain_written(use, cast("Part", part))
    # Where a file has no paths, the place is no key that one could set.
    named = bool(use.pointer)
    return explained if named else replace(explained, keys=tuple(replace(key, path="") for key in explained.keys))


def other_inputs(words: Words) -> OtherInputs | None:
    """What the words name, if it is no chart and no values files.

    Raises:
        UsageError: charts or values stand beside it.
        InputError: something is missing or broken.
    """
    if not words.others or words.text("chart") or words.text("target"):
        return None
    kinds = [_kind_of(word, words) for word in words.others]
    if not any(kinds):
        return None
    foreign = [word for word, kind in zip(words.others, kinds, strict=True) if kind]
    if not all(kinds) or words.texts("values"):
        rest = [word for word, kind in zip(words.others, kinds, strict=True) if not kind] + words.texts("values")
        raise UsageError(
            f"{foreign[0]} is no chart and no values file, so {rest[0]} cannot stand beside it",
            hint="check the one and the other in two runs",
        )
    uses: list[ImageUse] = []
    for word, kind in zip(words.others, kinds, strict=True):
        uses += _images(word, kind, words)
    return OtherInputs(tuple(_shown(word) for word in words.others), tuple(uses))


def _kind_of(word: str, words: Words) -> str:
    from chartkit.systems.sources import is_manifests, kind_of

    if word == _STDIN:
        if words.stdin is None:
            words.stdin = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
        return "manifests" if is_manifests(words.stdin) else ""
    path = Path(word)
    if not path.exists():
        return ""
    return kind_of(path)


def _images(word: str, kind: str, words: Words) -> Sequence[ImageUse]:
    from chartkit.images.rewrite import find_in_text
    from chartkit.systems.sources import images_of

    if word == _STDIN:
        return find_in_text(words.stdin or "", _SHOWN_STDIN)
    return images_of(Path(word), kind)


def _shown(word: str) -> str:
    return _SHOWN_STDIN if word == _STDIN else word


def refuse_other_inputs(words: Words, flags: Sequence[str]) -> None:
    """Refuse flags that only make sense for a chart.

    Raises:
        UsageError: one is given.
    """
    for flag in flags:
        if words.given.get(flag):
            raise UsageError(f"--{flag} is for charts only", hint=f"leave it out for {words.others[0]}")
