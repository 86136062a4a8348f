"""Chart repositories: the index that one serves, and the file in which Helm keeps those that the user added."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from types import NoneType
from typing import Any, Final, cast
from urllib.parse import urlunsplit

from chartkit.constraint import Constraint, InvalidConstraint, InvalidVersion, Version
from chartkit.errors import DependencyError, InputError, LoadError
from chartkit.goquote import quote
from chartkit.goyaml.load import YAMLError, load
from chartkit.weburl import join_url, split_url

OCI: Final = "oci://"
FILE: Final = "file://"
_ALIASES: Final = ("@", "alias:")


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a chart in an index.

    Attributes:
        version: the version, as it is written there.
        urls: where the archive is, perhaps relative to the repository.
        digest: the SHA-256 of the archive in hexadecimal digits, where the index has it.
    """

    version: str
    urls: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """The index.yaml of a repository: for each chart its versions, the newest first."""

    url: str
    entries: Mapping[str, tuple[Release, ...]]

    def releases(self, name: str) -> tuple[Release, ...]:
        """The versions of a chart.

        Raises:
            DependencyError: there is no such chart.
        """
        found = self.entries.get(name)
        if not found:
            raise DependencyError(f"{name} chart not found in repo {self.url}")
        return found

    def link(self, release: Release) -> str:
        """Where the archive of a release is, in full."""
        return resolve_link(self.url, release.urls[0])


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that the user added to Helm (`helm repo add`)."""

    name: str
    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    insecure: bool = False


def read_index(url: str, data: bytes) -> Index:
    """The index that a repository served.

    Entries that Helm would leave out are left out: those without a version that is one, and those without a link.

    Raises:
        LoadError: it is no index.
    """
    try:
        document: Any = load(data.decode("utf-8", "surrogateescape"))
    except YAMLError as error:
        raise LoadError(f"the index of {url} is no YAML: {error.full}") from error
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(document, dict) or "apiVersion" not in document or not isinstance(entries, (dict, NoneType)):
        raise LoadError(f"{url} does not look like a chart repository: its index.yaml has no apiVersion and entries")
    return Index(url, {name: _releases(items) for name, items in (entries or {}).items()})


def _releases(items: Any) -> tuple[Release, ...]:
    found: list[tuple[Version, Release]] = []
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict) or not isinstance(item.get("urls"), list) or not item["urls"]:
            continue
        try:
            version = Version.parse(str(item.get("version", "")))
        except InvalidVersion:
            continue
        urls, digest = tuple(map(str, item["urls"])), item.get("digest")
        found.append((version, Release(str(item["version"]), urls, digest if isinstance(digest, str) else "")))
    found.sort(key=lambda pair: _rank(pair[0]))
    return tuple(release for _, release in found)


_rank: Final = cmp_to_key(lambda one, other: cast(Version, other).compare(cast(Version, one)))
"""The key that sorts the newest version first."""


def newest(versions: Sequence[str], wanted: str) -> str | None:
    """The first of the versions that a constraint admits; they come with the newest first.

    Raises:
        InvalidConstraint: the constraint is none.
    """
    constraint = Constraint.parse(wanted or "*")
    for text in versions:
        try:
            if constraint.matches(Version.parse(text)):
                return text
        except InvalidVersion:
            continue
    return None


def newest_first(versions: Sequence[str]) -> list[str]:
    """Those of the texts that are versions, the newest first; a tag has `_` where a version has `+`."""
    found = []
    for text in versions:
        try:
            found.append(Version.parse(text.replace("_", "+")))
        except InvalidVersion:
            continue
    return [str(version) for version in sorted(found, key=_rank)]


def check_constraint(name: str, wanted: str) -> Constraint:
    """The constraint that a dependency puts on versions.

    Raises:
        DependencyError: it is none.
    """
    try:
        return Constraint.parse(wanted)
    except InvalidConstraint as error:
        raise DependencyError(f"dependency {quote(name)} has an invalid version/constraint format: {error}") from None


def index_link(url: str) -> str:
    """Where the index of a repository is: a query in the address stays behind the file's name."""
    parts = split_url(url)
    path = posixpath.join(parts.path or "/", "index.yaml")
    return urlunsplit(parts._replace(path=path))


def resolve_link(url: str, link: str) -> str:
    """A link of an index in full; a relative one keeps the query of the repository's address."""
    if split_url(link).scheme:
        return link
    parts = split_url(url)
    folder = parts._replace(path=parts.path.rstrip("/") + "/", query="")
    joined = split_url(join_url(urlunsplit(folder), link))
    return urlunsplit(joined._replace(query=joined.query or parts.query))


def read_repositories(text: str, name: str) -> tuple[Repository, ...]:
    """The repositories in Helm's repositories.yaml.

    Raises:
        InputError: the file is not in Helm's form.
    """
    try:
        document = load(text)
    except YAMLError as error:
        raise InputError(f"cannot load {name}: {error.full}") from error
    items: Any = document.get("repositories") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(items, (list, NoneType)):
        raise InputError(f"{name} is no list of repositories as `helm repo add` writes it")
    return tuple(_repository(item) for item in items or [] if isinstance(item, dict))


def _repository(item: Mapping[str, Any]) -> Repository:
    def text(key: str) -> str:
        value = item.get(key)
        return value if isinstance(value, str) else ""

    insecure = item.get("insecure_skip_tls_verify") is True
    return Repository(text("name"), text("url"), text("username"), text("password"), text("caFile"), insecure)


def find_repository(repositories: Sequence[Repository], wanted: str) -> Repository | None:
    """The repository of an address, or of the name behind `@` or `alias:`.

    Raises:
        DependencyError: the user added none of that name, or the text is neither an address nor a name.
    """
    for mark in _ALIASES:
        if wanted.startswith(mark):
            name = wanted.removeprefix(mark)
            found = next((each for each in repositories if each.name == name), None)
            if found is None:
                raise DependencyError(
                    f"no repository definition for {wanted}. Please add them via 'helm repo add'",
                    hint="or write the address of the repository into Chart.yaml",
                )
            return found
    if "://" not in wanted:
        raise DependencyError(
            f"no repository definition for {wanted}. Please add them via 'helm repo add'",
            hint='a repository is an address or an alias: "https://charts.example.com/" or "@example", not "example"',
        )
    return next((each for each in repositories if same_address(each.url, wanted)), None)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses mean one repository: a slash at the end does not matter."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> str:
    parts = split_url(url)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    return urlunsplit((parts.scheme, host, posixpath.normpath(parts.path or "/").rstrip("/"), parts.query, ""))
