"""The charts that a chart depends on: which version of each, where it is, and the lock file that says so.

The rules are those of `helm dependency` (Helm's resolver and downloader); what is fetched comes through a
`ChartSource`, so nothing here opens a connection or writes a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, Protocol

from chartkit.chart.chart import Chart, Lock
from chartkit.chart.loader import load_chart
from chartkit.chart.marshal import dependency_fields
from chartkit.chart.metadata import Dependency
from chartkit.chart.package import archive_name, pack
from chartkit.chart.repository import (
    FILE,
    OCI,
    Index,
    Repository,
    check_constraint,
    find_repository,
    newest,
    newest_first,
)
from chartkit.constraint import InvalidVersion, Version
from chartkit.errors import DependencyError, LoadError
from chartkit.gojson import encode
from chartkit.goquote import quote
from chartkit.profile import Profile
from chartkit.weburl import split_url

OUT_OF_SYNC: Final = (
    "the lock file ({lock}) is out of sync with the dependencies file ({requirements}). Please update the dependencies"
)


class ChartSource(Protocol):
    """Where charts come from that are not on this disk."""

    def index(self, url: str) -> Index:
        """The index of a chart repository."""

    def archive(self, url: str, digest: str = "") -> bytes:
        """An archive by its address; where a digest is given, the bytes have it."""

    def tags(self, repository: str) -> Sequence[str]:
        """The tags of a chart in a registry (`oci://host/path/name`)."""

    def pull(self, reference: str) -> bytes:
        """The archive of a chart in a registry (`oci://host/path/name:version`)."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a chart's dependencies come down to.

    Attributes:
        lock: the lock file.
        archives: by file name the archives that belong into the charts folder.
        local: the names of those that the folder holds by itself.
    """

    lock: Lock
    archives: Mapping[str, bytes] = field(repr=False)
    local: frozenset[str] = frozenset()


def hash_requirements(wanted: Sequence[Dependency], locked: Sequence[Dependency]) -> str:
    """The digest in Chart.lock: over what Chart.yaml asks for and what it got, as JSON."""
    return _digest(f"[{_json(wanted)},{_json(locked)}]")


def hash_old_requirements(wanted: Sequence[Dependency]) -> str:
    """The digest that Helm 2 wrote into requirements.lock."""
    return _digest(f'{{"dependencies":{_json(wanted)}}}')


def _digest(text: str) -> str:
    return f"sha256:{sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()}"


def _json(dependencies: Iterable[Dependency]) -> str:
    """The dependencies as Go writes them: the fields in the order of the type, not of the alphabet."""
    return "[" + ",".join(map(_object, dependencies)) + "]"


def _object(dependency: Dependency) -> str:
    return (
        "{" + ",".join(f"{encode(key)}:{encode(value)}" for key, value in dependency_fields(dependency).items()) + "}"
    )


def update(
    chart: Chart, folder: str, source: ChartSource, repositories: Sequence[Repository], *, generated: str
) -> Resolution:
    """The newest versions that Chart.yaml admits, fetched.

    Args:
        chart: the chart.
        folder: its folder, for paths in `file://` addresses.
        source: where charts come from.
        repositories: those that the user added, for `@name`.
        generated: the time for the lock file, RFC 3339.

    Raises:
        DependencyError: a dependency cannot be had in the version that is wanted.
        LoadError: one is no chart.
    """
    wanted = _with_addresses(chart, repositories)
    resolver = _Resolver(folder, source, chart.profile)
    locked = [resolver.locked(each) for each in wanted]
    if resolver.missing:
        raise DependencyError(
            f"can't get a valid version for {len(resolver.missing)} subchart(s): {', '.join(resolver.missing)}. Make "
            "sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml"
        )
    return _resolution(resolver, wanted, locked, generated)


def build(chart: Chart, folder: str, source: ChartSource, repositories: Sequence[Repository]) -> Resolution:
    """The very versions that the lock file names, fetched; the chart has one.

    Raises:
        DependencyError: the lock file is not that of this Chart.yaml, or a version of it is gone.
        LoadError: one is no chart.
    """
    assert chart.lock is not None
    wanted = _with_addresses(chart, repositories)
    locked = [each for each in chart.lock.dependencies if each is not None]
    is_old = chart.metadata.api_version == "v1"
    if hash_requirements(wanted, locked) != chart.lock.digest and not (
        is_old and hash_old_requirements(chart.metadata.dependencies) == chart.lock.digest
    ):
        files = ("requirements.lock", "requirements.yaml") if is_old else ("Chart.lock", "Chart.yaml")
        raise DependencyError(
            OUT_OF_SYNC.format(lock=files[0], requirements=files[1]), hint="run `chartkit dependency update`"
        )
    resolver = _Resolver(folder, source, chart.profile)
    return _resolution(resolver, wanted, locked, chart.lock.generated, chart.lock.digest)


def _with_addresses(chart: Chart, repositories: Sequence[Repository]) -> list[Dependency]:
    """The dependencies with addresses in the place of names."""
    found = []
    for dependency in chart.metadata.dependencies:
        repository = dependency.repository
        if repository and not repository.startswith((FILE, OCI)):
            known = find_repository(repositories, repository)
            repository = known.url if known and not repository.startswith("http") else repository
        found.append(replace(dependency, repository=repository))
    return found


def _resolution(
    resolver: _Resolver, wanted: Sequence[Dependency], locked: Sequence[Dependency], generated: str, digest: str = ""
) -> Resolution:
    fetched = [resolver.fetched(each) for each in locked]
    final = tuple(each for each, _ in fetched)
    archives = dict(archive for _, archive in fetched if archive)
    local = frozenset(each.name for each in locked if not each.repository)
    return Resolution(Lock(generated, digest or hash_requirements(wanted, final), final), archives, local)


class _Resolver:
    """One run over the dependencies of a chart."""

    def __init__(self, folder: str, source: ChartSource, profile: Profile) -> None:
        self.folder = folder
        self.source = source
        self.profile = profile
        self.missing: list[str] = []

    def locked(self, wanted: Dependency) -> Dependency:
        """The version that is taken; what cannot be had is noted as missing."""
        check_constraint(wanted.name, wanted.version)
        exact = Dependency(name=wanted.name, version=wanted.version, repository=wanted.repository)
        if not wanted.repository:
            self._path(os.path.join("charts", wanted.name))
            return exact
        version = newest(self._versions(wanted), wanted.version)
        if version is None:
            where = f"repository {quote(wanted.repository)}, version {quote(wanted.version)}"
            self.missing.append(f"{quote(wanted.name)} ({where})")
            return exact
        return replace(exact, version=version)

    def _versions(self, wanted: Dependency) -> list[str]:
        """The versions there are, the newest first."""
        if wanted.repository.startswith(FILE):
            return [load_chart(self._path(wanted.repository), profile=self.profile).metadata.version]
        if wanted.repository.startswith(OCI):
            if _is_version(wanted.version):
                return [wanted.version]
            return newest_first(self.source.tags(f"{wanted.repository.rstrip('/')}/{wanted.name}"))
        return [release.version for release in self.source.index(wanted.repository).releases(wanted.name)]

    def fetched(self, locked: Dependency) -> tuple[Dependency, tuple[str, bytes] | None]:
        """The archive of a dependency by its file name; a chart in the charts folder has none."""
        if not locked.repository:
            self._check_local(locked)
            return locked, None
        if locked.repository.startswith(FILE):
            chart = load_chart(self._path(locked.repository), profile=self.profile)
            self._check_version(locked, chart.metadata.version)
            return replace(locked, version=chart.metadata.version), (archive_name(chart), pack(chart))
        if locked.repository.startswith(OCI):
            link = f"{locked.repository.rstrip('/')}/{locked.name}"
            return locked, (f"{locked.name}-{locked.version}.tgz", self.source.pull(f"{link}:{locked.version}"))
        index = self.source.index(locked.repository)
        release = next((each for each in index.releases(locked.name) if _equal(each.version, locked.version)), None)
        if release is None:
            raise DependencyError(f"{locked.name} {locked.version} not found in repo {locked.repository}")
        link = index.link(release)
        return locked, (split_url(link).path.rpartition("/")[2], self.source.archive(link, release.digest))

    def _check_local(self, locked: Dependency) -> None:
        path = os.path.join(self.folder, "charts", locked.name)
        try:
            chart = load_chart(path, profile=self.profile)
        except LoadError as error:
            raise LoadError(f"unable to load chart '{path}': {error}") from error
        self._check_version(locked, chart.metadata.version)

    def _check_version(self, locked: Dependency, version: str) -> None:
        constraint = check_constraint(locked.name, locked.version)
        if not constraint.matches(Version.parse(version)):
            raise DependencyError(
                f"dependency {locked.name} at version {version} does not satisfy the constraint {locked.version}"
            )

    def _path(self, address: str) -> str:
        path = os.path.normpath(os.path.join(self.folder, address.removeprefix(FILE)))
        if not os.path.exists(path):
            raise DependencyError(f"directory {path} not found")
        return path


def _is_version(text: str) -> bool:
    try:
        Version.parse(text)
    except InvalidVersion:
        return False
    return True


def _equal(one: str, other: str) -> bool:
    return Version.parse(one).compare(Version.parse(other)) == 0
