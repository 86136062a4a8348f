"""`chartkit lock`: write images.lock; `chartkit lock --check`: find what drifted since.

    chartkit lock prod.yaml                          write images.lock: references, digests, platforms, chart, values
    chartkit lock prod.yaml --offline                ask no registry: the digests that the references name
    chartkit lock prod.yaml --format dt -o Images.lock
    chartkit lock --check                            the chart against images.lock, with the values files it names
    chartkit lock --check --online                   ... and the registries against its digests

`--check` reads the lock of any format, prints a line for each difference (`--json`: `{"drift": [{"kind", "subject",
"before", "after"}]}`) and ends with exit code 1 if there is one. What `--set` gives is not written down: give the same
flags again.

A lock is written whole or not at all: if a registry does not answer for an image, the old file stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.input_files import read_lock_file
from chartkit.cli.network import JOBS, PLATFORM, open_client, read_jobs, read_platforms
from chartkit.cli.pipeline import Prepared, prepare, put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import as_json
from chartkit.errors import RegistryError
from chartkit.images.find import find_images
from chartkit.images.lock import WRITERS
from chartkit.images.locked import (
    Lock,
    LockedChart,
    LockedImage,
    LockedValues,
    PlatformDigest,
    compare_locks,
    lock_images,
)

if TYPE_CHECKING:
    from chartkit.oci.client import RegistryClient
    from chartkit.oci.manifest import Platform

_FLAGS_GIVEN: Final = ("set", "set-string", "set-json", "set-file", "set-literal")
_CHART_ANNOTATION: Final = "chart annotation"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit lock`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    name = words.text("format", "images.lock")
    if name not in WRITERS:
        raise UsageError(f'unknown format "{name}": must be one of {", ".join(WRITERS)}')
    if words.switch("online") and words.switch("offline"):
        raise UsageError("--online and --offline do not go together")
    path = words.text("output", WRITERS[name][0])
    if words.switch("check"):
        return _check(words, path, lambda: prepare(job_of(words, profile)))
    lock = _current(prepare(job_of(words, profile)), words, path)
    if any(words.texts(flag) for flag in _FLAGS_GIVEN):
        tell("note: what --set gives is not written into the lock: give it to --check as well")
    if not words.switch("offline"):
        lock = _asked(lock, words)
    text = WRITERS[name][1](lock)
    if path == "-":
        put(text)
    else:
        _write(path, text, lock)
    return CLEAN


def _write(path: str, text: str, lock: Lock) -> None:
    from chartkit.adapters.files import write_atomic

    write_atomic(Path(path), text.encode("utf-8", "surrogateescape"))
    unknown = sum(not image.digest and not image.platforms for image in lock.images)
    note = f", {unknown} of them without a digest" if unknown else ""
    count = len(lock.images)
    tell(f"{path}: {count} image{'' if count == 1 else 's'}{note}")


def _check(words: Words, path: str, prepared: Callable[[], Prepared]) -> int:
    """Hold the chart against a lock."""
    before = read_lock_file(path)
    if before.values and not words.others and not words.texts("values") and not words.text("target"):
        words.others += [os.path.join(os.path.dirname(path), each.file) for each in before.values]
    after = _current(prepared(), words, path)
    if words.switch("online"):
        known = {image.reference.canonical() for image in before.images}
        wanted = tuple(image for image in after.images if image.reference.canonical() in known)
        asked = {image.reference: image for image in _asked(replace(after, images=wanted), words).images}
        after = replace(after, images=tuple(asked.get(image.reference, image) for image in after.images))
    drift = compare_locks(before, after)
    if words.switch("json"):
        put(as_json({"drift": [asdict(each) for each in drift]}))
    else:
        put("".join(f"{each}\n" for each in drift))
    return FINDINGS if drift else CLEAN


def _current(prepared: Prepared, words: Words, path: str) -> Lock:
    """What the chart with its values uses now; the digests are those that its references name."""
    selection = read_selection(words)
    rendering = prepared.render()
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    uses = find_images(rendering)
    for use in uses:
        if use.reference is None and selection.accepts(use):
            note(f"warning: {use.manifest.file}: {use.text!r} is left out: {use.fault}")
    images = lock_images(use for use in uses if selection.accepts(use) and use.place != _CHART_ANNOTATION)
    metadata = prepared.program.chart.metadata
    chart = LockedChart(metadata.name, metadata.version, metadata.app_version)
    return Lock(chart, _values(prepared, path), images)


def _values(prepared: Prepared, path: str) -> tuple[LockedValues, ...]:
    """The values files with their hashes, named from the lock's folder."""
    from hashlib import sha256

    folder = os.path.dirname(path) or "."
    return tuple(
        LockedValues(
            _from(layer.name, folder), sha256(layer.source.text.encode("utf-8", "surrogateescape")).hexdigest()
        )
        for layer in prepared.values.layers
        if layer.kind == "values_file"
    )


