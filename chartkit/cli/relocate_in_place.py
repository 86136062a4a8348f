"""An override written into the values files that are there, each key into the file that gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from chartkit.chart.values_file import load_values, merge_maps
from chartkit.cli.flags import UsageError
from chartkit.cli.pipeline import Prepared
from chartkit.errors import InputError
from chartkit.goyaml.edit import set_values
from chartkit.images.explain import dotted_path
from chartkit.images.override import Override
from chartkit.origin import Path
from chartkit.values.inputs import Layer


def edited_files(prepared: Prepared, override: Override) -> dict[str, str]:
    """The new texts of the values files that change, by their names.

    Raises:
        UsageError: no values file is given.
        InputError: a key is given by a flag, which would win over every file, or a file cannot be edited so.
    """
    files = [layer for layer in prepared.values.layers if layer.kind == "values_file" and layer.name != "-"]
    if not files:
        raise UsageError("--in-place needs a values file to write into")
    wanted: dict[int, dict[Path, Any]] = {}
    for path, value in override.settings.items():
        index, path, value = _home(prepared, files, override.values, path, value)
        wanted.setdefault(index, {})[path] = value
    texts = {
        index: set_values(files[index].source.text, values, name=files[index].name) for index, values in wanted.items()
    }
    _check(prepared, files, texts, override.values)
    return {files[index].name: text for index, text in sorted(texts.items())}


def _home(
    prepared: Prepared, files: Sequence[Layer], values: Mapping[str, Any], path: Path, value: Any
) -> tuple[int, Path, Any]:
    """The file that a key goes into: the one that gives it, else the last; with what is to be set there."""
    giver = prepared.values.giver(path)
    if giver is not None and giver.kind == "set_flag":
        raise InputError(
            f"{dotted_path(path)} is given by {giver.name}, which wins over every file",
            hint="give it in a values file, or write the override into a file of its own (-o)",
        )
    index = next((at for at, file in enumerate(files) if file is giver), None)
    if index is not None:
        return index, path, value
    # A list that no file has must be stated as a whole: Helm does not merge lists.
    end = next((at for at, step in enumerate(path) if isinstance(step, int)), len(path))
    return len(files) - 1, path[:end], _at(values, path[:end])


def _at(values: Any, path: Path) -> Any:
    return reduce(lambda node, step: node[step], path, values)


def _check(prepared: Prepared, files: Sequence[Layer], texts: Mapping[int, str], values: dict[str, Any]) -> None:
    """Hold what the files say together against what was proven."""
    profile = prepared.job.profile
    nothing: dict[str, Any] = {}
    old = [file.data for file in files]
    new = [load_values(texts[index], profile) if index in texts else file.data for index, file in enumerate(files)]
    if reduce(merge_maps, new, nothing) != merge_maps(reduce(merge_maps, old, nothing), values):
        raise InputError(
            "the values files cannot be changed so that they say the same as the override",
            hint="write the override into a file of its own (-o)",
        )
