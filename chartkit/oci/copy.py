"""Copying images from one shelf to another, by digest: whole indexes, or the images for chosen platforms.

The order keeps every name whole: first all blobs of an image, then its manifests from the inside out, and the tag with
the last one. What is there already is left as it is, so a run that was broken off is taken up by running it again. A
blob goes straight from the reader to the writer, is hashed as it passes, and is taken over within the registry where it
lies in another repository already.

**Chosen platforms.** An index that lists images which are not there is refused by most registries, so a shorter index
is made, and it has a digest of its own. An image that is named by digest would no longer be found under it: such an
image is copied whole, whatever platforms are chosen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final, Protocol

from chartkit.errors import NotFound, RegistryError, Unauthorized, Unreachable
from chartkit.oci.crew import Crew
from chartkit.oci.exchange import Patience
from chartkit.oci.failures import RateLimited, ServerFault
from chartkit.oci.manifest import INDEXES, MANIFESTS, Descriptor, Manifest, Platform
from chartkit.oci.probe import manifest_name, repository_of
from chartkit.oci.shelf import Repository, Source, Target
from chartkit.reference import ImageReference

# What may go better another time.
_PASSING: Final = (Unreachable, ServerFault, RateLimited)


class State(StrEnum):
    """How far the copy of an image has come."""

    WAITING = "waiting"
    COPYING = "copying"
    COPIED = "copied"
    PRESENT = "present"
    FAILED = "failed"

    @property
    def good(self) -> bool:
        """Whether the image is where it should be."""
        return self in (State.COPIED, State.PRESENT)


@dataclass(slots=True)
class ImageCopy:
    """The copy of one image.

    Attributes:
        source: where it comes from.
        target: where it goes.
        state: how far it has come.
        digest: what it has at the target, once that is known.
        platforms: what is copied of an index.
        lacking: platforms that are wanted and that the image does not have.
        whole: whether all platforms are copied although some were chosen.
        moved: bytes that went over the wire for it.
        failure: why it is not there.
    """

    source: ImageReference
    target: ImageReference
    state: State = State.WAITING
    digest: str = ""
    platforms: tuple[Platform, ...] = ()
    lacking: tuple[Platform, ...] = ()
    whole: bool = False
    moved: int = 0
    failure: RegistryError | None = None


class Watch(Protocol):
    """Who follows a run; it is called by several threads, one at a time."""

    def changed(self, image: ImageCopy) -> None:
        """The state of an image is another."""

    def expect(self, size: int) -> None:
        """So many bytes more are to be moved."""

    def moved(self, size: int) -> None:
        """So many bytes more were moved; fewer, if the number is negative, since they must go once more."""


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """How images are copied.

    Attributes:
        platforms: which of an index; all if there are none.
        workers: how many blobs are under way at once.
        patience: how often a blob is tried, and with what waits.
    """

    platforms: tuple[Platform, ...] = ()
    workers: int = 4
    patience: Patience = field(default_factory=Patience)


@dataclass(slots=True)
class _Job:
    """An image whose manifests are read: what must be stored before which manifests."""

    copy: ImageCopy
    rank: int
    manifests: list[Manifest] = field(default_factory=list)
    missing: int = 0

    @property
    def name(self) -> str:
        return self.copy.target.tag or manifest_name(self.copy.target)

    @property
    def source(self) -> Repository:
        return repository_of(self.copy.source)

    @property
    def target(self) -> Repository:
        return repository_of(self.copy.target)


class CopyRun:
    """One run over some images.

    Attributes:
        images: the images and how far they have come, also while it runs and after it was interrupted.
    """

    def __init__(
        self,
        source: Source,
        target: Target,
        copies: Sequence[tuple[ImageReference, ImageReference]],
        watch: Watch,
        options: CopyOptions | None = None,
    ) -> None:
        self.images = [ImageCopy(*pair) for pair in copies]
        self._source = source
        self._target = target
        self._options = options or CopyOptions()
        self._watch = watch
        self._crew = Crew(self._options.workers)
        self._lock = threading.Lock()
        self._blobs = _BlobBook()

    def run(self) -> None:
        """Copy everything; what fails is told by the images.

        Raises:
            KeyboardInterrupt: somebody wants it to end.
            InputError: the target cannot be written at all.
        """
        for rank, image in enumerate(self.images):
            self._add(self._begin, _Job(image, rank))
        self._crew.run()

    def _add(self, work: Callable[[_Job], None], job: _Job) -> None:
        """Have something done for an image; if it fails, that is the failure of this image and of no other."""

        def task() -> None:
            try:
                work(job)
            except Stopped:
                # It is not the image that failed, and it may be all there the next time.
                return
            except RegistryError as failure:
                with self._lock:
                    job.copy.failure = job.copy.failure or failure
                self._change(job.copy, State.FAILED)

        self._crew.add(task, job.rank)

    def _begin(self, job: _Job) -> None:
        """Find out what an image needs that is not there yet."""
        image = job.copy
        self._change(image, State.COPYING)
        image.whole = bool(self._options.platforms and image.source.digest)
        wanted = () if image.whole else self._options.platforms
        if not wanted and self._is_there(job, self._source.digest_of(job.source, manifest_name(image.source))):
            return
        original = self._source.manifest(job.source, manifest_name(image.source))
        top = original.only(wanted)
        image.platforms = top.platforms
        if top.is_index:
            image.lacking = tuple(each for each in wanted if not any(known.fits(each) for known in top.platforms))
        if wanted and self._is_there(job, top.digest):
            return
        image.digest = top.digest
        self._collect(job, top)

    def _is_there(self, job: _Job, digest: str) -> bool:
        """Whether the target has an image already, under the name that it shall have."""
        if not digest or self._known(job.target, job.name) != digest:
            return False
        job.copy.digest = digest
        self._change(job.copy, State.PRESENT)
        return True

    def _known(self, repository: Repository, name: str) -> str:
        try:
            return self._target.digest_of(repository, name)
        except Unauthorized:
            # Some registries deny that a repository is missing; whether one may push shows when one does.
            return ""

    def _collect(self, job: _Job, top: Manifest) -> None:
        """Read the manifests of an image, and have its blobs copied; if it has none, go on."""
        blobs = self._needed(job, top)
        job.manifests.append(top)
        job.missing = len(blobs)
        if not blobs:
            self._finish(job)
        for blob in blobs:
            self._watch_expect(blob.size)
            self._add(partial(self._handle_blob, blob=blob), job)

    def _needed(self, job: _Job, manifest: Manifest) -> list[Descriptor]:
        """The blobs under a manifest; the manifests inside it are put into the job, innermost first."""
        found = {blob.digest: blob for blob in manifest.blobs}
        for entry in manifest.images:
            if entry.media_type not in INDEXES | MANIFESTS:
                found[entry.digest] = entry
            elif self._known(job.target, entry.digest) != entry.digest:
                inner = self._source.manifest(job.source, entry.digest)
                found |= {blob.digest: blob for blob in self._needed(job, inner)}
                job.manifests.append(inner)
        return list(found.values())

    def _handle_blob(self, job: _Job, blob: Descriptor) -> None:
        """Have a blob at the target, or wait for its turn; after the last one the image can be finished."""
        work = partial(self._handle_blob, blob=blob)
        if not self._blobs.claim(job.target.registry, blob.digest, lambda: self._add(work, job)):
            return
        try:
            if job.copy.state is not State.FAILED:
                self._copy_blob(job, blob)
                self._blobs.stored(job.target, blob.digest)
        finally:
            self._blobs.release(job.target.registry, blob.digest)
        with self._lock:
            job.missing -= 1
            last = not job.missing
        if last:
            self._finish(job)

    def _copy_blob(self, job: _Job, blob: Descriptor) -> None:
        """Have a blob at the target: found there, taken over from another repository, or sent."""
        if self._target.has_blob(job.target, blob):
            self._watch_moved(blob.size)
            return
        place = self._mount(job, blob)
        if place is None:
            self._watch_moved(blob.size)
        else:
            self._send(job, blob, place)

    def _mount(self, job: _Job, blob: Descriptor) -> str | None:
        """Take a blob over from another repository of the registry; `None` if that worked, else where to send it."""
        neighbour = self._blobs.neighbour(job.target, blob.digest)
        if not neighbour and job.source.registry == job.target.registry:
            neighbour = job.source.path
        if not neighbour or neighbour == job.target.path:
            return ""
        try:
            return self._target.mount_blob(job.target, blob.digest, neighbour)
        except (Unauthorized, NotFound):
            # Who may write here need not be one who may read there, and what lay there may be gone.
            return ""

    def _send(self, job: _Job, blob: Descriptor, place: str) -> None:
        """Send a blob, again and again where what is wrong may pass."""
        patience = self._options.patience
        for attempt in range(patience.attempts):
            stream = _Stream(self, job, blob)
            try:
                self._target.upload_blob(job.target, blob, stream.pieces, place=place)
            except _PASSING:
                stream.close()
                stream.take_back()
                if attempt == patience.attempts - 1:
                    raise
                patience.pause(patience.delay(attempt))
                # An answer that got lost may have been a good one.
                if self._target.has_blob(job.target, blob):
                    self._watch_moved(blob.size)
                    return
                place = ""
            else:
                return
            finally:
                stream.close()

    def _finish(self, job: _Job) -> None:
        """Store the manifests of an image whose blobs are all there, the one with the name last."""
        if job.copy.state is State.FAILED:
            return
        *inner, top = job.manifests
        for manifest in inner:
            self._target.put_manifest(job.target, manifest)
        self._target.put_manifest(job.target, top, job.name)
        self._change(job.copy, State.COPIED)

    def _change(self, image: ImageCopy, state: State) -> None:
        with self._lock:
            if image.state is not State.FAILED:
                image.state = state
                self._watch.changed(image)

    def _watch_expect(self, size: int) -> None:
        with self._lock:
            self._watch.expect(size)

    def _watch_moved(self, size: int) -> None:
        with self._lock:
            self._watch.moved(size)

    def pass_piece(self, image: ImageCopy, size: int) -> None:
        """Count a piece that goes over the wire.

        Raises:
            Stopped: no more shall.
        """
        if self._crew.stopped.is_set():
            raise Stopped(f"{image.source}: the copy was broken off")
        with self._lock:
            image.moved += size
            self._watch.moved(size)


class Stopped(RegistryError):
    """The run was broken off."""


class _Stream:
    """One attempt to send a blob."""

    def __init__(self, run: CopyRun, job: _Job, blob: Descriptor) -> None:
        self._run = run
        self._job = job
        self._blob = blob
        self._passed = 0
        self._open: Generator[bytes, None, None] | None = None

    def pieces(self) -> Iterator[bytes]:
        """The blob from its start."""
        self.close()
        self._open = self._read()
        return self._open

    def close(self) -> None:
        """Let go of the source; a writer that gave up has left it half read."""
        if self._open is not None:
            self._open.close()

    def _read(self) -> Generator[bytes, None, None]:
        self.take_back()
        for piece in self._run._source.read_blob(self._job.source, self._blob):
            self._run.pass_piece(self._job.copy, len(piece))
            self._passed += len(piece)
            yield piece

    def take_back(self) -> None:
        """Uncount what was sent in vain."""
        if self._passed:
            self._run._watch_moved(-self._passed)
            self._passed = 0


class _BlobBook:
    """Which blobs are on their way to which registry, and where they lie there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], list[Callable[[], None]]] = {}
        self._places: dict[tuple[str, str], str] = {}

    def claim(self, registry: str, digest: str, later: Callable[[], None]) -> bool:
        """Whether one may begin with a blob; if another has begun, `later` is called when that one is done."""
        with self._lock:
            waiting = self._waiting.get((registry, digest))
            if waiting is None:
                self._waiting[registry, digest] = []
                return True
            waiting.append(later)
            return False

    def release(self, registry: str, digest: str) -> None:
        """Let those begin who wait for a blob."""
        with self._lock:
            waiting = self._waiting.pop((registry, digest))
        for later in waiting:
            later()

    def stored(self, repository: Repository, digest: str) -> None:
        """Remember that a repository has a blob."""
        with self._lock:
            self._places[repository.registry, digest] = repository.path

    def neighbour(self, repository: Repository, digest: str) -> str:
        """A repository of the same registry that has a blob; empty if none is known."""
        with self._lock:
            return self._places.get((repository.registry, digest), "")
