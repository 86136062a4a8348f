"""`chartkit unbundle`: the content of a bundle into a registry and a folder, behind the gap.

The images go first, by digest, each tag last; then the folder gets the chart, the values, the lock and the override
that makes the chart pull from the registry, so that it is never there without its images.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.chart.loader import load_chart
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.helm_flags import OURS
from chartkit.cli.mirror_run import Progress, follow
from chartkit.cli.network import JOBS, NETWORK, open_client, read_jobs
from chartkit.cli.pipeline import put
from chartkit.cli.relocate import DESTINATION, destination_of
from chartkit.cli.subject import read_command
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import compile_chart
from chartkit.engine.release import Release
from chartkit.errors import InputError
from chartkit.images.bundle import DESCRIPTION, IMAGES, LOCK, Bundle, read_description
from chartkit.images.lock import read_lock
from chartkit.images.locked import Lock
from chartkit.images.override import Override, propose_override
from chartkit.images.target import Destination, check_collisions
from chartkit.oci.copy import CopyOptions, CopyRun
from chartkit.oci.probe import manifest_name, repository_of
from chartkit.oci.tar_layout import TarFolder, TarLayout
from chartkit.profile import PROFILES
from chartkit.reference import ImageReference
from chartkit.values.inputs import read_values

_OVERRIDE: Final = "override.yaml"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit unbundle`; the result is the exit code."""
    words, _ = read_command(arguments, COMMAND.flags)
    if len(words.others) != 1:
        raise UsageError("name one bundle")
    destination = destination_of(words)
    with TarFolder(Path(words.others[0])) as folder:
        return _unbundle(folder, destination, words)


def _unbundle(folder: TarFolder, destination: Destination, words: Words) -> int:
    bundle = read_description(folder.read(DESCRIPTION), str(folder.path))
    lock = read_lock(folder.read(LOCK).decode("utf-8", "surrogateescape"), f"{folder.path}: {LOCK}")
    layout = TarLayout(folder, IMAGES)
    _check_whole(lock, layout, folder)
    pairs = [(image.reference, destination.move(image.reference)) for image in lock.images]
    check_collisions(pairs)
    if words.switch("dry-run"):
        put("".join(f"{source.text} -> {target.text}\n" for source, target in pairs))
        return CLEAN
    code = _push(layout, pairs, words)
    if code:
        return code
    return _write(folder, bundle, Path(words.text("output") or _default_folder(bundle)), destination)


def _check_whole(lock: Lock, layout: TarLayout, folder: TarFolder) -> None:
    """Refuse a bundle that lacks an image, or has another one than its lock says."""
    for image in lock.images:
        name = image.reference.tag or manifest_name(image.reference)
        found = layout.digest_of(repository_of(image.reference), name)
        if found != image.digest:
            raise InputError(
                f"{folder.path}: {image.reference.text} is {found or 'missing'}, and {LOCK} says {image.digest}",
                hint="the bundle was changed or is damaged: make it again",
            )


def _push(layout: TarLayout, pairs: Sequence[tuple[ImageReference, ImageReference]], words: Words) -> int:
    client = open_client(words)
    progress = Progress(len(pairs), sys.stderr)
    options = CopyOptions(workers=read_jobs(words), patience=client.patience)
    return follow(CopyRun(layout, client, pairs, progress, options), progress)


def _default_folder(bundle: Bundle) -> str:
    return Path(bundle.chart).name.removesuffix(".tgz")


def _write(folder: TarFolder, bundle: Bundle, target: Path, destination: Destination) -> int:
    """Write the folder; the result says whether every image is pulled from the registry with it."""
    for name in (bundle.chart, *bundle.values, LOCK):
        write_atomic(target / name, folder.read(name))
    override = _override(target, bundle, destination)
    files = list(bundle.values)
    if override.text and override.settings:
        write_atomic(target / _OVERRIDE, override.text.encode("utf-8", "surrogateescape"))
        files.append(_OVERRIDE)
    given = " ".join(f"-f {quote(str(target / name))}" for name in files)
    tell(f"wrote {target}")
    tell(
        f"next: helm install {quote(bundle.release)} {quote(str(target / bundle.chart))} {given} "
        f"--namespace {quote(bundle.namespace)}"
    )
    for left in override.left:
        note(f"warning: no value moves {left.source}: {left.reason} ({left.position or left.use.manifest.file})")
    if override.left:
        tell("hint: `chartkit post-render --to ...` moves these, as Helm's post-renderer")
    return FINDINGS if override.left else CLEAN


def _override(target: Path, bundle: Bundle, destination: Destination) -> Override:
    profile = PROFILES[bundle.helm]
    program = compile_chart(load_chart(target / bundle.chart, profile=profile), profile)
    values = read_values(profile=profile, files=[target / name for name in bundle.values])
    release = Release(bundle.release, namespace=bundle.namespace)
    capabilities = Capabilities(bundle.kube_version, bundle.api_versions, profile)
    return propose_override(program, values, release, to=destination, capabilities=capabilities, installing=True)


COMMAND: Final = Command(
    name="unbundle",
    usage="[OPTIONS] FILE --to HOST[:PORT][/PREFIX]",
    help="Bring a bundle into a registry: push its images, and write the chart, its values and the override that makes "
    "it pull from there into a folder. Exit code 1 if a template names an image that no value moves.",
    flags=(
        *DESTINATION,
        Flag("output", "the folder to write (default: NAME-VERSION of the chart)", "text", "o"),
        Flag("dry-run", "only say which image would go where"),
        JOBS,
        *NETWORK,
        *(flag for flag in OURS if flag.name == "helm"),
    ),
    run=run,
)
