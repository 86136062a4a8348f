"""Every place of a devfile where an image stands, with the part that the image plays there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from os.path import isfile
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.goyaml.positions import Path as Steps
from chartkit.images.judge import Verdict, read
from chartkit.images.scope import Findings, Scope
from chartkit.images.use import Certainty, ImageUse, Level, Resource, locate
from chartkit.images.walk import search_object
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import Head
from chartkit.manifests.split import split_documents
from chartkit.reference import ImageReference
from chartkit.source import Position, Source
from chartkit.systems.devfile.dockerfile import base_images
from chartkit.systems.devfile.document import Devfile, is_remote, read_source
from chartkit.systems.devfile.expansion import Expanded, expand_variables, mask, unmask

_CLUSTERS: Final = ("kubernetes", "openshift")
_BUILD_ARGUMENT: Final = "--build-arg"


class Role(StrEnum):
    """What an image is to a devfile."""

    PULLED = "pulled"
    BASE = "base"
    BUILD = "build"
    BUILT = "built"
    INDEX = "index build"


ROLES: Final[Mapping[Role, str]] = {
    Role.PULLED: "a container runs it",
    Role.BASE: "an image is built on it",
    Role.BUILD: "the name of an image to build, which nobody pulls",
    Role.BUILT: "a use of an image that the devfile builds",
    Role.INDEX: "the image of the registry's index is built on it",
}
"""The roles in words."""


@dataclass(frozen=True, slots=True)
class DevfileImage:
    """An image of a devfile or a Dockerfile.

    Attributes:
        use: the image and its place; its `text` is as it is written, its `reference` with the variables filled in.
        role: what it is to the devfile.
        expanded: the written text and what it stands for.
        path: the file it stands in.
        devfile: the devfile it belongs to; `None` for a Dockerfile alone.
    """

    use: ImageUse
    role: Role
    expanded: Expanded
    path: Path
    devfile: Devfile | None = None

    @property
    def position(self) -> Position:
        """Where it is written."""
        return self.use.position or Position(Source(self.use.manifest.file, self.use.file_text), 0)

    @property
    def is_needed(self) -> bool:
        """Whether it has to come from a registry before the stack can be used."""
        return self.role in (Role.PULLED, Role.BASE)

    @property
    def reference(self) -> ImageReference | None:
        """The image; `None` if the text is none."""
        return self.use.reference


def images_of_devfile(devfile: Devfile) -> tuple[DevfileImage, ...]:
    """The images of a devfile, of the manifests and Dockerfiles that it names, in the order of its components.

    Raises:
        InputError: a manifest is no YAML.
    """
    found: list[DevfileImage] = []
    for steps, component in devfile.components():
        if "container" in component:
            found += _named(devfile, steps, component, ("container", "image"), Role.PULLED)
        elif "image" in component:
            found += _named(devfile, steps, component, ("image", "imageName"), Role.BUILD)
            found += _dockerfile_of(devfile, component)
        for kind in _CLUSTERS:
            found += _manifests(devfile, (*steps, kind), component.get(kind) or {})
    return with_built(found)


def images_of_dockerfile(
    path: Path, given: Mapping[str, str] | None = None, devfile: Devfile | None = None, role: Role = Role.BASE
) -> tuple[DevfileImage, ...]:
    """The images of a Dockerfile.

    Args:
        path: the file.
        given: the arguments that the build is given.
        devfile: the devfile that names it.
        role: what its images are.
    """
    source = read_source(path)
    findings = Findings(Manifest(source.name, 0, 0, source.text, Head()), source.text)
    resource = Resource("Devfile", devfile.name) if devfile else Resource()
    bases = base_images(source.text, given)
    for base in bases:
        scope = Scope(source.text, resource, "dockerfile", container=base.instruction)
        where = ((), source.text, base.offset)
        findings.add(_verdict(base.expanded), base.expanded.written, where, scope)
    pairs = zip(findings.uses, bases, strict=True)
    return tuple(DevfileImage(use, role, base.expanded, path, devfile) for use, base in pairs)


def local_file(devfile: Devfile, uri: str) -> Path | None:
    """The file beside a devfile that a URI means; `None` if it is fetched from the network."""
    text = expand_variables(uri, devfile.variables).text
    # Beside the devfile even with a slash in front, as the devfile library joins the two.
    return None if is_remote(text) else devfile.path.parent / text.lstrip("/")


def is_there(path: Path) -> bool:
    """Whether a file that somebody's devfile names exists: whatever the name, there is an answer."""
    return isfile(path)


def with_built(images: Iterable[DevfileImage]) -> tuple[DevfileImage, ...]:
    """The images of one devfile, those told apart that it builds itself.

    The placeholder in a manifest is the name of the image to build, and is not pulled from anywhere.
    """
    known = tuple(images)
    builds = [each.reference for each in known if each.role is Role.BUILD and each.reference]
    names = {reference.name for reference in builds}
    leaves = {leaf_of(reference) for reference in builds if not reference.parts.registry}
    return tuple(_told(each, names, leaves) for each in known)


def leaf_of(reference: ImageReference) -> str:
    """The last part of an image's path."""
    return reference.repository.rpartition("/")[2]


def _told(image: DevfileImage, names: set[str], leaves: set[str]) -> DevfileImage:
    reference = image.reference
    if image.role is not Role.PULLED or reference is None:
        return image
    # With a registry of its own, an image of the same leaf is somebody else's, and pulled from there.
    is_own = reference.name in names or (not reference.parts.registry and leaf_of(reference) in leaves)
    return replace(image, role=Role.BUILT) if is_own else image


