"""Holds a workflow extension against everything that must fit together for a registry of one's own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chartkit.chart.chart import Chart
from chartkit.checks.expect_registry import BROKEN
from chartkit.checks.finding import Severity
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.spelling import meant
from chartkit.checks.subject import Subject
from chartkit.constraint import Constraint, InvalidConstraint, Version
from chartkit.engine.compiled import compile_chart
from chartkit.engine.release import Release
from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.images.explain import explain
from chartkit.images.find import find_images
from chartkit.images.use import Certainty, ImageUse
from chartkit.source import Position
from chartkit.systems.kaapana import rules
from chartkit.systems.kaapana.dockerfile import Dockerfile
from chartkit.systems.kaapana.extension import INSTALLER, URL, Extension, Workflow
from chartkit.systems.kaapana.images import verdict
from chartkit.systems.kaapana.operators import OperatorImage
from chartkit.systems.kaapana.platform import (
    Platform,
    install_values,
    package_name,
    read_upload,
    set_string_flags,
)
from chartkit.systems.kaapana.registry import PLATFORM_SECRET, collisions, plain_url, secret_name, url_fault
from chartkit.systems.kaapana.scanner import scanner_fault
from chartkit.values.inputs import ValuesInput, read_values

Said = Iterator[tuple[Rule, Remark]]
_PREFIX: Final = "dag-"
_KEYS: Final = ("image", "action", "custom_registry_url", "pull_policy_images")


@dataclass(frozen=True, slots=True)
class NewRegistry:
    """The URL that somebody typed, or will type, into the New Registry extension."""

    url: str
    position: Position | None = None


def trace_as_installed(workflow: Workflow, platform: Platform) -> Trace:
    """The render of an extension with the values that the platform installs it with.

    Raises:
        ChartkitError: it does not render.
    """
    chart = workflow.chart
    given = set_string_flags(install_values(platform.values(), chart.values))
    return compile_chart(chart).trace(read_values(chart, set_string=given), Release(chart.name))


def check_workflow(
    extension: Extension, workflow: Workflow, platform: Platform, registries: Sequence[NewRegistry] = ()
) -> tuple[Subject, list[tuple[Rule, Remark]]]:
    """What is wrong with one chart of an extension, and with what belongs to it.

    Args:
        extension: the folder.
        workflow: the chart in it.
        platform: what the platform gives.
        registries: the New Registry extensions that are known of, beside those in the folder.

    Raises:
        InputError: a Python file cannot be parsed.
    """
    rendering, broken = _traced(workflow, platform)
    subject = _subject(workflow, rendering)
    known = [*registries, *(_typed(chart) for chart in extension.registries)]
    said: list[tuple[Rule, Remark]] = [
        *broken,
        *_installer(workflow),
        *_upload(workflow, rendering, platform),
        *_keys(workflow, subject, platform),
        *_url(workflow, subject, known),
        *_image(extension, workflow, subject),
        *(_rendered(workflow, subject) if rendering else ()),
        *_operators(extension, workflow),
    ]
    return subject, said


def _traced(workflow: Workflow, platform: Platform) -> tuple[Trace | None, list[tuple[Rule, Remark]]]:
    """The render, if there can be one; what else is wrong may well tell why there is none."""
    if workflow.installer is None:
        return None, []
    try:
        return trace_as_installed(workflow, platform), []
    except ChartkitError as error:
        return None, [(BROKEN, Remark(str(error), error.position, resource_file=f"{workflow.chart.name}/Chart.yaml"))]


def _subject(workflow: Workflow, rendering: Trace | None) -> Subject:
    # The user gives no values: what the platform adds is not his to change, so that places are those in values.yaml.
    images = find_images(rendering) if rendering else ()
    path = os.path.abspath(workflow.folder)
    return Subject(workflow.chart, ValuesInput(), {}, rendering, images, path=path, base=os.getcwd())


def _typed(chart: Chart) -> NewRegistry:
    given = chart.values.get("global") or {}
    subject = Subject(chart, ValuesInput(), {})
    return NewRegistry(str(given.get(URL[1]) or ""), subject.position(URL))


def _installer(workflow: Workflow) -> Said:
    if workflow.source.name.endswith("requirements.yaml") and workflow.chart.metadata.api_version != "v1":
        message = "dependencies stand in requirements.yaml, though Chart.yaml is of apiVersion v2"
        yield rules.OLD_REQUIREMENTS, Remark(message, Position(workflow.source, 0))
    path = workflow.local_path
    if path is not None and not path.is_dir():
        where = workflow.declared_position("repository")
        yield rules.MISSING_CHART, Remark(f"{os.path.normpath(path)} is not there", where)
    elif workflow.installer is None:
        where = workflow.declared_position("repository")
        yield rules.MISSING_CHART, Remark(f"{INSTALLER} is not in charts/", where, fix="Build it: helm dep up.")
    if workflow.installer is not None and not _fits(workflow.installer.metadata.version, workflow.declared.version):
        message = (
            f"the installer's image gets the tag {workflow.installer.metadata.version}, "
            f"and version {workflow.declared.version} of {INSTALLER} is asked for"
        )
        yield rules.TAG, Remark(message, workflow.declared_position("version"))


def _fits(version: str, wanted: str) -> bool:
    try:
        # Versions that are no semantic ones fit where the texts are the same.
        return version == wanted or Constraint.parse(wanted).matches(Version.parse(version))
    except InvalidConstraint:
        return False


def _upload(workflow: Workflow, rendering: Trace | None, platform: Platform) -> Said:
    metadata = workflow.chart.metadata
    file = package_name(metadata.name, metadata.version)
    upload = read_upload(file)
    if upload != (metadata.name, metadata.version):
        message = f"the platform takes {file} for version {upload.version} of {upload.name}"
        yield rules.UPLOAD, Remark(message, resource_file=f"{metadata.name}/Chart.yaml")
    assembled = rendering.assembled if rendering else None
    for manifest in (*assembled.manifests, *assembled.hooks) if assembled else ():
        names = manifest.doc.get("metadata") or {}
        if names.get("namespace") == platform.admin_namespace:
            message = f"{manifest.head.kind} {manifest.head.name} is in the namespace {platform.admin_namespace}"
            yield rules.UPLOAD, Remark(message, resource_file=manifest.file)


def _keys(workflow: Workflow, subject: Subject, platform: Platform) -> Said:
    known = {*_KEYS, *platform.values()}
    given = workflow.chart.values.get(URL[0])
    for key, value in given.items() if isinstance(given, dict) else ():
        path = (URL[0], key)
        near = meant(key, known) if key not in known else ""
        if near:
            message = f"nothing reads {'.'.join(path)}: is {near} meant?"
            yield rules.UNREAD, Remark(message, subject.position(path), ".".join(path))
        elif key in known and not isinstance(value, str) and value is not None:
            message = f"{'.'.join(path)} is no text, and the platform passes on texts only"
            yield rules.UNREAD, Remark(message, subject.position(path), ".".join(path))


def _url(workflow: Workflow, subject: Subject, known: Iterable[NewRegistry]) -> Said:
    url, position, key = workflow.url, subject.position(URL), ".".join(URL)
    if not url:
        return
    fault = url_fault(url)
    if fault:
        yield rules.URL_TEXT, Remark(f"{key} {fault}: {url}", position, key)
    others = [each for each in known if each.url]
    for other in others:
        fault = url_fault(other.url)
        if fault:
            yield rules.URL_TEXT, Remark(f"the URL of New Registry {fault}: {other.url}", other.position, key)
    # Several registries may be installed; one of them has to be this one, letter for letter.
    if others and url not in [other.url for other in others]:
        alike = [other for other in others if plain_url(other.url) == plain_url(url)]
        near = (alike or others)[0].url
        message = (
            f"the chart names the secret {secret_name(url)} for {url}, New Registry {secret_name(near)} for {near}"
        )
        yield rules.URL_TEXT, Remark(message, position, key)
    for first, second in collisions(dict.fromkeys([url, *(other.url for other in others)])):
        yield rules.COLLISION, Remark(f"{first} and {second} both have {secret_name(first)}", position, key)


def _image(extension: Extension, workflow: Workflow, subject: Subject) -> Said:
    path = ("global", "image")
    position = subject.position(path)
    if not workflow.image.startswith(_PREFIX):
        message = f"global.image is {workflow.image or 'not set'}, which does not begin with {_PREFIX}"
        yield rules.IMAGE_NAME, Remark(message, position, "global.image")
    if not workflow.image or not extension.dockerfiles or extension.dockerfile(workflow.image):
        return
    taken = {each.image for each in extension.workflows}
    # An image that is some other chart's installer is right where it is.
    near = [each for each in extension.dockerfiles if each.image not in taken and _brings_code(each, extension)]
    if near and near[0].image:
        label = near[0].labels["IMAGE"]
        message = f"LABEL IMAGE is {label.text}, and global.image is {workflow.image}"
        yield rules.LABEL, Remark(message, label.position)
    else:
        yield rules.LABEL, Remark(f"no Dockerfile has LABEL IMAGE={workflow.image}", position, "global.image")


def _brings_code(dockerfile: Dockerfile, extension: Extension) -> bool:
    """Whether a Dockerfile makes an installer: by its label, or as operators lie beside it."""
    folder = dockerfile.path.parent
    beside = any(image.file.path.is_relative_to(folder) for image in extension.operators)
    return dockerfile.image.startswith(_PREFIX) or beside


def _rendered(workflow: Workflow, subject: Subject) -> Said:
    tags: set[str] = set()
    for use in subject.images:
        if any(character.isspace() or character in "{}" for character in use.text):
            yield rules.BROKEN_IMAGE, Remark(f"the image is {use.text!r}", _written(use), use=use)
        elif use.reference and use.reference.repository.rpartition("/")[2] == workflow.image:
            tags.add(use.reference.tag)
    version = workflow.installer.metadata.version if workflow.installer else ""
    for tag in sorted(tags - {version}):
        message = f"the installer's image gets the tag {tag or 'latest'}, not the version {version} of {INSTALLER}"
        yield rules.TAG, Remark(message, workflow.declared_position("version"))


def _written(use: ImageUse) -> Position | None:
    """The place in the template that wrote an image."""
    template = explain(use).template if use.place != "chart annotation" else ()
    return template[-1] if template else None


def _operators(extension: Extension, workflow: Workflow) -> Said:
    if not workflow.url:
        return
    for image in extension.operators:
        is_ours = image.text.startswith(f"{workflow.url}/")
        if is_ours or image.is_from_platform:
            yield from _secret(image, workflow.url)
        if is_ours:
            fault = scanner_fault(image)
            if fault:
                remark = Remark(f"{image.text}: the platform's installer {fault}", image.file.position(image.offset))
                yield rules.SCANNER, remark
        else:
            yield from _other_registry(image, workflow.url)


def _other_registry(image: OperatorImage, url: str) -> Said:
    """An image from elsewhere: an error only where it is the platform's, as others may be meant."""
    if (verdict(image.text).certainty or Certainty.POSSIBLE) < Certainty.LIKELY:
        return
    message = f"{image.text} is not from {url}"
    # The same registry written otherwise is a mistake; a third one may well be meant.
    is_meant = plain_url(image.text).startswith(f"{plain_url(url)}/")
    severity = None if image.is_from_platform or is_meant else Severity.WARNING
    yield rules.OPERATOR_REGISTRY, Remark(message, image.file.position(image.offset), severity=severity)


def _secret(image: OperatorImage, url: str) -> Said:
    name = secret_name(url)
    if image.pull_secrets is not None and name in image.pull_secrets:
        return
    named = ", ".join(image.pull_secrets or ()) or f"{PLATFORM_SECRET}, by default"
    offset = image.offset if image.secrets_offset is None else image.secrets_offset
    yield (
        rules.OPERATOR_SECRET,
        Remark(
            f"{image.text} needs {name}, and the operator names {named}",
            image.file.position(offset),
            fix=f'Add "{name}" to image_pull_secrets, and have the secret in the namespace in which the task runs.',
        ),
    )
