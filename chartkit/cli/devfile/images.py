"""`chartkit devfile images`: every image of devfiles, of the manifests and Dockerfiles they name.

The formats are those of `chartkit images`; each row has besides its fields `written`, the image as it stands in the
file with its variables, `role`, what it is to its devfile, and `column`. `plain` lists what has to be pulled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.devfile.subject import USAGE, read_collection
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import Flag, UsageError, read_words
from chartkit.cli.image_rows import FIELDS, Row, image_row
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_columns, as_csv, as_json, as_markdown, as_yaml
from chartkit.profile import NEWEST
from chartkit.systems.devfile.places import ROLES, DevfileImage, Role
from chartkit.systems.devfile.relocation import pinned

_TITLES: Final = ("image", "role", "resource", "container", "place", "note")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit devfile images`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", tuple(_FORMATS), "text")
    roles = [_role(name) for name in words.texts("role")] or list(Role)
    images = [image for image in read_collection(words).images if image.role in roles]
    put(_FORMATS[form](images))
    return CLEAN


def _role(name: str) -> Role:
    if name not in tuple(Role):
        raise UsageError(f'unknown role "{name}": must be one of {", ".join(Role)}')
    return Role(name)


def devfile_row(image: DevfileImage) -> Row:
    """The row of an image; `image` is what its variables make of it."""
    row = image_row(image.use)
    return {
        **row,
        "image": image.expanded.text,
        "written": image.expanded.written,
        "role": str(image.role),
        "column": image.position.column,
    }


def _cells(images: Sequence[DevfileImage]) -> list[list[str]]:
    return [
        [
            image.expanded.text,
            str(image.role),
            "/".join(filter(None, (image.use.resource.kind, image.use.resource.name))),
            image.use.container,
            str(image.position),
            _note(image),
        ]
        for image in images
    ]


def _note(image: DevfileImage) -> str:
    written = image.expanded.written
    notes = [image.use.fault, f"written {written}" if written != image.expanded.text and not image.use.fault else ""]
    return "; ".join(filter(None, notes))


def _rows(images: Sequence[DevfileImage]) -> list[Row]:
    return [devfile_row(image) for image in images]


def _plain(images: Sequence[DevfileImage]) -> str:
    names = dict.fromkeys(str(pinned(each.reference)) for each in images if each.reference and each.is_needed)
    return "".join(f"{name}\n" for name in names)


def _csv(images: Sequence[DevfileImage]) -> str:
    return as_csv(_rows(images), (*FIELDS, "written", "role", "column"))


_FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    "text": lambda images: as_columns(_cells(images)) if images else "",
    "json": lambda images: as_json({"images": _rows(images)}),
    "yaml": lambda images: as_yaml({"images": _rows(images)}),
    "csv": _csv,
    "markdown": lambda images: as_markdown(_cells(images), _TITLES),
    "plain": _plain,
}

COMMAND: Final = Command(
    name="devfile images",
    usage=USAGE,
    help="List the images of devfiles, stacks, whole registries and Dockerfiles: in containers, image builds, inlined "
    f"manifests, manifest files and FROM lines. Roles: {'; '.join(f'{role}: {text}' for role, text in ROLES.items())}.",
    flags=(
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        Flag("role", f"only images with these roles: {', '.join(Role)}", "list"),
    ),
    run=run,
)
