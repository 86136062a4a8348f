"""What the user gives: values files and the `--set` flags, in Helm's order, whatever the order on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from chartkit.errors import InputError
from chartkit.goquote import quote
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field
from chartkit.source import Position, Source
from chartkit.values.coalesce import Tree, copy_map

if TYPE_CHECKING:
    from typing import Unpack

    from chartkit.chart.chart import Chart
    from chartkit.strvals import Place

Kind = Literal["values_file", "set_flag"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One file or one flag.

    Attributes:
        kind: whether it is a file or a flag.
        name: the file's path, or the flag: `--set`.
        source: the text.
        data: what the layer holds by itself; readers must not change it.
        places: for a flag, where its text gives each leaf; empty for files and whole JSON objects, whose positions come
            out of the text.
        profile: whose rules a file was read by.
    """

    kind: Kind
    name: str
    source: Source
    data: Tree
    places: tuple[Place, ...] = ()
    profile: Profile = NEWEST

    def position(self, path: Sequence[str | int]) -> Position | None:
        """Where the layer gives the value at a path, or something around it; `None` where it is not known."""
        if not self.places:
            from chartkit.chart.values_file import value_position

            return value_position(self.source, path, self.profile)
        fitting = [place for place in self.places if tuple(path[: len(place.path)]) == place.path]
        return Position(self.source, fitting[-1].offset) if fitting else None


@dataclass(frozen=True, slots=True)
class ValuesInput:
    """All that the user gives.

    Attributes:
        layers: files and flags, each one over those before it.
        data: the layers merged, nulls kept; readers must not change it.
    """

    layers: tuple[Layer, ...] = ()
    data: Tree = field(default_factory=dict)

    def giver(self, path: Sequence[str | int]) -> Layer | None:
        """The last layer that sets the value at `path`, or something around it; `None` where no layer does."""
        for layer in reversed(self.layers):
            if layer.places:
                if any(tuple(path[: len(place.path)]) == place.path for place in layer.places):
                    return layer
            elif _reaches(layer.data, path):
                return layer
        return None


class Given(TypedDict, total=False):
    """The flags that give values, each kind in its order."""

    files: Sequence[str | os.PathLike[str]]
    set: Sequence[str]
    set_string: Sequence[str]
    set_json: Sequence[str]
    set_file: Sequence[str]
    set_literal: Sequence[str]


def read_values(
    chart: Chart | None = None, *, stdin: str | None = None, profile: Profile | None = None, **given: Unpack[Given]
) -> ValuesInput:
    """The values that files and flags give: `read_values(chart, files=["prod.yaml"], set=["image.tag=5"])`.

    Args:
        chart: the chart that they are for; its profile counts where none is given.
        stdin: the text that the file name `-` stands for.
        profile: whose rules apply.
        given: values files, and the texts of `--set` flags.

    Raises:
        InputError: a file cannot be read or is no map, or a flag does not follow the grammar.
    """
    reading = _Reading(profile or (chart.profile if chart else NEWEST), stdin)
    for file in given.get("files", ()):
        for name in split_commas(os.fspath(file)):
            reading.file(name)
    for text in given.get("set_json", ()):
        reading.json(text)
    for text in given.get("set", ()):
        reading.flag("--set", text, "parse_typed")
    for text in given.get("set_string", ()):
        reading.flag("--set-string", text, "parse_strings")
    for text in given.get("set_file", ()):
        reading.flag("--set-file", text, "parse_files")
    for text in given.get("set_literal", ()):
        reading.flag("--set-literal", text, "parse_literal")
    return ValuesInput(tuple(reading.layers), reading.data)


def split_commas(text: str) -> list[str]:
    """The parts of a flag that takes several values at once: comma-separated, with double quotes around commas."""
    import csv

    if '"' not in text:
        return text.split(",") if text else []
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        place = f"parse error on line 1, column {len(text.encode()) + 1}"
        fault = f'{place}: extraneous or missing " in quoted-field'
        raise InputError(f'invalid argument {quote(text)} for "-f, --values" flag: {fault}') from error


@dataclass(slots=True)
class _Reading:
    """Values being gathered."""

    profile: Profile
    stdin: str | None
    data: Tree = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)

    def file(self, name: str) -> None:
        """Lay a values file over what is there."""
        from chartkit.chart.values_file import ValuesError, load_values, merge_maps

        source = Source(name, self.read(name))
        try:
            data = load_values(source.text, self.profile)
        except ValuesError as error:
            position = Position.shown(source, error.offset)
            raise InputError(f"failed to parse {name}: {error}", position=position) from error
        self.layers.append(Layer("values_file", name, source, data, profile=self.profile))
        self.data = merge_maps(self.data, data)

    def json(self, text: str) -> None:
        """Lay a `--set-json` flag over what is there: a whole object, or keys with JSON values."""
        from chartkit.chart.values_file import merge_maps
        from chartkit.gojson import JSONError, decode

        source = Source("--set-json", text)
        trimmed = text.strip()
        if not (self.profile.set_json_objects and trimmed.startswith("{")):
            self.flag("--set-json", text, "parse_json")
            return
        try:
            data = decode(trimmed)
        except JSONError as error:
            message = f"failed parsing --set-json data JSON: {text}"
            raise InputError(message, position=Position(source, 0)) from error
        self.layers.append(Layer("set_flag", "--set-json", source, data))
        self.data = merge_maps(self.data, data)

    def flag(self, name: str, text: str, grammar: str) -> None:
        """Write a flag into what is there; `grammar` is what reads it in `strvals`, or the method here that does."""
        # By its full name: the package itself imports from up here.
        import chartkit.strvals as strvals

        parse: Callable[..., list[Place]] = getattr(self if grammar == "parse_files" else strvals, grammar)
        source = Source(name, text)
        ends_in_index = self.profile.major > 3
        # Parsed by itself a flag cannot fail over what an earlier one made of a key, so the merged tree goes first.
        self.data = copy_map(self.data)
        alone: Tree = {}
        try:
            places = parse(text, self.data, ends_in_index=ends_in_index)
            parse(text, alone, ends_in_index=ends_in_index)
        except strvals.StrvalsError as error:
            message = f"failed parsing {name} data: {error}"
            if name == "--set-json":
                message = f"failed parsing --set-json data {text}"
            raise InputError(message, position=Position(source, 0)) from error
        self.layers.append(Layer("set_flag", name, source, alone, tuple(places)))

    def parse_files(self, text: str, target: Tree, *, ends_in_index: bool) -> list[Place]:
        """Write a `--set-file` flag into `target`."""
        from chartkit.strvals import StrvalsError, parse_files

        def read(path: str) -> str:
            try:
                return self.read(path)
            except InputError as error:
                raise StrvalsError(str(error)) from error

        return parse_files(text, target, read, ends_in_index=ends_in_index)

    def read(self, name: str) -> str:
        """The text of a file, or what stands for the standard input."""
        if name.strip() == "-":
            return self.stdin or ""
        if name.startswith(("http://", "https://")):
            raise InputError(f"{name}: values files are not fetched from the network", hint="Download the file first.")
        try:
            with open(name, "rb") as file:
                data = file.read()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            verb = "read" if isinstance(error, IsADirectoryError) else "open"
            raise InputError(f"{verb} {name}: {reason}") from error
        return data.decode("utf-8", "surrogateescape")


def _reaches(data: Any, path: Iterable[str | int]) -> bool:
    """Whether a tree has something at a path, or a value in the middle of it that hides what is below."""
    for step in path:
        if type(data) is dict and step in data:
            data = data[step]
        elif type(data) is list:
            return True
        else:
            return type(data) is not dict
    return True
