"""Chart.yaml: read into typed fields the way Go's JSON decoder does, then checked the way Helm does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from chartkit.chart.godecode import DecodeError, Decoder, Place
from chartkit.chart.records import Dependency, Maintainer, Metadata
from chartkit.constraint import InvalidVersion, Version
from chartkit.errors import LoadError
from chartkit.goquote import quote
from chartkit.goyaml.load import YAMLError
from chartkit.pattern import pattern
from chartkit.profile import NEWEST, Profile

__all__ = [
    "ChartYamlDecoder",
    "Dependency",
    "Maintainer",
    "Metadata",
    "checked",
    "decode_api_version",
    "decode_metadata",
]

_ALIAS: Final = pattern(r"[a-zA-Z0-9_-]+")
_Record = TypeVar("_Record", "Maintainer", "Dependency")
_TYPES: Final = ("", "application", "library")


_MAINTAINER: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "text"),
    "email": ("email", "text"),
    "url": ("url", "text"),
}
_DEPENDENCY: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "text"),
    "version": ("version", "text"),
    "repository": ("repository", "text"),
    "condition": ("condition", "text"),
    "tags": ("tags", "texts"),
    "enabled": ("enabled", "flag"),
    "import-values": ("import_values", "anything"),
    "alias": ("alias", "text"),
}
_METADATA: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "text"),
    "home": ("home", "text"),
    "sources": ("sources", "texts"),
    "version": ("version", "text"),
    "description": ("description", "text"),
    "keywords": ("keywords", "texts"),
    "maintainers": ("maintainers", "maintainers"),
    "icon": ("icon", "text"),
    "apiVersion": ("api_version", "text"),
    "condition": ("condition", "text"),
    "tags": ("tags", "text"),
    "appVersion": ("app_version", "text"),
    "deprecated": ("deprecated", "flag"),
    "annotations": ("annotations", "text_map"),
    "kubeVersion": ("kube_version", "text"),
    "dependencies": ("dependencies", "dependencies"),
    "type": ("type", "text"),
}


class ChartYamlDecoder(Decoder):
    """The decoder for Chart.yaml and its relatives."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self.package = "chart" if profile.major == 3 else "v2"

    def maintainers(self, value: Any, place: Place) -> tuple[Maintainer | None, ...]:
        """A list of maintainers; a null stays, for the check that refuses it."""
        found = self._structs(value, place, "Maintainer", _MAINTAINER)
        return tuple(None if item is None else Maintainer(**item) for item in found)

    def dependencies(self, value: Any, place: Place) -> tuple[Dependency | None, ...]:
        """A list of dependencies; a null stays, for the check that refuses it."""
        found = self._structs(value, place, "Dependency", _DEPENDENCY)
        return tuple(None if item is None else Dependency(**item) for item in found)

    def _structs(
        self, value: Any, place: Place, name: str, table: Mapping[str, tuple[str, str]]
    ) -> list[dict[str, Any] | None]:
        """The fields of each item of a list."""
        name = f"{self.package}.{name}"
        items = self.items(value, place, f"[]*{name}")
        return [
            None if item is None else self.struct(item, table, place.inside(index), name)
            for index, item in enumerate(items)
        ]


def decode_metadata(data: bytes, profile: Profile, *, base: Metadata | None = None, name: str = "") -> Metadata:
    """The fields of a Chart.yaml, or of the requirements.yaml `name`, which overlays a `base`.

    Raises:
        LoadError: the text is no YAML, or a field has the wrong type.
    """
    file = name or "Chart.yaml"
    decoder = ChartYamlDecoder(profile)
    try:
        document = decoder.load(data)
        found = decoder.struct(document, _METADATA, Place(), f"{decoder.package}.Metadata")
    except YAMLError as error:
        raise LoadError(f"cannot load {file}: {error.full}") from error
    except DecodeError as error:
        raise LoadError(f"cannot load {file}: {error}") from error
    if "dependencies" in found:
        found["declares"] = _declares(document)
    metadata = replace(base or Metadata(), **found)
    return metadata if metadata.api_version or name else replace(metadata, api_version="v1")


