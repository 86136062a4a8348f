"""The chart: everything that was read from a folder or an archive, and never changes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chartkit.chart.files import File
from chartkit.chart.records import Dependency, Metadata
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field
from chartkit.source import Source


@dataclass(frozen=True, slots=True)
class Lock:
    """Chart.lock, or the requirements.lock of an old chart."""

    generated: str = ""
    digest: str = ""
    dependencies: tuple[Dependency | None, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A chart with its subcharts.

    Attributes:
        metadata: Chart.yaml.
        values: values.yaml as it stands; readers must not change it.
        values_source: the text of values.yaml, for positions.
        schema: values.schema.json.
        templates: the files under `templates/`, partials and notes included.
        files: what templates reach through `.Files`.
        dependencies: the subcharts, sorted by the names of their folders and archives.
        lock: the lock file, when there is one.
        raw: every file that was read, those of subcharts included.
        full_path: the path that Helm gives to templates: `parent/charts/child`.
        location: where the chart lies inside the root chart, by its folders and archives; empty for the root.
        is_root: whether no other chart holds this one.
        profile: whose rules the files were read by.
        warnings: what Helm would say about the files on stderr.
        kept_as: the name under which a cache keeps what is made of the files; empty without a cache.
    """

    metadata: Metadata
    values: Mapping[str, Any] = field(default_factory=dict)
    values_source: Source | None = None
    schema: bytes | None = None
    templates: tuple[File, ...] = ()
    files: tuple[File, ...] = ()
    dependencies: tuple[Chart, ...] = ()
    lock: Lock | None = None
    raw: tuple[File, ...] = ()
    full_path: str = ""
    location: str = ""
    is_root: bool = True
    profile: Profile = NEWEST
    warnings: tuple[str, ...] = ()
    kept_as: str = ""
    _digest: list[str] = field(default_factory=list, init=False, repr=False)

    @property
    def name(self) -> str:
        """The chart's name; once dependencies are resolved, its alias."""
        return self.metadata.name

    @property
    def digest(self) -> str:
        """The SHA-256 over the names and contents of all files, in hexadecimal digits."""
        if not self._digest:
            self._digest.append(_digest(self.raw))
        return self._digest[0]

    @property
    def active_templates(self) -> tuple[File, ...]:
        """The templates that take part in a render: of a library chart only the partials."""
        if not self.metadata.is_library:
            return self.templates
        return tuple(file for file in self.templates if file.is_partial)

    @property
    def crds(self) -> tuple[File, ...]:
        """The manifests in the chart's own `crds` folder."""
        return tuple(file for file in self.files if file.is_crd)

    def walk(self) -> Iterator[Chart]:
        """The chart and everything below it, a parent before its subcharts."""
        yield self
        for dependency in self.dependencies:
            yield from dependency.walk()


def _digest(files: tuple[File, ...]) -> str:
    """The digest of files, whatever their order."""
    from hashlib import sha256

    total = sha256()
    for file in sorted(files, key=lambda file: file.name):
        name = file.name.encode("utf-8", "surrogateescape")
        total.update(b"%d:%s%d:" % (len(name), name, len(file.data)))
        total.update(file.data)
    return total.hexdigest()
