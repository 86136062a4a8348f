"""Where charts come from that are not on this disk: chart repositories and registries.

What was fetched is kept in the cache folder by its digest, so that a chart whose digest is known is fetched once.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from chartkit.adapters.cache import user_folder
from chartkit.adapters.files import write_atomic
from chartkit.chart.repository import (
    Index,
    Repository,
    index_link,
    newest,
    newest_first,
    read_index,
    read_repositories,
)
from chartkit.cli.flags import Words
from chartkit.cli.helm_flags import REMOTE
from chartkit.cli.network import NETWORK, open_client, open_transport
from chartkit.constraint import InvalidConstraint, InvalidVersion, Version
from chartkit.errors import DependencyError, InputError, LoadError, NotFound, RegistryError, Unauthorized
from chartkit.limits import DEFAULT_LIMITS
from chartkit.oci.charts import SCHEME, chart_layer, read_address
from chartkit.oci.client import RegistryClient
from chartkit.oci.exchange import Exchange
from chartkit.oci.transport import Request, read_all
from chartkit.weburl import split_url

SOURCES: Final = (*NETWORK, *(flag for flag in REMOTE if flag.name == "repository-config"))
"""The flags of what may fetch charts."""

_ALL_VERSIONS: Final = ">0.0.0-0"
_KNOWN: Final = 10
_INDEX_LIMIT: Final = 256 * 1024 * 1024


def user_repositories(words: Words, environment: Mapping[str, str] = os.environ) -> tuple[Repository, ...]:
    """The repositories that the user added to Helm; none where Helm has no such file.

    Raises:
        InputError: the file cannot be read.
    """
    named = words.text("repository-config") or environment.get("HELM_REPOSITORY_CONFIG", "")
    home = environment.get("HELM_CONFIG_HOME") or os.path.join(
        environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"), "helm"
    )
    path = Path(named or os.path.join(home, "repositories.yaml"))
    try:
        return read_repositories(path.read_text("utf-8", "surrogateescape"), str(path))
    except FileNotFoundError as error:
        if named:
            raise InputError(f"there is no {path}") from error
        return ()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def open_sources(words: Words) -> NetworkSource:
    """Charts over the network; no connection is made before something is asked for."""
    user, password = words.text("username"), words.text("password")
    named = (Repository("", words.text("repo"), user, password),) if user and words.text("repo") else ()
    return NetworkSource(words, (*named, *user_repositories(words)))


class NetworkSource:
    """Charts in repositories and registries: a `ChartSource`."""

    def __init__(self, words: Words, repositories: Sequence[Repository] = ()) -> None:
        self._words = words
        self._repositories = repositories
        self._cache = cache_folder()
        self._indexes: dict[str, Index] = {}

    @cached_property
    def _client(self) -> RegistryClient:
        return open_client(self._words)

    @cached_property
    def _web(self) -> Exchange:
        return Exchange(open_transport(self._words), self._client.patience)

    def index(self, url: str) -> Index:
        """The index of a chart repository, asked for once.

        Raises:
            LoadError: it is no repository.
            RegistryError: it does not answer.
        """
        if url not in self._indexes:
            self._indexes[url] = read_index(url, self._get(index_link(url), _INDEX_LIMIT))
        return self._indexes[url]

    def archive(self, url: str, digest: str = "") -> bytes:
        """An archive by its address.

        Raises:
            LoadError: it has not the digest that the index promises.
            RegistryError: it cannot be had.
        """
        return self.file(url, digest).read_bytes()

    def file(self, url: str, digest: str = "") -> Path:
        """The same as a file in the cache, named as in the address."""
        if url.startswith(SCHEME):
            return self._pulled(url)
        digest = digest.removeprefix("sha256:")
        name = split_url(url).path.rpartition("/")[2]
        kept = self._kept(digest, name)
        if kept is not None:
            return kept
        data = self._get(url, DEFAULT_LIMITS.archive_bytes)
        found = sha256(data).hexdigest()
        if digest and found != digest:
            raise LoadError(
                f"{_shown(url)} has the digest {found}, and the index of its repository says {digest}",
                hint="the archive was changed after it was published: do not use it",
            )
        return self._keep(found, name, data)

    def tags(self, repository: str) -> list[str]:
        """The tags of a chart in a registry, unordered."""
        return self._client.tags(read_address(repository).repository)

    def pull(self, reference: str) -> bytes:
        """The archive of a chart in a registry.

        Raises:
            RegistryError: it cannot be had.
        """
        return self._pulled(reference).read_bytes()

    def _pulled(self, reference: str) -> Path:
        address = read_address(reference)
        layer = chart_layer(self._client, address)
        digest = layer.digest.removeprefix("sha256:")
        name = f"{address.repository.path.rpartition('/')[2]}-{address.name.replace(':', '-')}.tgz"
        kept = self._kept(digest, name)
        if kept is not None:
            return kept
        if layer.size > DEFAULT_LIMITS.archive_bytes:
            raise LoadError(f"{reference} is larger than {DEFAULT_LIMITS.archive_bytes} bytes")
        return self._keep(digest, name, b"".join(self._client.read_blob(address.repository, layer)))

    def _get(self, url: str, limit: int) -> bytes:
        """What a web server has at an address; a repository's login goes only to the repository's own host."""
        if split_url(url).scheme not in ("http", "https"):
            raise DependencyError(
                f"{_shown(url)} is no address that charts come from", hint="those begin with https, http, oci or file"
            )
        headers = {"Authorization": login} if (login := self._login(url)) else {}
        response = self._web.send(Request("GET", url, headers))
        if response.status == 200:
            return read_all(response, limit)
        response.close()
        shown = _shown(url)
        if response.status in (401, 403):
            raise Unauthorized(
                f"{shown}: the server refuses with status {response.status}",
                hint="add the repository with its login to Helm (helm repo add --username ...)",
            )
        kind = NotFound if response.status in (404, 410) else RegistryError
        raise kind(f"{shown}: the server answers with status {response.status}")

    def _login(self, url: str) -> str:
        for each in self._repositories:
            if each.username and each.password and split_url(each.url).netloc == split_url(url).netloc:
                return "Basic " + b64encode(f"{each.username}:{each.password}".encode()).decode()
        return ""

    def _kept(self, digest: str, name: str) -> Path | None:
        """What was fetched before, if it is still what it was."""
        file = self._cache / digest / name
        try:
            return file if digest and sha256(file.read_bytes()).hexdigest() == digest else None
        except OSError:
            return None

    def _keep(self, digest: str, name: str, data: bytes) -> Path:
        file = self._cache / digest / name
        write_atomic(file, data)
        return file


def fetch_chart(named: str, words: Words) -> Path | None:
    """A chart that is not on this disk, as a file in the cache; `None` if the text names none that could be fetched.

    Args:
        named: `oci://HOST/PATH/NAME[:VERSION]`, the address of an archive, `REPOSITORY/NAME` of a repository that the
            user added to Helm, or a mere name where `--repo` says in which repository.
        words: a command line with the flags `SOURCES`.

    Raises:
        ChartError: there is no such chart or version.
        RegistryError: it cannot be had.
    """
    words = _with_helms_flags(named, words)
    version, repo = words.text("version"), words.text("repo")
    if repo:
        return _from_index(open_sources(words), repo, named, version)
    if named.startswith(SCHEME):
        return _from_registry(open_sources(words), named, version)
    if named.startswith(("http://", "https://")):
        return open_sources(words).file(named)
    repository, slash, name = named.partition("/")
    if not slash or "/" in name or named.startswith((".", "/")):
        return None
    for each in user_repositories(words):
        if each.name == repository:
            return _from_index(open_sources(words), each.url, name, version)
    return None


def _with_helms_flags(named: str, words: Words) -> Words:
    """The words with Helm's names for how servers are reached translated into ours."""
    given = dict(words.given)
    if words.switch("insecure-skip-tls-verify"):
        given["insecure"] = True
    if words.text("registry-config"):
        given["docker-config"] = words.text("registry-config")
    if words.switch("plain-http"):
        given["plain-http"] = [split_url(named).netloc]
    if words.switch("devel") and not words.text("version"):
        given["version"] = _ALL_VERSIONS
    return Words(given, words.others, words.notices)


