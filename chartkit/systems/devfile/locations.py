"""What a path means: a devfile, a stack, a whole registry, or a Dockerfile; and everything that lies in it.

| path | what is read |
|---|---|
| a YAML file | the devfile, the manifests and Dockerfiles it names, the Dockerfiles beside it, and a parent beside it |
| `stack.yaml`, or the folder it is in | the versions that it lists, each in a folder of its name |
| a folder with a `devfile.yaml` | that devfile |
| a folder with `stacks/` | a registry: its stacks and samples, `extraDevfileEntries.yaml`, the Dockerfiles in `.ci/` |
| another folder | the stacks below it, or the Dockerfiles in it |
| another file | a Dockerfile |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.images.use import ImageUse
from chartkit.systems.devfile.dockerfile import is_dockerfile
from chartkit.systems.devfile.document import Devfile, YAMLFile, read_devfile, read_yaml
from chartkit.systems.devfile.places import (
    DevfileImage,
    Role,
    images_of_devfile,
    images_of_dockerfile,
    is_there,
    local_file,
    with_built,
)

DEVFILES: Final = ("devfile.yaml", ".devfile.yaml")
STACK: Final = "stack.yaml"
EXTRA: Final = "extraDevfileEntries.yaml"
_STACKS: Final = ("stacks", "samples")
_INDEX: Final = ".ci"
_YAML: Final = (".yaml", ".yml")
_MOST_PARENTS: Final = 16


@dataclass(frozen=True)
class Collection:
    """Everything that some paths mean.

    Attributes:
        devfiles: the devfiles, and the parents beside them.
        lists: the files that list stacks, versions and samples.
        images: all images, each place once.
        registries: the folders of whole registries.
    """

    devfiles: tuple[Devfile, ...] = ()
    lists: tuple[YAMLFile, ...] = ()
    images: tuple[DevfileImage, ...] = ()
    registries: tuple[Path, ...] = ()

    @property
    def needed(self) -> tuple[DevfileImage, ...]:
        """The images that have to come from a registry."""
        return tuple(image for image in self.images if image.is_needed)


@dataclass
class _Found:
    """What the search has come upon so far."""

    devfiles: dict[Path, Devfile] = field(default_factory=dict)
    lists: list[YAMLFile] = field(default_factory=list)
    dockerfiles: dict[Path, Role] = field(default_factory=dict)
    registries: list[Path] = field(default_factory=list)


def collect(paths: Iterable[Path]) -> Collection:
    """Read what some paths mean.

    Raises:
        InputError: a file is missing or broken, or a folder holds nothing of the kind.
    """
    found = _Found()
    for path in paths:
        _search(path, found)
    images = [image for devfile in found.devfiles.values() for image in _images_around(devfile)]
    for path, role in found.dockerfiles.items():
        images += images_of_dockerfile(path, role=role)
    return Collection(
        tuple(found.devfiles.values()), tuple(found.lists), tuple(_distinct(images)), tuple(found.registries)
    )


def images_of(path: Path) -> tuple[ImageUse, ...]:
    """The images that a devfile, a stack, a registry or a Dockerfile needs: those it builds itself are left out.

    Raises:
        InputError: a file is missing or broken.
    """
    return tuple(image.use for image in collect([path]).needed)


def _search(path: Path, found: _Found) -> None:
    if path.is_dir():
        if not _search_folder(path, found):
            raise InputError(
                f"{path} holds no devfile",
                hint=f"a stack has a {DEVFILES[0]} or a {STACK}, a registry a folder stacks/",
            )
    elif path.name == STACK:
        _read_stack(path, found)
    elif path.name == EXTRA:
        found.lists.append(read_yaml(path))
    elif path.suffix in _YAML and not is_dockerfile(path.name):
        _read_devfile(path, found)
    else:
        found.dockerfiles.setdefault(path, Role.BASE)


def _search_folder(folder: Path, found: _Found) -> bool:
    """Read what a folder holds; the result is whether it was anything."""
    if (folder / _STACKS[0]).is_dir():
        _read_registry(folder, found)
        return True
    return _search_stack(folder, found) or _search_dockerfiles(folder, found)


def _read_registry(folder: Path, found: _Found) -> None:
    found.registries.append(folder)
    for name in _STACKS:
        if (folder / name).is_dir():
            _search_stack(folder / name, found)
    if (folder / EXTRA).is_file():
        found.lists.append(read_yaml(folder / EXTRA))
    for path in _files(folder / _INDEX):
        if is_dockerfile(path.name):
            found.dockerfiles.setdefault(path, Role.INDEX)


def _search_stack(folder: Path, found: _Found) -> bool:
    if (folder / STACK).is_file():
        _read_stack(folder / STACK, found)
        return True
    both = [folder / name for name in DEVFILES if (folder / name).is_file()]
    if len(both) > 1:
        raise InputError(f"both {both[0]} and {both[1]} are there: which one counts?", hint="remove one of them")
    if both:
        _read_devfile(both[0], found)
        return True
    # A list, as every folder is to be looked into.
    return any([_search_stack(path, found) for path in _folders(folder)])


def _search_dockerfiles(folder: Path, found: _Found) -> bool:
    paths = [path for path in _files(folder) if is_dockerfile(path.name)]
    found.dockerfiles |= {path: Role.BASE for path in paths if path not in found.dockerfiles}
    return bool(paths)


def _read_stack(path: Path, found: _Found) -> None:
    """The versions of a stack; one with a `git` of its own lies elsewhere."""
    stack = read_yaml(path)
    found.lists.append(stack)
    versions = stack.data.get("versions")
    if not isinstance(versions, list) or not versions:
        raise InputError(f"{path} lists no versions", position=stack.at("versions"))
    for index, version in enumerate(versions):
        name = version.get("version") if isinstance(version, dict) else None
        if not isinstance(name, str):
            raise InputError(
                f"{path}: version {index + 1} of {len(versions)} has no version that is a text",
                position=stack.at("versions", index),
            )
        # The build of the index reads each folder, and stops where one is missing; so do we.
        if not version.get("git") and not _search_stack(path.parent / name, found):
            raise InputError(
                f"{path} lists version {name}, and {path.parent / name} holds no devfile",
                position=stack.at("versions", index, "version"),
            )


def _read_devfile(path: Path, found: _Found) -> None:
    if path not in found.devfiles:
        for devfile in _with_parents(path):
            found.devfiles.setdefault(devfile.path, devfile)


def _with_parents(path: Path) -> list[Devfile]:
    """A devfile, and the parents that lie beside it, whose variables it knows."""
    chain = [read_devfile(path)]
    while (parent := _parent_of(chain[-1])) is not None and is_there(parent):
        if len(chain) > _MOST_PARENTS or any(each.path.resolve() == parent.resolve() for each in chain):
            position = chain[-1].at("parent", "uri")
            raise InputError(f"{path}: its parents lead back to themselves", position=position)
        chain.append(read_devfile(parent))
    inherited: Mapping[str, str] = {}
    known: list[Devfile] = []
    for each in reversed(chain):
        known.append(replace(each, inherited=inherited))
        # From the oldest ancestor down, as each one may change what it inherits.
        inherited = known[-1].variables
    return known[::-1]


def _parent_of(devfile: Devfile) -> Path | None:
    parent = devfile.data.get("parent")
    uri = parent.get("uri") if isinstance(parent, dict) else None
    return local_file(devfile, uri) if isinstance(uri, str) else None


def _images_around(devfile: Devfile) -> tuple[DevfileImage, ...]:
    """The images of a devfile, and of the Dockerfiles beside it that it does not name."""
    images = [*images_of_devfile(devfile)]
    named = {image.path.resolve() for image in images}
    for path in _files_below(devfile.path.parent):
        if is_dockerfile(path.name) and path.resolve() not in named:
            images += images_of_dockerfile(path, devfile=devfile)
    return with_built(images)


def _distinct(images: Iterable[DevfileImage]) -> Iterator[DevfileImage]:
    """Each place once, though several components or devfiles name the same file; being pulled counts most."""
    known: dict[tuple[Any, ...], DevfileImage] = {}
    for image in images:
        place = (image.path.resolve(), image.position.offset, image.expanded)
        if place not in known or (image.is_needed and not known[place].is_needed):
            known[place] = image
    return iter(known.values())


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in _entries(folder) if path.is_dir() and path.name[:1] != ".")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in _entries(folder) if path.is_file())


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _files_below(folder: Path) -> Iterator[Path]:
    """The files of a stack, without those of stacks below it."""
    yield from _files(folder)
    for inner in _folders(folder):
        # A stack within a stack is read for itself, with its own variables.
        if not any((inner / name).is_file() for name in (*DEVFILES, STACK)):
            yield from _files_below(inner)
