"""A client of registries: manifests, tags, blobs and uploads, as the OCI distribution specification has them.

Everything is checked against its digest. Requests wait and are repeated as `exchange` says, and log in as `auth` says.
Errors name what they are about and are those of `failures`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from chartkit.errors import RegistryError, Unreachable
from chartkit.oci.auth import Authenticator, Login
from chartkit.oci.challenge import choose, read_challenges
from chartkit.oci.content import Check, in_chunks
from chartkit.oci.credential import Keychain
from chartkit.oci.doors import Door, Doors
from chartkit.oci.exchange import Exchange, Patience
from chartkit.oci.failures import Interrupted, InvalidContent, ServerFault, UnknownManifest, UnknownRepository, refusal
from chartkit.oci.manifest import ACCEPTED, MANIFEST_LIMIT, Descriptor, Manifest, is_digest
from chartkit.oci.shelf import Repository
from chartkit.oci.transport import Request, Response, Transport, read_all

_ACCEPT: Final = {"Accept": ", ".join(ACCEPTED)}
_LIST_LIMIT: Final = 8 * 1024 * 1024
_PAGES: Final = 1000
# The least that servers take which limit bodies at all: nginx does so by itself.
_SMALL_BODY: Final = 1024 * 1024
_BINARY: Final = "application/octet-stream"
# What servers say that do not take this method for manifests.
_NO_HEAD: Final = frozenset([400, 405, 501])


@dataclass(frozen=True, slots=True)
class Found:
    """What a registry tells of a manifest without handing it out."""

    digest: str
    media_type: str


class RegistryClient:
    """Asks registries."""

    def __init__(
        self,
        transport: Transport,
        keychain: Keychain,
        *,
        plain_http: Collection[str] = (),
        patience: Patience | None = None,
    ) -> None:
        self.patience = patience or Patience()
        self._exchange = Exchange(transport, self.patience)
        self._auth = Authenticator(self._exchange, keychain, now=self.patience.now)
        self._doors = Doors(self._exchange, plain_http)

    def ping(self, registry: str) -> None:
        """Make sure that a registry is there.

        Raises:
            Unreachable: it is not.
        """
        self._doors.door(registry)

    def find_manifest(self, repository: Repository, name: str) -> Found:
        """Digest and kind of a manifest, by tag or digest.

        Raises:
            NotFound: there is no such manifest or repository.
            RegistryError: the registry cannot be asked, or refuses.
        """
        response = self._head_manifest(repository, name)
        digest = response.headers.get("docker-content-digest", "")
        if response.status == 200 and is_digest(digest):
            _check_same(name, digest, repository)
            return Found(digest, response.headers.get("content-type", "").partition(";")[0])
        if response.status not in (200, 404, *_NO_HEAD):
            raise refusal(response, repository.named(name))
        # An answer to HEAD has no body that could say what is missing, and some registries leave out the digest.
        manifest = self.manifest(repository, name)
        return Found(manifest.digest, manifest.media_type)

    def digest_of(self, repository: Repository, name: str) -> str:
        """The digest of a manifest, by tag or digest; empty if it is not there.

        Raises:
            RegistryError: the registry cannot be asked, or refuses.
        """
        response = self._head_manifest(repository, name)
        digest = response.headers.get("docker-content-digest", "")
        if response.status == 404:
            return ""
        return digest if is_digest(digest) else self.find_manifest(repository, name).digest

    def manifest(self, repository: Repository, name: str) -> Manifest:
        """A manifest, by tag or digest.

        Raises:
            NotFound: there is no such manifest or repository.
            InvalidContent: what came is not that manifest.
            RegistryError: the registry cannot be asked, or refuses.
        """
        ask = _Ask("GET", f"/v2/{repository.path}/manifests/{name}", repository.named(name), _ACCEPT)
        response = self._ask(repository, ask, "pull")
        if response.status == 404:
            raise self._missing(response, repository, name)
        _expect(response, ask.subject)
        media_type = response.headers.get("content-type", "")
        promised = response.headers.get("docker-content-digest", "")
        digest = name if is_digest(name) else promised if is_digest(promised) else ""
        try:
            return Manifest(read_all(response, MANIFEST_LIMIT), media_type, digest)
        except InvalidContent as fault:
            raise InvalidContent(f"{ask.subject}: {fault}", hint=fault.hint) from None

    def put_manifest(self, repository: Repository, manifest: Manifest, name: str = "") -> None:
        """Store a manifest under a tag or its digest; everything in it must be there already.

        Raises:
            RegistryError: the registry cannot be asked, or refuses.
        """
        headers = {"Content-Type": manifest.media_type}
        name = name or manifest.digest
        path = f"/v2/{repository.path}/manifests/{name}"
        ask = _Ask("PUT", path, repository.named(name), headers, manifest.body)
        response = self._ask(repository, ask, "pull,push")
        stored = response.headers.get("docker-content-digest", "")
        _expect(response, ask.subject)
        response.close()
        if is_digest(stored) and stored.partition(":")[0] == "sha256" and stored != manifest.digest:
            raise InvalidContent(f"{ask.subject}: the registry stored {manifest.digest} as {stored}")

    def tags(self, repository: Repository) -> list[str]:
        """The tags of a repository, page by page.

        Raises:
            UnknownRepository: there is no such repository.
            RegistryError: the registry cannot be asked, or refuses.
        """
        found: list[str] = []
        path = f"/v2/{repository.path}/tags/list"
        for _ in range(_PAGES):
            response = self._ask(repository, _Ask("GET", path, str(repository)), "pull")
            if response.status == 404:
                raise UnknownRepository(str(refusal(response, str(repository))))
            _expect(response, str(repository))
            link = response.headers.get("link", "")
            found += _strings(read_all(response, _LIST_LIMIT), "tags", str(repository))
            path = _next_page(link)
            if not path:
                return found
        raise ServerFault(f"{repository}: the list of tags has no end")

    def has_blob(self, repository: Repository, descriptor: Descriptor) -> bool:
        """Whether a repository has a blob, and of the right size.

        Raises:
            RegistryError: the registry cannot be asked, or refuses.
        """
        subject = repository.named(descriptor.digest)
        ask = _Ask("HEAD", f"/v2/{repository.path}/blobs/{descriptor.digest}", subject)
        # Who asks wants to write. Where the repository is not there yet, a token to read it may not be had.
        response = self._ask(repository, ask, "pull,push")
        response.close()
        if response.status == 404:
            return False
        _expect(response, subject)
        length = response.headers.get("content-length", "")
        return not length or length == str(descriptor.size)

    def read_blob(self, repository: Repository, descriptor: Descriptor) -> Iterator[bytes]:
        """A blob, a piece at a time; the last piece comes only when all of it is checked.

        Where the connection breaks, it is read on from there.

        Raises:
            InvalidContent: it is not what its digest says.
            RegistryError: the registry cannot be asked, or refuses.
        """
        check = Check(descriptor, repository.named(descriptor.digest))
        vain, start = 0, 0
        while True:
            try:
                yield from check.pass_on(self._blob_from(repository, descriptor, check.length))
            except Unreachable:
                # On a bad line a large blob may come in many parts; only what brings nothing counts as in vain.
                vain = 0 if check.length > start else vain + 1
                start = check.length
                if vain >= self.patience.attempts:
                    raise
                self.patience.pause(self.patience.delay(vain))
            else:
                return

    def mount_blob(self, repository: Repository, digest: str, source: str) -> str | None:
        """Take a blob over from another repository of the same registry.

        Returns:
            `None` if that worked, else where it may be uploaded to.

        Raises:
            RegistryError: the registry cannot be asked, or it may not be uploaded either.
        """
        query = urlencode({"mount": digest, "from": source})
        scopes = (repository.scope("pull,push"), Repository(repository.registry, source).scope("pull"))
        return self._start(repository, f"?{query}", scopes)

    def upload_blob(
        self,
        repository: Repository,
        descriptor: Descriptor,
        pieces: Callable[[], Iterable[bytes]],
        *,
        place: str = "",
    ) -> None:
        """Upload a blob: in one stream, or in chunks where a proxy before the registry takes no large bodies.

        Args:
            repository: where to.
            descriptor: what it is.
            pieces: gives it, from the start each time it is called.
            place: where the registry wants it, if it said so already.

        Raises:
            RegistryError: the registry cannot be asked, or refuses.
        """
        place = place or self._start_upload(repository)
        body = pieces if descriptor.size else b""
        response = self._put(repository, descriptor, place, body)
        if response.status == 413:
            response.close()
            place = self._send_chunks(repository, descriptor, pieces())
            response = self._put(repository, descriptor, place, b"")
        _expect(response, repository.named(descriptor.digest))
        response.close()

    def small_blob(self, repository: Repository, descriptor: Descriptor) -> bytes:
        """A blob that fits into memory, such as an image's configuration.

        Raises:
            InvalidContent: it is not what its digest says, or it is large.
        """
        if descriptor.size > MANIFEST_LIMIT:
            raise InvalidContent(f"{repository.named(descriptor.digest)}: larger than {MANIFEST_LIMIT} bytes")
        return b"".join(self.read_blob(repository, descriptor))

    def _put(
        self,
        repository: Repository,
        descriptor: Descriptor,
        place: str,
        body: bytes | Callable[[], Iterable[bytes]],
    ) -> Response:
        """End an upload, with what is still to be sent."""
        size = descriptor.size if callable(body) else len(body)
        headers = {"Content-Type": _BINARY, "Content-Length": str(size)}
        url = f"{place}{'&' if '?' in place else '?'}{urlencode({'digest': descriptor.digest})}"
        ask = _Ask("PUT", url, repository.named(descriptor.digest), headers, body)
        return self._ask(repository, ask, "pull,push")

    def _send_chunks(self, repository: Repository, descriptor: Descriptor, pieces: Iterable[bytes]) -> str:
        """Upload a blob but for its end; where that is to be sent to."""
        place, start, subject = self._start_upload(repository), 0, repository.named(descriptor.digest)
        for chunk in in_chunks(pieces, _SMALL_BODY):
            headers = {"Content-Type": _BINARY, "Content-Range": f"{start}-{start + len(chunk) - 1}"}
            response = self._ask(repository, _Ask("PATCH", place, subject, headers, chunk), "pull,push")
            if response.status == 416:
                # A chunk came whose answer was lost: only the start is a sure place to go on from.
                raise Interrupted(f"{subject}: the registry lost count of the chunks")
            _expect(response, subject)
            response.close()
            place = self._location(repository, response) or place
            start += len(chunk)
        return place

    def _start_upload(self, repository: Repository) -> str:
        return self._start(repository, "", (repository.scope("pull,push"),)) or ""

    def _location(self, repository: Repository, response: Response) -> str:
        location = response.headers.get("location", "")
        return self._doors.door(repository.registry).address(location) if location else ""

    def _head_manifest(self, repository: Repository, name: str) -> Response:
        ask = _Ask("HEAD", f"/v2/{repository.path}/manifests/{name}", repository.named(name), _ACCEPT)
        response = self._ask(repository, ask, "pull")
        response.close()
        return response

    def _blob_from(self, repository: Repository, descriptor: Descriptor, offset: int) -> Iterator[bytes]:
        """The rest of a blob from an offset on, also from a server that always begins at the start."""
        subject = repository.named(descriptor.digest)
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        ask = _Ask("GET", f"/v2/{repository.path}/blobs/{descriptor.digest}", subject, headers)
        response = self._ask(repository, ask, "pull")
        if response.status == 416:
            response.close()
            raise InvalidContent(f"{subject}: the registry has only {offset} of its {descriptor.size} bytes")
        if response.status not in (200, 206):
            raise refusal(response, subject)
        skip = offset if response.status == 200 else 0
        try:
            for piece in response.chunks():
                yield piece[skip:]
                skip = max(0, skip - len(piece))
        finally:
            response.close()

    def _start(self, repository: Repository, query: str, scopes: tuple[str, ...]) -> str | None:
        """Where the registry wants a blob; `None` if it has it now."""
        path = f"/v2/{repository.path}/blobs/uploads/{query}"
        ask = _Ask("POST", path, f"{repository}: upload", {"Content-Length": "0"}, b"")
        response = self._ask(repository, ask, *scopes)
        location = self._location(repository, response)
        if response.status == 201:
            response.close()
            return None
        if response.status == 404:
            raise UnknownRepository(
                str(refusal(response, str(repository))),
                hint="some registries, such as Amazon's, want a repository to be made before it is written to",
            )
        _expect(response, ask.subject)
        response.close()
        if not location:
            raise ServerFault(f"{ask.subject}: the registry does not say where to")
        return location

    def _missing(self, response: Response, repository: Repository, name: str) -> RegistryError:
        """What exactly is missing; many registries answer for a missing tag and a missing repository alike."""
        failure = refusal(response, repository.named(name))
        if isinstance(failure, UnknownRepository):
            return failure
        try:
            known = self.tags(repository)
        except UnknownRepository:
            return UnknownRepository(f"{repository.named(name)}: there is no repository {repository.path}")
        except RegistryError:
            return failure
        if not known:
            return UnknownRepository(f"{repository.named(name)}: the repository {repository.path} has no tags")
        return _unknown_manifest(repository, name, known)

    def _ask(self, repository: Repository, ask: _Ask, *scopes: str) -> Response:
        """The answer to a request with a login; a token that is refused is fetched anew, once."""
        door = self._doors.door(repository.registry)
        wanted = tuple(scope if ":" in scope else repository.scope(scope) for scope in scopes)
        login = self._auth.login(door.registry, door.challenge, wanted, plain=door.plain)
        response = self._exchange.send(ask.request(door, login))
        if response.status != 401:
            return response
        challenge = choose(read_challenges(response.headers.get("www-authenticate", "")))
        if challenge is not None and (login.challenge is None or challenge.scheme == "bearer"):
            self._auth.forget(login)
            wanted = (*wanted, *(scope for scope in challenge.scopes if scope not in wanted))
            again = self._auth.login(door.registry, challenge, wanted, plain=door.plain)
            if again.header and again.header != login.header:
                response.close()
                login = again
                response = self._exchange.send(ask.request(door, login))
        if response.status == 401:
            raise self._auth.rejection(response, login, ask.subject)
        return response


@dataclass(frozen=True, slots=True)
class _Ask:
    """A request to a registry, before it is known where that is.

    Attributes:
        method: the method.
        path: the path, or the absolute address that the registry gave.
        subject: what it is about, for errors.
        headers: what goes with it.
        body: what is sent.
    """

    method: str
    path: str
    subject: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Callable[[], Iterable[bytes]] | None = None

    def request(self, door: Door, login: Login) -> Request:
        url = door.address(self.path)
        # What lies in the registry's storage elsewhere is opened by the address itself.
        login_header = {"Authorization": login.header} if login.header and door.owns(url) else {}
        return Request(self.method, url, {**self.headers, **login_header}, self.body)


def _expect(response: Response, subject: str) -> None:
    """Go on if all went well: not all registries take the status that the specification names for that."""
    if not 200 <= response.status < 300:
        raise refusal(response, subject)


def _check_same(name: str, digest: str, repository: Repository) -> None:
    if is_digest(name) and name != digest:
        raise InvalidContent(f"{repository.named(name)}: the registry answers with {digest}")


def _unknown_manifest(repository: Repository, name: str, known: list[str]) -> RegistryError:
    from difflib import get_close_matches

    if is_digest(name):
        return UnknownManifest(f"{repository.named(name)}: the repository has no manifest with this digest")
    close = get_close_matches(name, known, n=3)
    hint = f"close to it: {', '.join(close)}" if close else ""
    return UnknownManifest(f"{repository.named(name)}: the repository has no tag {name}", hint=hint)


def _strings(body: bytes, key: str, subject: str) -> list[str]:
    try:
        content: Any = json.loads(body)
        found = content[key]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ServerFault(f"{subject}: the registry answers with something that is no list of {key}") from None
    return [each for each in found or () if isinstance(each, str)]


def _next_page(link: str) -> str:
    """The address of the next page, by a `Link` header of RFC 8288; empty after the last one."""
    address, _, parameters = link.strip().removeprefix("<").partition(">")
    return address if "next" in parameters else ""
