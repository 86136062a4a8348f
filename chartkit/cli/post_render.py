"""`chartkit post-render`: move the images of rendered manifests to another registry, between Helm and the cluster.

    chartkit post-render --to mirror.local:5000/apps < manifests.yaml > moved.yaml
    chartkit template app charts/app | chartkit post-render --to mirror.local:5000/apps

Exactly the characters of images change: in containers, custom resources, arguments, environments, and in the YAML and
JSON inside ConfigMaps and Secrets, wherever `chartkit images` finds them with the certainty wanted. The destination is
named as for `chartkit relocate`. What cannot be moved is told on standard error; a stream that is not YAML is an error,
and nothing is printed then.

As Helm's post-renderer. Helm 3 takes a program and its arguments:

    helm install app charts/app --post-renderer chartkit --post-renderer-args post-render \\
        --post-renderer-args --to=mirror.local:5000/apps

Helm 4 takes the name of a plugin; its plugin.yaml is

    apiVersion: v1
    type: postrenderer/v1
    name: mirror
    version: 0.1.0
    runtime: subprocess
    runtimeConfig:
      platformCommand:
        - command: chartkit
          args: ["post-render", "--to=mirror.local:5000/apps"]

`--format kustomize` prints the same moves as the `images:` block of a kustomization.yaml instead; images outside of
pods, which kustomize does not look at, are told on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.input_files import STDIN, read_lock_file, read_text
from chartkit.cli.pipeline import put
from chartkit.cli.relocate import DESTINATION, destination_of
from chartkit.images.rewrite import Rewritten, rewrite_images
from chartkit.reference import ImageReference


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit post-render`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    if len(words.others) > 1:
        raise UsageError("post-render takes one file, or the standard input")
    write = _FORMATS.get(words.text("format", "manifests"))
    if write is None:
        raise UsageError(f'unknown format "{words.text("format")}": must be one of {", ".join(_FORMATS)}')
    selection, destination, pin = read_selection(words), destination_of(words), _read_pin(words)
    name = words.others[0] if words.others else STDIN
    shown = "the standard input" if name == STDIN else name
    done = rewrite_images(read_text(name), destination, selection.accepts, pin=pin, name=shown)
    for use, reason in done.left:
        owner = f"{use.resource.kind}/{use.resource.name}".strip("/")
        note(f"warning: {owner}: {use.text!r} stays as it is: {reason}")
    put(write(done))
    return CLEAN


def _read_pin(words: Words) -> Callable[[ImageReference], str] | None:
    name = words.text("pin")
    if not name:
        return None
    lock = read_lock_file(name)

    def digest_of(reference: ImageReference) -> str:
        digest = lock.digest_of(reference)
        if not digest:
            note(f"warning: {reference} has no digest in {name}")
        return digest

    return digest_of


def _manifests(done: Rewritten) -> str:
    return done.text


def _kustomize(done: Rewritten) -> str:
    from chartkit.goyaml.edit_writing import Style, block
    from chartkit.images.kustomize import REACHED, images_block

    for each in done.moved:
        if each.use.place not in REACHED:
            tell(
                f"warning: kustomize does not look at {each.use.text} in {each.use.manifest.head.kind}/"
                f"{each.use.resource.name}: {each.use.place}"
            )
    entries = images_block(done.moved)
    style = Style()
    return style.joined(block({"images": entries}, 0, style)) + "\n" if entries else "images: []\n"


_FORMATS: Final[dict[str, Callable[[Rewritten], str]]] = {"manifests": _manifests, "kustomize": _kustomize}

COMMAND: Final = Command(
    name="post-render",
    usage="[OPTIONS] [FILE]",
    help="Move the images of rendered manifests, from a file or the standard input, to another registry. Exactly the "
    "images change, every other byte stays: for Helm's --post-renderer, or behind any other tool that renders.",
    flags=(
        *DESTINATION,
        Flag("pin", "a lock file whose digests are added to the images", "text"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: manifests)", "text"),
        *SELECTION,
    ),
    run=run,
)
