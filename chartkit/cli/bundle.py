"""`chartkit bundle`: chart, values, images and lock in one archive, for where there is no network.

What is in it: `chartkit.images.bundle`. The archive appears when it is complete; the same content gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from chartkit.adapters.archives import write_tar
from chartkit.adapters.files import write_atomic
from chartkit.chart.package import DEFAULT_EPOCH, archive_name, check_complete, pack
from chartkit.chart.values_file import merge_maps
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.mirror_run import Progress, follow
from chartkit.cli.network import JOBS, PLATFORM, open_client, read_jobs, read_platforms
from chartkit.cli.pipeline import Prepared, prepare
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.errors import InputError
from chartkit.goyaml.dump import dump
from chartkit.images.bundle import DESCRIPTION, IMAGES, LOCK, Bundle, write_description
from chartkit.images.find import find_images
from chartkit.images.lock import write_lock
from chartkit.images.locked import Lock, LockedChart, LockedImage, LockedValues
from chartkit.images.use import ImageUse
from chartkit.oci.copy import CopyOptions, CopyRun, ImageCopy
from chartkit.oci.layout import Layout
from chartkit.reference import ImageReference
from chartkit.values.inputs import Layer

_STDIN: Final = "-"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit bundle`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    if not words.text("output"):
        raise UsageError("say where the bundle is to go: -o app.tar")
    target = Path(words.text("output"))
    prepared = prepare(job_of(words, profile))
    check_complete(prepared.program.chart)
    rendering, selection = prepared.render(), read_selection(words)
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    uses = [use for use in find_images(rendering) if selection.accepts(use)]
    _refuse_faults(uses)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}-"))
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror}") from error
    try:
        return _fill(work, prepared, uses, words) or _finish(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_faults(uses: Iterable[ImageUse]) -> None:
    faulty = [use.text for use in uses if use.reference is None]
    if faulty:
        raise InputError(
            f"{', '.join(dict.fromkeys(faulty))}: no image reference, so it cannot be fetched",
            hint="`chartkit lint` says which values make it; --certainty and --registry choose among the images",
        )


def _fill(work: Path, prepared: Prepared, uses: Iterable[ImageUse], words: Words) -> int:
    """Put everything into a folder; the result is the exit code of the copies."""
    client = open_client(words)
    references = {use.reference.canonical(): use.reference for use in uses if use.reference is not None}
    images = [ImageReference.parse(text) for text in sorted(references)]
    options = CopyOptions(read_platforms(words), read_jobs(words), client.patience)
    progress = Progress(len(images), sys.stderr)
    layout = Layout.create(work / IMAGES)
    copies = CopyRun(client, layout, [(image, image) for image in images], progress, options)
    code = follow(copies, progress)
    if code:
        return code
    values = _values_files(prepared)
    chart = prepared.program.chart
    job = prepared.job
    bundle = Bundle(
        chart=f"chart/{archive_name(chart)}",
        values=tuple(values),
        release=job.release.name,
        namespace=job.release.namespace,
        helm=job.profile.name,
        kube_version=job.capabilities.kube_version,
        api_versions=job.capabilities.api_versions,
    )
    write_atomic(work / bundle.chart, pack(chart))
    for name, data in values.items():
        write_atomic(work / name, data)
    write_atomic(work / LOCK, _lock(prepared, copies.images, values).encode())
    write_atomic(work / DESCRIPTION, write_description(bundle))
    return CLEAN


def _finish(work: Path, target: Path) -> int:
    write_tar(work, [DESCRIPTION, LOCK], target, DEFAULT_EPOCH)
    tell(f"wrote {target}")
    return CLEAN


def _values_files(prepared: Prepared) -> dict[str, bytes]:
    """The values files by their names in the bundle; all flags together make one more."""
    found: dict[str, bytes] = {}
    flags: dict[str, Any] = {}
    for layer in prepared.values.layers:
        if layer.kind == "set_flag":
            flags = merge_maps(flags, layer.data)
        else:
            found[_name(len(found) + 1, layer)] = layer.source.text.encode("utf-8", "surrogateescape")
    if flags:
        found[f"values/{len(found) + 1:02d}-flags.yaml"] = dump(flags).encode("utf-8", "surrogateescape")
    return found


def _name(number: int, layer: Layer) -> str:
    base = "stdin.yaml" if layer.name.strip() == _STDIN else os.path.basename(layer.name)
    return f"values/{number:02d}-{base}"


def _lock(prepared: Prepared, copies: Sequence[ImageCopy], values: dict[str, bytes]) -> str:
    from hashlib import sha256

    metadata = prepared.program.chart.metadata
    images = tuple(LockedImage(each.source, each.digest) for each in copies)
    files = tuple(LockedValues(name, sha256(data).hexdigest()) for name, data in values.items())
    return write_lock(Lock(LockedChart(metadata.name, metadata.version, metadata.app_version), files, images))


COMMAND: Final = Command(
    name="bundle",
    usage="[OPTIONS] [VALUES]... -o FILE",
    help="Fetch every image of a chart with these values, and put chart, values, images and their lock into one tar "
    "file for where there is no network. `chartkit unbundle` brings it into a registry there.",
    flags=(
        Flag("output", "the file to write", "text", "o"),
        PLATFORM,
        JOBS,
        *SELECTION,
        *SUBJECT,
    ),
    run=run,
)
