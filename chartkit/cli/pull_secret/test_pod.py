"""`chartkit pull-secret test-pod`: a Pod whose start proves that a Secret pulls an image.

On standard output stands the manifest, on standard error what to do with it, and the form of `kubectl run` that does
the same. (`kubectl create pod` is no command, and `kubectl run` needs a cluster even for a dry run.)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.errors import InputError
from chartkit.images.pull_pod import PullPod, apply_commands, manifest_text, run_command
from chartkit.manifests.names import check_name, check_namespace
from chartkit.profile import NEWEST
from chartkit.reference import ImageReference, InvalidReference

_DEFAULT_NAME: Final = "test-pull"
_MEANING: Final = (
    "Completed: the pull works. StartError: it works too, the image has no such command. "
    "ErrImagePull, ImagePullBackOff: it does not, and `kubectl describe pod` tells why."
)


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit pull-secret test-pod`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    if words.others:
        raise UsageError(f"test-pod takes flags only, not {' '.join(words.others)}")
    pod, file = _pod(words), words.text("output")
    text = manifest_text(pod)
    if file and file != "-":
        write_atomic(Path(file), text.encode("utf-8", "surrogateescape"))
    else:
        put(text)
    tell(f"apply it, and look how it ends:\n{_indented(apply_commands(pod, file or '-'))}")
    tell(_MEANING)
    tell(f"or in one command:\n{_indented([run_command(pod)])}")
    return CLEAN


def _pod(words: Words) -> PullPod:
    image, secret = words.text("image"), words.text("secret")
    if not image:
        raise UsageError("say which image to pull, with --image")
    if not secret:
        raise UsageError("say which Secret to prove, with --secret")
    try:
        reference = ImageReference.parse(image)
    except InvalidReference as error:
        raise InputError(f"--image {image}: {error}") from None
    namespace = words.text("namespace")
    return PullPod(
        name=check_name(words.text("name") or _DEFAULT_NAME),
        image=reference,
        secret=check_name(secret),
        namespace=check_namespace(namespace) if namespace else "",
        command=tuple(words.texts("command")),
    )


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


COMMAND: Final = Command(
    name="pull-secret test-pod",
    usage="--image IMAGE --secret NAME [OPTIONS]",
    help="Write a Pod that proves a pull: with the Secret, always pulling, never started again, and fit for namespaces "
    "that enforce the restricted standard. Pipe it into kubectl apply -f -.",
    flags=(
        Flag("image", "the image to pull", "text"),
        Flag("secret", "the Secret to pull with", "text"),
        Flag("name", f"the name of the Pod (default: {_DEFAULT_NAME})", "text"),
        Flag("namespace", "the namespace of Pod and Secret", "text", "n"),
        Flag("command", "what to run in place of the image's own command, one word each; may be repeated", "repeated"),
        Flag("output", "write into this file; - is standard output", "text", "o"),
    ),
    run=run,
)
