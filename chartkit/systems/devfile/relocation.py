"""Moving the images of devfiles to another registry: what changes in which file, all of it worked out before anything
is written.

Only the characters of an image change. A variable in a tag stays a variable; an image without a tag gets `:latest`, so
that what is mirrored is what is pulled; a digest stays, and wants a copy that keeps it. What the devfile builds itself
is not moved, unless the registry of the builds is named: then it follows the rule of the devfile library,
`REGISTRY/<metadata.name>-<image>:TAG`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.images.target import Destination
from chartkit.images.use import Certainty
from chartkit.reference import ImageReference, InvalidReference
from chartkit.source import Position
from chartkit.systems.devfile.document import Devfile
from chartkit.systems.devfile.editing import Change, new_texts
from chartkit.systems.devfile.places import DevfileImage, Role, leaf_of

LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class BuildNames:
    """What the images that devfiles build are called: below which registry, and with which tag."""

    registry: str
    tag: str = ""

    def name(self, devfile: Devfile, image: ImageReference) -> str:
        """The name of one of them, by the rule of the devfile library."""
        leaf = leaf_of(image)
        name = f"{devfile.name}-{leaf}" if devfile.name else leaf
        return f"{self.registry.rstrip('/')}/{name}{f':{self.tag}' if self.tag else ''}"


@dataclass(frozen=True, slots=True)
class Options:
    """How images are moved.

    Attributes:
        build: what images that are built are called; `None` to leave them as they are.
        digest_of: the digest to write behind an image's tag, from a lock; empty if there is none.
        certainty: the least certainty of the images that are moved.
    """

    build: BuildNames | None = None
    digest_of: Callable[[ImageReference], str] = lambda _reference: ""
    certainty: Certainty = Certainty.CERTAIN


@dataclass(frozen=True, slots=True)
class Clash:
    """Two images that would become one."""

    first: DevfileImage
    second: DevfileImage
    name: str

    def __str__(self) -> str:
        one, other = (f"{each.expanded.text} ({each.position})" for each in (self.first, self.second))
        return f"{one} and {other} would both become {self.name}"


@dataclass(frozen=True, slots=True)
class Relocation:
    """What a move changes.

    Attributes:
        changes: the images that change.
        texts: the new text of every file that changes.
        left: what is not moved though it names an image, with the reason.
        copies: the copies that must be made, source and target, each once.
    """

    changes: tuple[Change, ...]
    texts: Mapping[Path, str]
    left: tuple[tuple[Position, str], ...]
    copies: tuple[tuple[ImageReference, ImageReference], ...]


def relocate(images: Iterable[DevfileImage], destination: Destination, options: Options | None = None) -> Relocation:
    """Work out a move.

    Raises:
        InputError: images cannot be moved, or two of them would become one; the message names all of them.
    """
    chosen = options or Options()
    # Builds are named after all images of their devfile, also those that stay where they are.
    known = tuple(images)
    left: list[tuple[Position, str]] = []
    movable = tuple(image for image in known if not _reason_to_leave(image, chosen, left))
    refuse_clashes(clashes(movable, destination))
    changes = _all_changes(movable, destination, chosen, _build_names(known, chosen))
    copies = dict.fromkeys(
        (pinned(change.source, chosen.digest_of), change.target) for change in changes if change.target is not None
    )
    return Relocation(changes, new_texts(changes), tuple(left), tuple(copies))


def pinned(reference: ImageReference, digest_of: Callable[[ImageReference], str] | None = None) -> ImageReference:
    """An image as it is pulled: with registry, and `:latest` where it has neither tag nor digest."""
    if not reference.tag and not reference.digest:
        reference = ImageReference.parse(f"{reference.name}:{LATEST}")
    digest = reference.digest or (digest_of(reference) if digest_of else "")
    tag = f":{reference.tag}" if reference.tag else ""
    return ImageReference.parse(f"{reference.name}{tag}{f'@{digest}' if digest else ''}")


def clashes(images: Iterable[DevfileImage], destination: Destination) -> tuple[Clash, ...]:
    """Images of different names that would become one; each pair of names once."""
    taken: dict[str, DevfileImage] = {}
    told: dict[tuple[str, str], Clash] = {}
    for image in images:
        if image.reference is None or not image.is_needed:
            continue
        name = destination.move(image.reference).name
        # What is in its place already may well be the copy of the other one.
        if name == image.reference.name:
            continue
        first = taken.setdefault(name, image)
        if first.reference is not None and first.reference.name != image.reference.name:
            told.setdefault((first.reference.name, image.reference.name), Clash(first, image, name))
    return tuple(told.values())


def refuse_clashes(found: Sequence[Clash]) -> None:
    """Complain of images that would become one.

    Raises:
        InputError: there are some.
    """
    if found:
        raise InputError(
            "\n".join(map(str, found)),
            position=found[0].second.position,
            hint="take --layout path, which keeps the whole path, or --layout hash, or send one of them elsewhere "
            "by --map",
        )


def _reason_to_leave(image: DevfileImage, options: Options, left: list[tuple[Position, str]]) -> bool:
    """Whether an image is passed over; what people should know of is noted."""
    if not image.is_needed:
        return image.role is Role.INDEX or options.build is None
    text = image.expanded.written
    if image.use.certainty < options.certainty:
        left.append((image.position, f"{text} is left alone: it is only {image.use.certainty} an image"))
    elif image.use.pieces:
        left.append((image.position, f"{text} is left alone: it is written in parts"))
    elif image.role is Role.BASE and image.expanded.missing:
        left.append((image.position, f"{text} is left alone: {image.use.fault}; the build decides"))
    else:
        return False
    return True


def _build_names(images: Iterable[DevfileImage], options: Options) -> dict[tuple[Path, str], str]:
    """By devfile and last part of the name, what an image with a relative name is built as."""
    names: dict[tuple[Path, str], str] = {}
    for image in images:
        reference, devfile = image.reference, image.devfile
        if options.build is None or devfile is None or reference is None or image.role is not Role.BUILD:
            continue
        # The library's notion of relative: `docker.io/app` is, as its full name would be docker.io/library/app.
        if reference.canonical() != image.expanded.text:
            names[devfile.path, leaf_of(reference)] = options.build.name(devfile, reference)
    return names


def _all_changes(
    images: Iterable[DevfileImage], destination: Destination, options: Options, builds: Mapping[tuple[Path, str], str]
) -> tuple[Change, ...]:
    """The changes of all images, or one error with all that stands against it."""
    changes: list[Change] = []
    faults: list[InputError] = []
    for image in images:
        try:
            change = _change(image, destination, options, builds)
        except InputError as error:
            faults.append(error)
        else:
            changes += [change] if change else []
    if faults:
        # Where one error names its place itself, several are told as lines with theirs.
        text = "\n".join(f"{fault.position}: {fault}" if len(faults) > 1 else str(fault) for fault in faults)
        raise InputError(text, position=faults[0].position, hint=faults[0].hint)
    return tuple(changes)


def _change(
    image: DevfileImage, destination: Destination, options: Options, builds: Mapping[tuple[Path, str], str]
) -> Change | None:
    reference, text = image.reference, image.expanded.text
    if reference is None:
        raise InputError(f"{text} cannot be moved: {image.use.fault}", position=image.position)
    built = builds.get((image.devfile.path, leaf_of(reference))) if image.devfile else None
    # A base image is pulled for the build, whatever the result is called.
    if built is not None and image.role is not Role.BASE:
        return Change(image, _checked(built, image), reference, None)
    if not image.is_needed:
        return None
    moved = destination.move(reference)
    if moved.name == reference.name:
        return None
    written = f"{moved.name}{_version_part(image, reference, destination)}"
    full = pinned(reference, options.digest_of)
    if full.digest and not reference.digest:
        written += f"@{full.digest}"
    tag = f":{full.tag}" if full.tag else ""
    digest = f"@{full.digest}" if full.digest else ""
    return Change(image, written, reference, ImageReference.parse(f"{moved.name}{tag}{digest}"))


def _checked(name: str, image: DevfileImage) -> str:
    try:
        return ImageReference.parse(name).text
    except InvalidReference as error:
        message = f"{image.expanded.text} cannot be built as {name}: {error}"
        raise InputError(message, position=image.position) from error


def _version_part(image: DevfileImage, reference: ImageReference, destination: Destination) -> str:
    """What stands behind the name, as it is written.

    Raises:
        InputError: a variable is part of the name, and no line of the mapping says where the image goes.
    """
    expanded, end = image.expanded, reference.parts.repository[1]
    at = expanded.written_at(end)
    if (at is None or expanded.has_variable_before(end)) and not _is_mapped(reference, destination):
        raise InputError(
            f"{expanded.written} cannot be moved: a variable is part of its name",
            position=image.position,
            hint=f"say where it goes by --map, in a line such as {reference.name}: {destination.base or 'HOST'}/"
            f"{leaf_of(reference)}, or write the name out",
        )
    rest = expanded.text[end:] if at is None else expanded.written[at:]
    return rest or f":{LATEST}"


def _is_mapped(reference: ImageReference, destination: Destination) -> bool:
    return any(entry.rest(reference.name) is not None for entry in destination.mapping)


def mirror_list(copies: Iterable[tuple[ImageReference, ImageReference]]) -> str:
    """The copies as lines of source and target, with a tab between."""
    return "".join(f"{source}\t{target}\n" for source, target in copies)


def needed_copies(
    images: Iterable[DevfileImage], destination: Destination, options: Options | None = None
) -> Iterator[tuple[ImageReference, ImageReference]]:
    """The copies that a move needs, without working out the texts; what is in its place already needs none.

    Raises:
        InputError: two images would become one.
    """
    chosen = options or Options()
    wanted = tuple(image for image in images if image.is_needed and image.use.certainty >= chosen.certainty)
    refuse_clashes(clashes(wanted, destination))
    done: set[str] = set()
    for image in wanted:
        if image.reference is None:
            continue
        source = pinned(image.reference, chosen.digest_of)
        target = destination.move(source)
        if target.name != source.name and str(source) not in done:
            done.add(str(source))
            yield source, target
