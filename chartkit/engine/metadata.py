"""What templates see as `.Chart`: in Helm 4 a map with the names of Go's fields, in Helm 3 the struct itself."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from chartkit.chart.records import Dependency, Metadata
from chartkit.gotypes import GoObject, NilSlice, NilStringMap, StringList, StringMap
from chartkit.profile import Profile

_TEXTS: Final = {
    "Name": "name",
    "Home": "home",
    "Version": "version",
    "Description": "description",
    "Icon": "icon",
    "APIVersion": "api_version",
    "Condition": "condition",
    "Tags": "tags",
    "AppVersion": "app_version",
    "KubeVersion": "kube_version",
    "Type": "type",
}


def chart_context(metadata: Metadata, profile: Profile, *, is_root: bool) -> Any:
    """The value of `.Chart` for one chart of a render."""
    if profile.major == 3:
        return ChartStruct(metadata, is_root=is_root)
    found: dict[str, Any] = {name: getattr(metadata, attribute) for name, attribute in _TEXTS.items()}
    found["Sources"] = list(metadata.sources)
    found["Keywords"] = list(metadata.keywords)
    found["Maintainers"] = [{"Name": person.name, "Email": person.email, "URL": person.url}
                            for person in metadata.maintainers]  # fmt: skip
    found["Deprecated"] = metadata.deprecated
    found["Annotations"] = _annotations(metadata)
    found["Dependencies"] = [_dependency_map(dependency) for dependency in metadata.dependencies]
    found["IsRoot"] = is_root
    return found


def _annotations(metadata: Metadata) -> StringMap:
    return NilStringMap() if metadata.annotations is None else StringMap(metadata.annotations)


def _dependency_map(dependency: Dependency) -> dict[str, Any]:
    return {
        "Name": dependency.name,
        "Version": dependency.version,
        "Repository": dependency.repository,
        "Condition": dependency.condition,
        "Tags": list(dependency.tags),
        "Enabled": dependency.enabled,
        "ImportValues": list(dependency.import_values),
        "Alias": dependency.alias,
    }


def _list(texts: tuple[str, ...]) -> list[Any]:
    """A []string; an empty one is nil, as a field that Chart.yaml does not have."""
    return StringList(texts) if texts else NilSlice()


class _Struct(GoObject):
    """A Go struct over a record: fields by Go's names, JSON by the tags, empty values left out."""

    __slots__ = ("record",)
    names: ClassVar[dict[str, tuple[str, str]]] = {}
    kept: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, record: Any) -> None:
        self.record = record

    def go_field(self, name: str) -> Any:
        """A field of the record as a Go value."""
        value = getattr(self.record, self.names[name][0])
        return _list(value) if type(value) is tuple else value

    def go_json(self) -> dict[str, Any]:
        """The record as Go's encoding/json writes the struct."""
        found = {tag: self.go_field(name) for name, (_, tag) in self.names.items()}
        return {tag: value for tag, value in found.items() if value or tag in self.kept}


class _MaintainerStruct(_Struct):
    go_type = "*chart.Maintainer"
    go_kind = "ptr"
    names: ClassVar[dict[str, tuple[str, str]]] = {
        "Name": ("name", "name"),
        "Email": ("email", "email"),
        "URL": ("url", "url"),
    }
    go_fields = tuple(names)


class _DependencyStruct(_Struct):
    go_type = "*chart.Dependency"
    go_kind = "ptr"
    kept = frozenset({"name", "repository"})
    names: ClassVar[dict[str, tuple[str, str]]] = {
        "Name": ("name", "name"),
        "Version": ("version", "version"),
        "Repository": ("repository", "repository"),
        "Condition": ("condition", "condition"),
        "Tags": ("tags", "tags"),
        "Enabled": ("enabled", "enabled"),
        "ImportValues": ("import_values", "import-values"),
        "Alias": ("alias", "alias"),
    }
    go_fields = tuple(names)

    def go_field(self, name: str) -> Any:
        """A field of the record as a Go value."""
        return list(self.record.import_values) if name == "ImportValues" else super().go_field(name)


class _Pointers(list[Any]):
    """A typed list of pointers to structs."""

    __slots__ = ("go_type",)
    go_kind = "slice"

    def __init__(self, items: list[Any], go_type: str) -> None:
        super().__init__(items)
        self.go_type = go_type


def _pointers(kind: type[_Struct], records: tuple[Any, ...]) -> list[Any]:
    return _Pointers([kind(record) for record in records], f"[]{kind.go_type}") if records else NilSlice()


class ChartStruct(_Struct):
    """Helm 3's `.Chart`: struct { chart.Metadata; IsRoot bool }."""

    __slots__ = ("is_root",)
    go_type = "struct { chart.Metadata; IsRoot bool }"
    names: ClassVar[dict[str, tuple[str, str]]] = {
        "Name": ("name", "name"),
        "Home": ("home", "home"),
        "Sources": ("sources", "sources"),
        "Version": ("version", "version"),
        "Description": ("description", "description"),
        "Keywords": ("keywords", "keywords"),
        "Maintainers": ("maintainers", "maintainers"),
        "Icon": ("icon", "icon"),
        "APIVersion": ("api_version", "apiVersion"),
        "Condition": ("condition", "condition"),
        "Tags": ("tags", "tags"),
        "AppVersion": ("app_version", "appVersion"),
        "Deprecated": ("deprecated", "deprecated"),
        "Annotations": ("annotations", "annotations"),
        "KubeVersion": ("kube_version", "kubeVersion"),
        "Dependencies": ("dependencies", "dependencies"),
        "Type": ("type", "type"),
    }
    go_fields = (*names, "IsRoot")

    def __init__(self, metadata: Metadata, *, is_root: bool) -> None:
        super().__init__(metadata)
        self.is_root = is_root

    def go_parts(self) -> tuple[Any, bool]:
        """The two fields that the struct really has."""
        return _MetadataStruct(self), self.is_root

    def go_field(self, name: str) -> Any:
        """A field of the metadata as a Go value."""
        if name == "IsRoot":
            return self.is_root
        if name == "Annotations":
            return _annotations(self.record)
        if name == "Maintainers":
            return _pointers(_MaintainerStruct, self.record.maintainers)
        if name == "Dependencies":
            return _pointers(_DependencyStruct, self.record.dependencies)
        return super().go_field(name)

    def go_json(self) -> dict[str, Any]:
        """The metadata as Go's encoding/json writes the struct."""
        return {**super().go_json(), "IsRoot": self.is_root}


class _MetadataStruct(GoObject):
    """The struct inside `ChartStruct`, which shows when the whole is printed."""

    __slots__ = ("chart",)
    go_type = "chart.Metadata"
    go_fields = tuple(ChartStruct.names)

    def __init__(self, chart: ChartStruct) -> None:
        self.chart = chart

    def go_field(self, name: str) -> Any:
        """A field of the metadata as a Go value."""
        return self.chart.go_field(name)