def _verdict(expanded: Expanded, certainty: Certainty = Certainty.CERTAIN) -> Verdict:
    if expanded.missing:
        return Verdict(None, certainty, f"nothing says what {' and '.join(expanded.missing)} is")
    return read(expanded.text, certainty)


def _named(
    devfile: Devfile, steps: Steps, component: Mapping[str, Any], keys: tuple[str, str], role: Role
) -> Iterator[DevfileImage]:
    """The image that a component names under two keys."""
    written = (component[keys[0]] or {}).get(keys[1])
    if written is None:
        return
    expanded = expand_variables(written, devfile.variables)
    # Masked like the manifests in it, so that one text and its offsets serve for all places of the file.
    text = mask(devfile.source.text)
    place = "component" if role is Role.PULLED else "image build"
    scope = Scope(text, Resource("Devfile", devfile.name), place, container=component["name"])
    findings = _findings_in(devfile)
    findings.add(_verdict(expanded), written, ((*steps, *keys), mask(written), 0), scope)
    yield DevfileImage(findings.uses[0], role, expanded, devfile.path, devfile)


def _findings_in(devfile: Devfile) -> Findings:
    source = devfile.source
    return Findings(Manifest(source.name, 0, 0, mask(source.text), Head()), source.text)


def _dockerfile_of(devfile: Devfile, component: Mapping[str, Any]) -> Iterable[DevfileImage]:
    dockerfile = (component["image"] or {}).get("dockerfile")
    held = dockerfile if isinstance(dockerfile, dict) else {}
    path = local_file(devfile, held["uri"]) if isinstance(held.get("uri"), str) else None
    # A Dockerfile that is not here comes with the project's own sources.
    if path is None or not is_there(path):
        return ()
    return images_of_dockerfile(path, _build_arguments(held.get("args"), devfile), devfile)


def _build_arguments(args: Any, devfile: Devfile) -> dict[str, str]:
    """What a component gives its build: `--build-arg NAME=VALUE`, in one word or in two."""
    words = [expand_variables(word, devfile.variables).text for word in args or () if isinstance(word, str)]
    given: dict[str, str] = {}
    for before, word in zip(("", *words), words, strict=False):
        text = word if before == _BUILD_ARGUMENT else word.removeprefix(f"{_BUILD_ARGUMENT}=")
        name, equals, value = text.partition("=")
        if equals and (before == _BUILD_ARGUMENT or word.startswith(f"{_BUILD_ARGUMENT}=")):
            given[name] = value
    return given


def _manifests(devfile: Devfile, steps: Steps, value: Mapping[str, Any]) -> Iterable[DevfileImage]:
    """The images of a component's manifests, inlined or beside the devfile."""
    if isinstance(value.get("inlined"), str):
        return _inlined(devfile, (*steps, "inlined"), value["inlined"])
    path = local_file(devfile, value["uri"]) if isinstance(value.get("uri"), str) else None
    return _manifest_file(devfile, path) if path is not None and is_there(path) else ()


def _inlined(devfile: Devfile, steps: Steps, value: str) -> Iterator[DevfileImage]:
    findings = _findings_in(devfile)
    outer = Level(mask(devfile.source.text), steps, mask(value))
    for base, part in split_documents(mask(value), "C"):
        levels = (outer, Level(part, (), part, base))
        document = _document(part, levels, devfile.source)
        scope = Scope(part, _resource(document), "inlined", outer=(outer,), base=base)
        search_object(document, findings, scope)
    yield from _images(findings, devfile, devfile.path)


def _manifest_file(devfile: Devfile, path: Path) -> Iterator[DevfileImage]:
    source = read_source(path)
    text = mask(source.text)
    for index, (start, part) in enumerate(split_documents(text, "C")):
        document = _document(part, (Level(text, (), text), Level(part, (), part, start)), source)
        findings = Findings(Manifest(source.name, index, start, part, Head()), source.text)
        search_object(document, findings, Scope(part))
        yield from _images(findings, devfile, path)


def _document(text: str, levels: tuple[Level, ...], source: Source) -> dict[str, Any]:
    """The object that a document is.

    Raises:
        InputError: it is no YAML, or no object.
    """
    try:
        document = load(text)
    except YAMLError as error:
        offset = min(error.offset or 0, max(len(text) - 1, 0))
        found = locate(levels, (offset, offset + 1))
        position = Position.shown(source, found[0] if found else 0)
        raise InputError(f"{source.name}: a manifest is no YAML: {error}", position=position) from error
    if document is not None and not isinstance(document, dict):
        found = locate(levels, (0, 1))
        raise InputError(
            f"{source.name}: a manifest must be a map", position=Position(source, found[0] if found else 0)
        )
    return document or {}


def _images(findings: Findings, devfile: Devfile, path: Path) -> Iterator[DevfileImage]:
    for use in findings.uses:
        # What is merely possible would drown what is sure.
        if use.certainty < Certainty.LIKELY:
            continue
        expanded = expand_variables(unmask(use.text), devfile.variables)
        verdict = _verdict(expanded, use.certainty)
        resource = Resource(*(_filled(text, devfile) for text in _names(use.resource)))
        known = replace(
            use,
            text=expanded.written,
            reference=verdict.reference,
            fault=verdict.fault,
            resource=resource,
            container=_filled(use.container, devfile),
        )
        yield DevfileImage(known, Role.PULLED, expanded, path, devfile)


def _names(resource: Resource) -> tuple[str, str, str]:
    return resource.kind, resource.name, resource.namespace


def _filled(text: str, devfile: Devfile) -> str:
    return expand_variables(unmask(text), devfile.variables).text


def _resource(document: Mapping[str, Any]) -> Resource:
    metadata = document.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    return Resource(str(document.get("kind") or ""), str(known.get("name") or ""), str(known.get("namespace") or ""))
