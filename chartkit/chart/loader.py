"""Charts out of folders, archives and lists of files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from chartkit.chart.chart import Chart, Lock
from chartkit.chart.files import BYTE_ORDER_MARK, File, extension, role
from chartkit.chart.ignore import InvalidPattern, Rule, is_ignored, parse_rules
from chartkit.chart.records import Metadata
from chartkit.codecache import CodeCache
from chartkit.errors import LoadError
from chartkit.goquote import quote
from chartkit.limits import DEFAULT_LIMITS, Limits
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field, replace
from chartkit.source import Position, Source

if TYPE_CHECKING:
    from chartkit.chart.frozen import Parts


def load_chart(
    path: str | os.PathLike[str],
    *,
    profile: Profile = NEWEST,
    limits: Limits = DEFAULT_LIMITS,
    follow_outside_links: bool = True,
    cache: CodeCache | None = None,
) -> Chart:
    """The chart in a folder or a .tgz file.

    Links in a chart folder are followed, as Helm does. For a chart from elsewhere `follow_outside_links` can be
    switched off: then a link that leads out of the folder is refused. In archives links are always refused.

    With a cache, what was parsed once is taken from there; the files are read in any case.

    Raises:
        LoadError: there is no chart, or Helm could not load it.
    """
    name = os.fspath(path)
    if profile.chart_file_bytes:
        limits = replace(limits, file_bytes=min(limits.file_bytes, profile.chart_file_bytes))
    if os.path.isdir(name):
        return _from_folder(
            _Walk(os.path.abspath(name), limits, follow_outside_links), _Setting(profile, limits, name, cache)
        )
    data = _archive_bytes(name)
    from chartkit.chart.archive import check_is_archive

    check_is_archive(name, data)
    files = _unpacked(name, data, profile, limits)
    return _known_or_new(tuple(files), _Setting(profile, limits, name, cache))


def chart_from_files(
    files: Iterable[File], *, profile: Profile = NEWEST, limits: Limits = DEFAULT_LIMITS, shown_as: str = ""
) -> Chart:
    """The chart that files in memory make, by their paths inside it; `shown_as` is put before paths in positions.

    Raises:
        LoadError: Helm could not load it.
    """
    return _Assembly(tuple(files), _Setting(profile, limits, shown_as), "", "").chart()


def _from_folder(walk: _Walk, setting: _Setting) -> Chart:
    """The chart in a folder; of several faults the one in the apiVersion is told first."""
    described = walk.chart_yaml() if setting.profile.major > 3 else None
    try:
        files = tuple(walk.files())
    except LoadError:
        if described is not None:
            _check_api_version(described, setting.profile)
        raise
    return _known_or_new(files, setting, described)


def _known_or_new(files: tuple[File, ...], setting: _Setting, described: bytes | None = None) -> Chart:
    """The chart of some files, with what the cache knows of it; a new one is kept there."""
    name, parts = "", None
    if setting.cache is not None:
        from chartkit.chart.frozen import chart_name, freeze, thaw

        name = chart_name(files, setting.profile)
        parts = thaw(setting.cache, name)
    if parts is None and described is not None:
        _check_api_version(described, setting.profile)
    chart = _Assembly(files, replace(setting, parts=parts), "", "").chart()
    if setting.cache is None:
        return chart
    if parts is None:
        try:
            setting.cache.store(f"{name}.chart", freeze(chart))
        except ValueError:
            # Its values hold what cannot be kept; it is parsed each time.
            return chart
    return replace(chart, kept_as=name)


def _check_api_version(data: bytes, profile: Profile) -> None:
    """Refuse an apiVersion that Helm 4 has no loader for."""
    from chartkit.chart.metadata import decode_api_version

    if decode_api_version(data, profile) not in ("", "v1", "v2", "v3"):
        raise LoadError("unsupported chart version")


def _archive_bytes(name: str) -> bytes:
    """The bytes of an archive file."""
    try:
        return _bytes(name)
    except FileNotFoundError:
        raise LoadError(_not_found(name), hint="Give the path of a chart folder or a .tgz file.") from None
    except OSError as error:
        raise LoadError(f"open {name}: {_reason(error)}") from error


def _not_found(name: str) -> str:
    """What Helm says about a chart that is no path: it takes some names for repositories."""
    if name.startswith((".", "/")):
        return f"path {quote(name)} not found"
    repository, slash, _ = name.partition("/")
    if slash:
        return f"repo {repository} not found"
    return f"non-absolute URLs should be in form of repo_name/path_to_chart, got: {name}"


def _unpacked(name: str, data: bytes, profile: Profile, limits: Limits) -> list[File]:
    """The files of the archive `name`; Helm 4 keeps the reason of most failures to itself, so it becomes the hint."""
    from chartkit.chart.archive import unpack

    try:
        files = unpack(data, limits)
    except LoadError as error:
        if str(error) == "gzip: invalid header":
            text = f"file '{name}' does not appear to be a valid chart file (details: {error})"
            raise LoadError(text) from error
        if profile.major == 3:
            raise
        raise LoadError("unable to load chart archive", hint=f"The archive is refused: {error}.") from error
    if profile.major > 3:
        described = next((file for file in files if file.name == "Chart.yaml"), None)
        if described is None:
            raise LoadError("unable to detect chart version, no Chart.yaml found")
        _check_api_version(described.data, profile)
    return files


def _bytes(path: str) -> bytes:
    """The content of a file."""
    with open(path, "rb") as file:
        return file.read()


def _reason(error: OSError) -> str:
    """The system's words for a failure, as Go prints them."""
    return (error.strerror or str(error)).lower()