def decode_api_version(data: bytes, profile: Profile) -> str:
    """The apiVersion of a Chart.yaml, read by itself as Helm 4 does before it chooses a loader.

    Raises:
        LoadError: the text is no YAML, or the field has the wrong type.
    """
    decoder = Decoder(profile)
    try:
        document = decoder.load(data)
        found = decoder.struct(document, {"apiVersion": ("api_version", "text")}, Place(), "loader.chartBase")
    except YAMLError as error:
        raise LoadError(f"cannot load Chart.yaml: {error.full}") from error
    except DecodeError as error:
        raise LoadError(f"cannot load Chart.yaml: {error}") from error
    return str(found.get("api_version", ""))


def _declares(document: Any) -> bool:
    """Whether the list of dependencies is there, be it empty."""
    given = [document[key] for key in sorted(document) if key.casefold() == "dependencies"]
    return given[-1] is not None


def checked(metadata: Metadata, profile: Profile = NEWEST) -> Metadata:
    """The metadata with blanks and unprintable characters cleaned, as Helm accepts it.

    Raises:
        LoadError: Helm's validation refuses it.
    """
    clean = replace(metadata, **{name: _cleaned(getattr(metadata, name)) for name in _CLEANED})
    _check_identity(clean, profile)
    if any(maintainer is None for maintainer in clean.maintainers):
        raise _invalid("maintainers must not contain empty or null nodes")
    maintainers = tuple(_all_cleaned(maintainer) for maintainer in clean.maintainers)
    return replace(clean, maintainers=maintainers, dependencies=_checked_dependencies(clean.dependencies))


_CLEANED: Final = (
    "name", "description", "home", "icon", "condition", "tags", "app_version", "kube_version", "sources", "keywords",
)  # fmt: skip


def _check_identity(metadata: Metadata, profile: Profile) -> None:
    """Check name, version and type."""
    if not metadata.api_version:
        raise _invalid("chart.metadata.apiVersion is required")
    if not metadata.name:
        raise _invalid("chart.metadata.name is required")
    if metadata.name in (".", "..") and profile.major > 3:
        raise _invalid(f"chart.metadata.name {quote(metadata.name)} is not allowed")
    if "/" in metadata.name and metadata.name.strip("/"):
        raise _invalid(f"chart.metadata.name {quote(metadata.name)} is invalid")
    if not metadata.version:
        raise _invalid("chart.metadata.version is required")
    try:
        Version.parse(metadata.version, profile.semver_generation)
    except InvalidVersion:
        raise _invalid(f"chart.metadata.version {quote(metadata.version)} is invalid") from None
    if metadata.type not in _TYPES:
        raise _invalid("chart.metadata.type must be application or library")


def _checked_dependencies(dependencies: tuple[Dependency | None, ...]) -> tuple[Dependency, ...]:
    """The dependencies, cleaned, with names and aliases checked."""
    checked_ones: list[Dependency] = []
    taken: set[str] = set()
    for dependency in dependencies:
        if dependency is None:
            raise _invalid("dependencies must not contain empty or null nodes")
        clean = _all_cleaned(dependency)
        if clean.alias and not _ALIAS.fullmatch(clean.alias):
            raise _invalid(f"dependency {quote(clean.name)} has disallowed characters in the alias")
        key = clean.alias or clean.name
        if key in taken:
            raise _invalid(f"more than one dependency with name or alias {quote(key)}")
        taken.add(key)
        checked_ones.append(clean)
    return tuple(checked_ones)


def _invalid(text: str) -> LoadError:
    return LoadError(f"validation: {text}")


def _all_cleaned(record: _Record) -> _Record:
    """The record with every text cleaned, but for an alias, which Helm leaves alone."""
    names = [item.name for item in fields(record) if item.name not in ("alias", "import_values", "enabled")]
    return replace(record, **{name: _cleaned(getattr(record, name)) for name in names})


def _cleaned(value: Any) -> Any:
    """Every blank a space, and nothing that cannot be printed."""
    if type(value) is tuple:
        return tuple(map(_cleaned, value))
    if value.isprintable():
        return value
    return "".join(" " if item.isspace() else item for item in value if item.isspace() or item.isprintable())
