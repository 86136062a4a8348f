"""`chartkit mirror --run`: copies images, tells how far it is, and at the end what is missing."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Final

from chartkit.cli.exits import CLEAN, INTERRUPTED, NETWORK, tell
from chartkit.cli.flags import Words
from chartkit.cli.network import open_client, read_attempts, read_jobs, read_platforms
from chartkit.cli.pipeline import put
from chartkit.cli.screen import stop_signs
from chartkit.reference import ImageReference

if TYPE_CHECKING:
    from chartkit.oci.copy import CopyRun, ImageCopy
    from chartkit.oci.shelf import Source, Target

Plan = Sequence[tuple[ImageReference, ImageReference]]

_EVERY: Final = 0.1
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


def run_copies(plan: Plan, words: Words) -> int:
    """Copy the images of a plan between registries; the result is the exit code.

    What is there at the end is printed with its digest, what is missing is told with its reason.

    Args:
        plan: for each image where it is and where it goes.
        words: a command line with the flags `NETWORK`, `JOBS` and `PLATFORM`.

    Raises:
        InputError: a flag, or a file with logins or certificates, cannot be used.
    """
    client = open_client(words)
    run, progress = plan_run(client, client, plan, words)
    return follow(run, progress)


def plan_run(source: Source, target: Target, plan: Plan, words: Words) -> tuple[CopyRun, Progress]:
    """The run that copies the images of a plan, each once, and who tells how far it is.

    Raises:
        UsageError: a flag cannot be used.
    """
    from chartkit.oci.copy import CopyOptions, CopyRun
    from chartkit.oci.exchange import Patience

    patience = Patience(attempts=read_attempts(words))
    options = CopyOptions(read_platforms(words), read_jobs(words), patience)
    each_once = {(start.canonical(), end.canonical()): (start, end) for start, end in plan}
    progress = Progress(len(each_once), sys.stderr)
    return CopyRun(source, target, list(each_once.values()), progress, options), progress


def follow(run: CopyRun, progress: Progress) -> int:
    """Do a run, and tell how it ended; the result is the exit code."""
    try:
        run.run()
    except KeyboardInterrupt:
        progress.close()
        _summary(run.images, "interrupted")
        return INTERRUPTED
    finally:
        progress.close()
    put("".join(f"{image.target.text} {image.digest}\n" for image in run.images if image.state.good))
    for notice in _notices(run.images):
        tell(notice)
    missing = [image for image in run.images if not image.state.good]
    if missing:
        _summary(run.images, "failed")
        return NETWORK
    return CLEAN


def _summary(images: Sequence[ImageCopy], how: str) -> None:
    """Say what is there and what is missing; the registry has no name yet for anything that is."""
    missing = [image for image in images if not image.state.good]
    tell(f"{how}: {len(images) - len(missing)} of {len(images)} images are there; missing:")
    for image in missing:
        tell(f"  {image.target.text}{f': {image.failure}' if image.failure else ''}")
    for hint in dict.fromkeys(image.failure.hint for image in missing if image.failure and image.failure.hint):
        tell(f"hint: {hint}")
    tell("hint: run it again to go on: what is there is not copied again")


def _notices(images: Sequence[ImageCopy]) -> list[str]:
    notices = []
    for image in images:
        if image.lacking:
            notices.append(f"warning: {image.source.text} is not there for {', '.join(map(str, image.lacking))}")
        if image.whole:
            notices.append(f"note: {image.source.text} is named by digest: all its platforms are copied")
    return notices


class Progress:
    """Tells on standard error how far a run is: on a terminal in one line that changes, else a line for each image."""

    def __init__(self, images: int, stream: IO[str]) -> None:
        self._images = images
        self._stream = stream
        self._lively = stream.isatty()
        stop_signs()
        self._done = 0
        self._expected = 0
        self._moved = 0
        self._shown = 0.0
        self._closed = False

    def changed(self, image: ImageCopy) -> None:
        """The state of an image is another."""
        if str(image.state) not in ("copied", "present", "failed"):
            return
        self._done += 1
        moved = f", {in_units(image.moved)}" if image.moved else ""
        self._line(f"[{self._done}/{self._images}] {image.state}: {image.target.text}{moved}")

    def expect(self, size: int) -> None:
        """So many bytes more are to be moved."""
        self._expected += size
        self._refresh()

    def moved(self, size: int) -> None:
        """So many bytes more were moved."""
        self._moved += size
        self._refresh()

    def close(self) -> None:
        """Leave the line clean."""
        if not self._closed:
            self._closed = True
            self._clear()

    def _line(self, text: str) -> None:
        if self._closed:
            return
        self._clear()
        self._stream.write(f"{text}\n")
        self._stream.flush()
        self._shown = 0.0

    def _refresh(self) -> None:
        now = time.monotonic()
        if not self._lively or self._closed or now - self._shown < _EVERY:
            return
        self._shown = now
        share = f"{in_units(self._moved)} of {in_units(self._expected)}"
        self._stream.write(f"\r\x1b[K[{self._done}/{self._images}] {share}")
        self._stream.flush()

    def _clear(self) -> None:
        if self._lively:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def in_units(size: float) -> str:
    """A number of bytes for people: `12.3 MiB`."""
    unit = 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{size:.0f} B"