@dataclass(frozen=True, slots=True)
class _Setting:
    """What stays the same for a chart and its subcharts."""

    profile: Profile
    limits: Limits
    shown_as: str
    cache: CodeCache | None = None
    parts: Parts | None = None


@dataclass(slots=True)
class _Assembly:
    """A chart being put together out of its files."""

    raw: tuple[File, ...]
    setting: _Setting
    parent_path: str
    location: str
    metadata: Metadata | None = None
    lock: Lock | None = None
    warnings: list[str] = field(default_factory=list)

    def chart(self) -> Chart:
        """The chart, with its subcharts."""
        profile = self.setting.profile
        metadata, values, source = self.parsed() if self.setting.parts is None else self.thawed(self.setting.parts)
        roles = [(file, role(file.name, metadata.api_version)) for file in self.raw]
        full_path = f"{self.parent_path}/charts/{metadata.name}" if self.parent_path else metadata.name
        return Chart(
            metadata=metadata,
            values=values,
            values_source=source,
            schema=next((file.data for file in self.raw if file.name == "values.schema.json"), None),
            templates=tuple(file for file, its in roles if its == "template"),
            files=tuple(file for file, its in roles if its == "file"),
            dependencies=self.subcharts(full_path, metadata, [file for file, its in roles if its == "subchart"]),
            lock=self.lock,
            raw=self.raw,
            full_path=full_path,
            location=self.location,
            is_root=not self.parent_path,
            profile=profile,
            warnings=tuple(self.warnings),
        )

    def parsed(self) -> tuple[Metadata, Mapping[str, object], Source | None]:
        """Metadata and values, out of their YAML."""
        from chartkit.chart.metadata import checked, decode_metadata

        for file in self.raw:
            if file.name == "Chart.yaml":
                self.metadata = decode_metadata(file.data, self.setting.profile, base=self.metadata)
        values, source = self.read_special_files()
        if self.metadata is None:
            raise LoadError("Chart.yaml file is missing")
        return checked(self.metadata, self.setting.profile), values, source

    def thawed(self, parts: Parts) -> tuple[Metadata, Mapping[str, object], Source | None]:
        """Metadata and values, out of the cache."""
        from chartkit.chart.frozen import record

        metadata, values, lock, warnings = parts[self.location]
        self.lock = record(lock)
        self.warnings.extend(warnings)
        source = next((self.values_source(file) for file in self.raw[::-1] if file.name == "values.yaml"), None)
        return record(metadata), values, source

    def values_source(self, file: File) -> Source:
        """The text of values.yaml with the name it is shown by."""
        return Source(os.path.join(self.setting.shown_as, self.location, "values.yaml"), file.text)

    def read_special_files(self) -> tuple[dict[str, object], Source | None]:
        """Values, lock and requirements, in the order of the files, as the first fault is the one that is told."""
        values: dict[str, object] = {}
        source: Source | None = None
        for file in self.raw:
            if file.name == "values.yaml":
                source = self.values_source(file)
                values = self.read_values(source)
            elif file.name in ("Chart.lock", "requirements.lock"):
                from chartkit.chart.dependency import decode_lock

                self.lock = decode_lock(file.name, file.data, self.setting.profile)
            elif file.name == "requirements.yaml":
                self.read_requirements(file)
        return values, source

    def read_values(self, source: Source) -> dict[str, object]:
        """The chart's own values."""
        from chartkit.chart.values_file import ValuesError, load_values

        try:
            return load_values(source.text, self.setting.profile)
        except ValuesError as error:
            position = Position.shown(source, error.offset)
            raise LoadError(f"cannot load values.yaml: {error}", position=position) from error

    def read_requirements(self, file: File) -> None:
        """The dependencies of a chart of the first version, which lie in a file of their own."""
        from chartkit.chart.metadata import decode_metadata

        base = self.metadata or Metadata()
        if base.api_version != "v1":
            self.warnings.append(
                'Dependencies are handled in Chart.yaml since apiVersion "v2". '
                "We recommend migrating dependencies to Chart.yaml."
            )
        self.metadata = decode_metadata(file.data, self.setting.profile, base=base, name=file.name)

    def subcharts(self, full_path: str, metadata: Metadata, files: list[File]) -> tuple[Chart, ...]:
        """The charts below `charts/`, by folder or archive name."""
        groups: dict[str, list[File]] = {}
        for file in files:
            inside = file.name.removeprefix("charts/")
            groups.setdefault(inside.split("/", 1)[0], []).append(File(inside, file.data))
        found = []
        for name in sorted(groups):
            if not name.startswith(("_", ".")):
                found.append(self.subchart(name, groups[name], full_path, metadata.name))
        return tuple(found)

    def subchart(self, name: str, files: list[File], full_path: str, parent: str) -> Chart:
        """One subchart, out of its folder or its archive."""
        try:
            if extension(name) == ".tgz":
                from chartkit.chart.archive import unpack

                if files[0].name != name:
                    text = f"error unpacking subchart tar in {parent}: expected {name}, got {files[0].name}"
                    raise _Misplaced(text)
                inner = unpack(files[0].data, self.setting.limits)
            else:
                inner = [File(file.name.split("/", 1)[1], file.data) for file in files if "/" in file.name]
            location = os.path.join(self.location, "charts", name)
            return _Assembly(tuple(inner), self.setting, full_path, location).chart()
        except _Misplaced:
            raise
        except LoadError as error:
            text = f"error unpacking subchart {name} in {parent}: {error}"
            raise LoadError(text, position=error.position, hint=error.hint) from error


