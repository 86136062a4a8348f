"""What the post-renderer does for the images that values cannot move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from shlex import quote

from chartkit.cli.flags import Words
from chartkit.images.override import LeftImage
from chartkit.images.rewrite import rewrite_images
from chartkit.images.target import Destination
from chartkit.images.use import Certainty, ImageUse

_FLAGS = ("to", "layout", "map", "pin")


@dataclass(frozen=True, slots=True)
class Rest:
    """What values do not move.

    Attributes:
        left: the images that stay.
        post_rendered: those that the post-renderer moves.
        command: the post-renderer, if it moves any.
    """

    left: tuple[LeftImage, ...]
    post_rendered: tuple[LeftImage, ...] = ()
    command: str = ""


def post_render_command(words: Words) -> str:
    """The command that Helm has to run behind the render."""
    flags = [f"--{name} {quote(words.text(name))}" for name in _FLAGS if words.text(name)]
    return f"chartkit post-render {' '.join(flags)}"


def split_rest(images: Sequence[LeftImage], destination: Destination, command: str) -> Rest:
    """Tell the images that the post-renderer moves from those that it does not, with the reason.

    Args:
        images: what values leave where it is.
        destination: where it should go.
        command: the post-renderer.
    """
    moved: list[LeftImage] = []
    left: list[LeftImage] = []
    for image in images:
        reason = _obstacle(image, destination)
        if reason:
            left.append(replace(image, reason=f"{image.reason}; {reason}"))
        else:
            moved.append(image)
    return Rest(tuple(left), tuple(moved), command if moved else "")


def _obstacle(image: LeftImage, destination: Destination) -> str:
    """Why the post-renderer does not move an image; empty if it does."""
    use = image.use
    if use.events:
        return "a hook, and Helm gives hooks to no post-renderer"
    done = rewrite_images(use.manifest.text, destination, _is_surely_image)
    return next((reason for each, reason in done.left if each.pointer == use.pointer and each.text == use.text), "")


def _is_surely_image(use: ImageUse) -> bool:
    return use.certainty >= Certainty.LIKELY
