"""What a relocation has to reach: each image with its target, and the characters that must change for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, TypeAlias

from chartkit.images.locked import Lock
from chartkit.images.target import Destination
from chartkit.images.use import Certainty, ImageUse, Piece, Range, locate
from chartkit.reference import DEFAULT_REGISTRY, OFFICIAL, ImageReference

Forms: TypeAlias = "tuple[tuple[str, ...], ...]"
Place: TypeAlias = "tuple[str, int, str, tuple[str, ...], int]"

_NAME_PARTS: Final = ("registry", "repository")


@dataclass(frozen=True, slots=True)
class Goal:
    """An image that is to move, at one place of a render.

    Attributes:
        use: the image as it is.
        target: what it is to become.
        place: what tells it from every other image: file, document, pointer, pointers within, and which one there.
        slots: the ranges of the rendered file that hold it: one, or one for each part it is written in; none where its
            characters do not stand in the file as they are.
        texts: what the slots hold.
        forms: the ways to write the target into the slots.
        encoded: for an image in a text in base 64, the range of that text; the slots are then those of what it says.
    """

    use: ImageUse
    target: ImageReference
    place: Place
    slots: tuple[Range, ...]
    texts: tuple[str, ...]
    forms: Forms
    encoded: Range | None = None

    @property
    def file(self) -> str:
        """The template that renders it."""
        return self.place[0]

    @property
    def must_move(self) -> bool:
        """Whether it is surely enough an image; another may move, or stay."""
        return self.use.certainty >= Certainty.LIKELY and self.use.reference is not None

    @property
    def moves(self) -> bool:
        """Whether the target is another place than the image has."""
        return self.texts not in self.forms


def find_goals(uses: Iterable[ImageUse], destination: Destination) -> tuple[Goal, ...]:
    """The goals of a relocation: every image in the rendered files that is a reference.

    Raises:
        InputError: an image's new name would be no reference.
    """
    found = []
    for use, place in placed(uses):
        if use.reference is not None:
            found.append(_goal(use, destination.move(use.reference), place))
    return tuple(found)


def placed(uses: Iterable[ImageUse]) -> Iterator[tuple[ImageUse, Place]]:
    """Each image of the rendered files with what tells it from every other one."""
    counts: dict[tuple[str, int, str, tuple[str, ...]], int] = {}
    for use in uses:
        if use.place != "chart annotation":
            at = (use.manifest.file, use.manifest.index, use.pointer, use.inner)
            counts[at] = counts.get(at, -1) + 1
            yield use, (*at, counts[at])


def pin_goals(goals: Iterable[Goal], lock: Lock) -> tuple[Goal, ...]:
    """The same goals, with the digests that are known of images put behind their targets.

    Args:
        goals: the goals of a move.
        lock: knows the digests of the images as they are, or as they will be called.
    """
    return tuple(_pinned(goal, lock) for goal in goals)


def _pinned(goal: Goal, lock: Lock) -> Goal:
    source = goal.use.reference
    digest = lock.digest_of(goal.target) or (lock.digest_of(source) if source else "")
    if not digest or goal.target.digest or goal.use.pieces:
        return goal
    target = ImageReference.parse(f"{goal.target}@{digest}")
    texts = spellings(target)
    # Where a digest is set, many templates leave the tag out: the digest alone decides what is pulled.
    untagged = [text.replace(f":{target.tag}@", "@") for text in texts if target.tag]
    return replace(goal, target=target, forms=tuple((text,) for text in (*texts, *untagged)))


def _goal(use: ImageUse, target: ImageReference, place: Place) -> Goal:
    text, encoded = use.file_text, None
    if any(level.base is None for level in use.levels[1:]):
        # Only the text that stands in the file is decoded; what is encoded in it once more, nobody looks into.
        encoded = _scalar(use)
        text = use.levels[1].text
    slots = () if encoded is None and text is not use.file_text else tuple(_slots(use, text, encoded))
    texts = tuple(text[start:end] for start, end in slots)
    forms: Forms = tuple((spelled,) for spelled in spellings(target))
    if use.pieces:
        forms = _joint_forms([piece.part for piece in use.pieces], texts, target) if slots else ()
    return Goal(use, target, place, slots, texts, forms, encoded)


def _scalar(use: ImageUse) -> Range | None:
    """The range of the rendered file that holds the encoded text around an image."""
    outer = use.levels[0]
    found = locate((outer,), (0, len(outer.value)))
    if found is None or outer.text[found[0] : found[1]] != outer.value:
        return None
    return found[0] + use.manifest.start, found[1] + use.manifest.start


def _slots(use: ImageUse, text: str, encoded: Range | None) -> Iterator[Range]:
    """Where the image's characters stand in a text as they are; nothing where some do not."""
    if encoded:
        wanted = [(piece.text, _inner(use, piece)) for piece in use.pieces] or [(use.text, _inner(use))]
    else:
        wanted = [(piece.text, piece.span) for piece in use.pieces] or [(use.text, use.span)]
    if all(span is not None and text[span[0] : span[1]] == written for written, span in wanted):
        yield from (span for _, span in wanted if span is not None)


def _inner(use: ImageUse, piece: Piece | None = None) -> Range | None:
    """Where an image, or a part of it, stands in the text that is encoded in the file."""
    levels = (replace(use.levels[1], base=0), *use.levels[2:])
    if piece is None:
        return locate(levels, (use.offset, use.offset + len(use.text)))
    last = levels[-1]
    key = piece.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return locate((*levels[:-1], replace(last, steps=(*last.steps, key), value=piece.text)), (0, len(piece.text)))


def spellings(target: ImageReference) -> tuple[str, ...]:
    """The texts that stand for a reference: as it is typed, and what Docker Hub lets one leave out."""
    texts = [target.text]
    rest = target.canonical().removeprefix(f"{target.name}")
    if target.registry == DEFAULT_REGISTRY:
        texts += [f"{target.name}{rest}", f"{target.repository}{rest}"]
        official = target.repository.removeprefix(f"{OFFICIAL}/")
        texts += [f"{DEFAULT_REGISTRY}/{official}{rest}", f"{official}{rest}"]
    return tuple(dict.fromkeys(texts))


def _joint_forms(parts: list[str], texts: tuple[str, ...], target: ImageReference) -> Forms:
    """The ways to spread a name over the scalars that hold an image's parts; the other parts stay as they are."""
    at = [index for index, part in enumerate(parts) if part in _NAME_PARTS]
    if not at:
        return ()
    steps = f"{target.registry}/{target.repository}".strip("/").split("/")
    forms = []
    for ends in combinations(range(1, len(steps)), len(at) - 1):
        edges = (0, *ends, len(steps))
        names = ["/".join(steps[low:high]) for low, high in zip(edges, edges[1:], strict=False)]
        form = list(texts)
        for index, name in zip(at, names, strict=True):
            form[index] = name
        forms.append(tuple(form))
    # The longest first part is the one that other images share.
    return tuple(reversed(forms))