class _Misplaced(LoadError):
    """A folder that is named like an archive."""


@dataclass(slots=True)
class _Walk:
    """The files of a chart folder, in Helm's order."""

    root: str
    limits: Limits
    follow_outside_links: bool
    rules: tuple[Rule, ...] = ()
    found: list[File] = field(default_factory=list)
    size: int = 0

    def chart_yaml(self) -> bytes:
        """Chart.yaml, read ahead of everything else."""
        path = os.path.join(self.root, "Chart.yaml")
        try:
            self.check_inside(path, "Chart.yaml")
            return _bytes(path)
        except OSError as error:
            raise LoadError(f"unable to detect chart at {path}: open {path}: {_reason(error)}") from error

    def files(self) -> list[File]:
        """Every file that .helmignore does not leave out."""
        self.rules = self.read_rules()
        self.folder(self.root, "", ())
        return self.found

    def read_rules(self) -> tuple[Rule, ...]:
        """The rules of .helmignore."""
        path = os.path.join(self.root, ".helmignore")
        if not os.path.exists(path):
            return parse_rules("")
        self.check_inside(path, ".helmignore")
        try:
            return parse_rules(_bytes(path).decode("utf-8", "surrogateescape"))
        except InvalidPattern as error:
            raise LoadError(str(error)) from error
        except OSError as error:
            raise LoadError(f"open {path}: {_reason(error)}") from error

    def folder(self, path: str, inside: str, above: tuple[str, ...]) -> None:
        """Everything in one folder; `above` holds the folders around it, to see a link that goes round in circles."""
        try:
            names = sorted(os.listdir(path), key=os.fsencode)
        except OSError as error:
            raise LoadError(f"open {path}: {_reason(error)}") from error
        for name in names:
            self.entry(os.path.join(path, name), f"{inside}/{name}" if inside else name, (*above, path))

    def entry(self, path: str, name: str, above: tuple[str, ...]) -> None:
        """One file, folder or link."""
        if os.path.islink(path) and not os.path.exists(path):
            target = os.path.realpath(path)
            raise LoadError(f"error evaluating symlink {path}: lstat {target}: no such file or directory")
        status = os.stat(path)
        is_folder = stat.S_ISDIR(status.st_mode)
        if is_ignored(self.rules, name, is_folder):
            return
        self.check_inside(path, name)
        if is_folder:
            if os.path.islink(path) and os.path.realpath(path) in map(os.path.realpath, above):
                raise LoadError(f"the link {name} leads to a folder around it")
            self.folder(path, name, above)
        else:
            self.found.append(self.file(path, name, status))

    def check_inside(self, path: str, name: str) -> None:
        """Refuse a link that leads out of the chart."""
        if self.follow_outside_links or not os.path.islink(path):
            return
        target, root = os.path.realpath(path), os.path.realpath(self.root)
        if os.path.commonpath((target, root)) != root:
            raise LoadError(
                f"the link {name} leads out of the chart, to {target}",
                hint="Allow links that lead out of the chart only for charts that you trust.",
            )

    def file(self, path: str, name: str, status: os.stat_result) -> File:
        """One file with its content."""
        if not stat.S_ISREG(status.st_mode):
            raise LoadError(f"cannot load irregular file {path} as it has file mode type bits set")
        if status.st_size > self.limits.file_bytes:
            base = quote(os.path.basename(name))
            raise LoadError(f"chart file {base} is larger than the maximum file size {self.limits.file_bytes}")
        self.size += status.st_size
        if self.size > self.limits.archive_bytes:
            most = f"maximum decompressed size of {self.limits.archive_bytes} bytes"
            raise LoadError(f"error reading {name}: chart exceeds {most}")
        try:
            data = _bytes(path)
        except OSError as error:
            raise LoadError(f"error reading {name}: open {path}: {_reason(error)}") from error
        return File(name, data.removeprefix(BYTE_ORDER_MARK))