def _from_index(source: NetworkSource, url: str, name: str, version: str) -> Path:
    index = source.index(url)
    wanted = _newest([release.version for release in index.releases(name)], version, f"{name} in {_shown(url)}")
    release = next(each for each in index.releases(name) if each.version == wanted)
    return source.file(index.link(release), release.digest)


def _from_registry(source: NetworkSource, reference: str, version: str) -> Path:
    address = read_address(reference, version if _is_exact(version) else "")
    if not address.name:
        found = _newest(newest_first(source.tags(str(address))), version, reference)
        address = read_address(reference, found)
    return source.file(str(address))


def _newest(versions: Sequence[str], wanted: str, subject: str) -> str:
    """The newest version that is wanted; without a wish one that is no preview.

    Raises:
        DependencyError: there is none.
    """
    try:
        found = newest(versions, wanted)
    except InvalidConstraint as error:
        raise DependencyError(f"--version {wanted}: {error}") from None
    if found is None:
        known = f"there are {', '.join(versions[:_KNOWN])}" if versions else "it has no version at all"
        raise DependencyError(f"there is no {subject} of version {wanted or 'any'}", hint=known)
    return found


def _is_exact(version: str) -> bool:
    try:
        Version.parse(version)
    except InvalidVersion:
        return False
    return version.count(".") >= 2


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where fetched charts are kept."""
    return Path(user_folder(environment) or os.path.expanduser("~/.cache/chartkit"), "charts")


def _shown(url: str) -> str:
    """An address without what may be a password in it."""
    parts = split_url(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else parts.path
