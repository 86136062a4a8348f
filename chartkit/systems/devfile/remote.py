"""What still needs the network: parents, manifests, Dockerfiles, projects, icons, and images from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.rule import Rule
from chartkit.checks.tags import RULES as TAG_RULES
from chartkit.errors import InputError
from chartkit.goyaml.positions import Path as Steps
from chartkit.images.providers import is_known_registry
from chartkit.images.target import Destination
from chartkit.reference import ImageReference, InvalidReference
from chartkit.source import Position
from chartkit.systems.devfile.document import Devfile, YAMLFile, is_remote, read_yaml
from chartkit.systems.devfile.expansion import expand_variables
from chartkit.systems.devfile.index import CHART_IMAGES, HEADLESS, ChartImage, chart_image
from chartkit.systems.devfile.locations import Collection
from chartkit.systems.devfile.places import DevfileImage, is_there, local_file
from chartkit.systems.devfile.relocation import LATEST, clashes, pinned
from chartkit.systems.devfile.rules import (
    CHART_IMAGE,
    LEAF_COLLISION,
    REMOTE_ICON,
    REMOTE_IMAGE,
    REMOTE_MANIFEST,
    REMOTE_PARENT,
    REMOTE_PROJECT,
)

_MOVING: Final = next(rule for rule in TAG_RULES if rule.id == "CK101")
_PROJECTS: Final = {"starterProjects": "starter project", "projects": "project", "dependentProjects": "project"}
_ALPHA: Final = ("alpha.build-dockerfile", "alpha.deployment-manifest")
_SOURCES: Final = ("git", "github")


def find_remote(collection: Collection) -> Iterator[Finding]:
    """What devfiles and lists fetch from the network: CK501, CK502, CK503 and CK507."""
    for devfile in collection.devfiles:
        yield from _parents(devfile)
        for steps, component in devfile.components():
            yield from _component(devfile, steps, component)
        yield from _projects(devfile)
        yield from _icon(devfile, ("metadata", "icon"))
        yield from _named_by_metadata(devfile)
    for listed in collection.lists:
        yield from _listed(listed)


def find_images_elsewhere(collection: Collection, destination: Destination | None) -> Iterator[Finding]:
    """CK506: images that are not in their new place, or, where no place is named, are of a public registry."""
    for image in collection.needed:
        reference = image.reference
        if reference is None:
            yield _finding(REMOTE_IMAGE, f"{image.expanded.text} is no image: {image.use.fault}", image.position, image)
        elif destination is not None and not destination.holds(reference):
            target = destination.move(pinned(reference))
            yield _finding(
                REMOTE_IMAGE,
                f"{reference} is pulled from {reference.registry}, not from {target.registry}",
                image.position,
                image,
                severity=Severity.ERROR,
            )
        elif destination is None and (is_known_registry(reference.registry) or not reference.parts.registry):
            yield _finding(REMOTE_IMAGE, f"{reference} is pulled from {reference.registry}", image.position, image)


def find_moving(collection: Collection) -> Iterator[Finding]:
    """CK101: images whose tag is `latest`, or that have neither tag nor digest."""
    for image in collection.needed:
        reference = image.reference
        if reference is None or reference.digest or reference.tag not in ("", LATEST):
            continue
        problem = "has the tag latest" if reference.tag else "has neither tag nor digest, which means latest"
        yield _finding(_MOVING, f"{reference} {problem}", image.position, image)


def find_clashes(images: Iterable[DevfileImage], destination: Destination) -> Iterator[Finding]:
    """CK505: images that would become one."""
    for clash in clashes(images, destination):
        yield _finding(LEAF_COLLISION, str(clash), clash.second.position, clash.second)


def find_chart_images(
    collection: Collection, values: Path | None, destination: Destination | None
) -> Iterator[Finding]:
    """CK504: images that the devfile-registry chart would pull from elsewhere.

    Args:
        collection: what is checked; the chart belongs to whole registries.
        values: the values for the chart, if there are some.
        destination: where images should be.

    Raises:
        InputError: the values cannot be read.
    """
    given = read_yaml(values) if values else None
    # A stack alone is not installed by the chart.
    if given is None and not collection.registries:
        return
    for image in CHART_IMAGES:
        if image.key == HEADLESS.key and given is not None and _at(given.data, HEADLESS.switch) is True:
            continue
        reference = _chart_image(image, given)
        if destination.holds(reference) if destination else not is_known_registry(reference.registry):
            continue
        position = given.at(image.key, "image") if given and given.positions.value((image.key, "image")) else None
        file = str(values) if values else str(collection.registries[0])
        message = f"the devfile-registry chart pulls {reference} for {image.key}"
        yield Finding(
            CHART_IMAGE.id, CHART_IMAGE.severity, message, str(reference), file, position, CHART_IMAGE.fix,
            key=f"{image.key}.image",
        )  # fmt: skip


def _chart_image(image: ChartImage, given: YAMLFile | None) -> ImageReference:
    try:
        return chart_image(image, given.data if given else {})
    except InvalidReference as error:
        position = given.at(image.key, "image") if given else None
        raise InputError(f"{image.key} names no image: {error}", position=position) from error


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _parents(devfile: Devfile) -> Iterator[Finding]:
    parent = devfile.data.get("parent")
    if isinstance(parent, dict):
        yield from _import(devfile, ("parent",), parent, "the parent")


def _import(devfile: Devfile, steps: Steps, holder: Mapping[str, Any], what: str) -> Iterator[Finding]:
    """What a parent or a plugin is fetched from."""
    uri = holder.get("uri")
    if isinstance(uri, str):
        path = local_file(devfile, uri)
        if path is None:
            yield _finding(REMOTE_PARENT, f"{what} is fetched from {uri}", devfile.at(*steps, "uri"))
        elif not is_there(path):
            yield _finding(REMOTE_PARENT, f"{what} {uri} is not here", devfile.at(*steps, "uri"))
    elif "id" in holder:
        registry = holder.get("registryUrl") or "the registry that the tool knows"
        yield _finding(REMOTE_PARENT, f"{what} {holder['id']} is fetched from {registry}", devfile.at(*steps, "id"))
    elif "kubernetes" in holder:
        yield _finding(REMOTE_PARENT, f"{what} is fetched from a cluster", devfile.at(*steps, "kubernetes"))


def _component(devfile: Devfile, steps: Steps, component: Mapping[str, Any]) -> Iterator[Finding]:
    name = component["name"]
    for kind in ("kubernetes", "openshift"):
        uri = (component.get(kind) or {}).get("uri")
        if isinstance(uri, str):
            yield from _file(devfile, (*steps, kind, "uri"), uri, f"the manifest of component {name}")
    plugin = component.get("plugin")
    if isinstance(plugin, dict):
        yield from _import(devfile, (*steps, "plugin"), plugin, f"plugin {name}")
    dockerfile = (component.get("image") or {}).get("dockerfile")
    if isinstance(dockerfile, dict):
        yield from _dockerfile(devfile, (*steps, "image", "dockerfile"), dockerfile, name)


def _file(devfile: Devfile, steps: Steps, uri: str, what: str) -> Iterator[Finding]:
    path = local_file(devfile, uri)
    shown = expand_variables(uri, devfile.variables).text
    if path is None:
        yield _finding(REMOTE_MANIFEST, f"{what} is fetched from {shown}", devfile.at(*steps))
    elif not is_there(path):
        # A project may bring the file with it, so that this need not be a fault.
        yield _finding(
            REMOTE_MANIFEST,
            f"{what} is not here: there is no {path}",
            devfile.at(*steps),
            severity=Severity.WARNING,
        )


def _dockerfile(devfile: Devfile, steps: Steps, holder: Mapping[str, Any], name: str) -> Iterator[Finding]:
    what = f"the Dockerfile of component {name}"
    if isinstance(holder.get("uri"), str):
        yield from _file(devfile, (*steps, "uri"), holder["uri"], what)
    elif isinstance(holder.get("git"), dict):
        for remote, url, position in _remotes(devfile, (*steps, "git"), holder["git"]):
            yield _finding(REMOTE_MANIFEST, f"{what} is fetched from {url} ({remote})", position)
    elif isinstance(holder.get("devfileRegistry"), dict):
        registry = holder["devfileRegistry"].get("registryUrl") or "a devfile registry"
        yield _finding(REMOTE_MANIFEST, f"{what} is fetched from {registry}", devfile.at(*steps, "devfileRegistry"))


def _named_by_metadata(devfile: Devfile) -> Iterator[Finding]:
    """Before devfiles could build images, their metadata named the Dockerfile and the manifests for it."""
    metadata = devfile.data.get("metadata")
    for key in _ALPHA:
        uri = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(uri, str) and is_remote(uri):
            message = f"{key} is fetched from {uri}"
            yield _finding(REMOTE_MANIFEST, message, devfile.at("metadata", key), severity=Severity.WARNING)


def _projects(devfile: Devfile) -> Iterator[Finding]:
    for holder, before in ((devfile.data, ()), (devfile.data.get("parent"), ("parent",))):
        for key, what in _PROJECTS.items():
            for index, project in enumerate((holder.get(key) or ()) if isinstance(holder, dict) else ()):
                said = f"{what} {project.get('name') or index + 1}"
                yield from _project(devfile, (*before, key, index), project, said)


def _project(file: YAMLFile, steps: Steps, project: Mapping[str, Any], what: str) -> Iterator[Finding]:
    for source in _SOURCES:
        held = project.get(source)
        if isinstance(held, dict):
            for remote, url, position in _remotes(file, (*steps, source), held):
                yield _finding(REMOTE_PROJECT, f"{what} is cloned from {url} ({remote})", position)
    archive = project.get("zip")
    location = archive.get("location") if isinstance(archive, dict) else None
    if isinstance(location, str):
        variables = file.variables if isinstance(file, Devfile) else {}
        shown = expand_variables(location, variables).text
        at = file.at(*steps, "zip", "location")
        if is_remote(shown):
            yield _finding(REMOTE_PROJECT, f"{what} is downloaded from {shown}", at)
        elif not is_there(file.path.parent / shown):
            yield _finding(REMOTE_PROJECT, f"{what} is not here: there is no {file.path.parent / shown}", at)


def _remotes(file: YAMLFile, steps: Steps, git: Mapping[str, Any]) -> Iterator[tuple[str, str, Position]]:
    """The remotes of a git source: those of a devfile by name, and the `url` of lists."""
    for name, url in (git.get("remotes") or {}).items():
        yield str(name), str(url), file.at(*steps, "remotes", name)
    if isinstance(git.get("url"), str):
        yield str(git.get("remoteName") or "origin"), git["url"], file.at(*steps, "url")


def _listed(file: YAMLFile) -> Iterator[Finding]:
    """What stack.yaml and extraDevfileEntries.yaml name: versions, samples and stacks that lie in repositories."""
    yield from _icon(file, ("icon",))
    for key in ("versions", "samples", "stacks"):
        for index, entry in enumerate(_maps(file.data.get(key))):
            what = f"{key[:-1]} {entry.get('name') or entry.get('version') or index + 1}"
            yield from _icon(file, (key, index, "icon"))
            yield from _project(file, (key, index), entry, what)
            for number, version in enumerate(_maps(entry.get("versions"))):
                said = f"{what} {version.get('version') or number + 1}"
                yield from _project(file, (key, index, "versions", number), version, said)


def _maps(value: Any) -> list[dict[str, Any]]:
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _icon(file: YAMLFile, steps: Steps) -> Iterator[Finding]:
    value: Any = file.data
    for step in steps:
        value = _maps(value)[step] if isinstance(step, int) else value.get(step) if isinstance(value, dict) else None
    if isinstance(value, str) and is_remote(value):
        yield _finding(REMOTE_ICON, f"the icon is shown from {value}", file.at(*steps))


def _finding(
    rule: Rule, message: str, position: Position, image: DevfileImage | None = None, severity: Severity | None = None
) -> Finding:
    use = image.use if image else None
    about = {} if use is None else {"image": use.text, "resource": use.resource, "container": use.container}
    return Finding(
        rule=rule.id,
        severity=severity or rule.severity,
        message=message,
        file=position.source.name,
        position=position,
        fix=rule.fix,
        **about,  # type: ignore[arg-type]
    )