def _from(name: str, folder: str) -> str:
    # The standard input, and what lies on another drive, have no way from here.
    if name == "-" or not os.path.exists(name):
        return name
    return os.path.relpath(name, folder).replace(os.sep, "/")


def _asked(lock: Lock, words: Words) -> Lock:
    """The lock with what the registries say of its images.

    Raises:
        RegistryError: one of them does not say it.
    """
    from chartkit.oci.crew import do_all

    client, platforms = open_client(words), read_platforms(words)

    def asking(image: LockedImage) -> Callable[[], LockedImage | RegistryError]:
        def ask() -> LockedImage | RegistryError:
            try:
                return _described(client, image, platforms)
            except RegistryError as error:
                return error

        return ask

    images: list[LockedImage] = []
    failures: list[RegistryError] = []
    for image, answer in zip(
        lock.images, do_all([asking(each) for each in lock.images], read_jobs(words)), strict=True
    ):
        if isinstance(answer, RegistryError):
            tell(f"{image.reference}: {answer}")
            failures.append(answer)
        else:
            images.append(answer)
    if failures:
        hint = next((each.hint for each in failures if each.hint), "--offline asks no registry")
        raise RegistryError(f"no digest for {len(failures)} of {len(lock.images)} images", hint=hint)
    return replace(lock, images=tuple(images))


def _described(client: RegistryClient, image: LockedImage, wanted: Sequence[Platform]) -> LockedImage:
    """An image with its digests."""
    from chartkit.oci.probe import manifest_name, platforms_of, repository_of

    repository = repository_of(image.reference)
    manifest = client.manifest(repository, manifest_name(image.reference))
    if manifest.is_index:
        known = [(each.platform, each.digest) for each in manifest.images if each.platform and each.platform.known]
    else:
        known = [(platform, manifest.digest) for platform in platforms_of(client, repository, manifest)]
    kept = (
        PlatformDigest(str(platform), digest)
        for platform, digest in known
        if not wanted or any(map(platform.fits, wanted))
    )
    return replace(image, digest=manifest.digest, platforms=tuple(kept))


COMMAND: Final = Command(
    name="lock",
    usage="[OPTIONS] [VALUES]...",
    help="Write images.lock: every image that values files give, with its digest and platforms, and the chart and the "
    "values they come from. With --check, tell what drifted since; the exit code is then 1 if anything did.",
    flags=(
        Flag("check", "hold the chart against the lock instead of writing it"),
        Flag("online", "with --check, ask the registries too whether the digests are still the same"),
        Flag("offline", "ask no registry: only digests that the references name are known"),
        Flag("format", f"one of {', '.join(WRITERS)} (default: images.lock); --check sees it by itself", "text"),
        Flag("output", "the file (default, by format: images.lock, Images.lock, images.yml); - prints it", "text", "o"),
        Flag("json", "with --check, print JSON"),
        PLATFORM,
        JOBS,
        *SELECTION,
        *SUBJECT,
    ),
    run=run,
)
