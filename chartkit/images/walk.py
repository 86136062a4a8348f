"""The search through a manifest, by the kind of its object."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Mapping
from typing import Any, Final

from chartkit.goyaml.positions import Path
from chartkit.images.arguments import environment_of
from chartkit.images.custom import defined_fields, is_silent, only_speaks
from chartkit.images.judge import Verdict, read
from chartkit.images.scope import Findings, Scope, written_scalar
from chartkit.images.tree import TreeSearch
from chartkit.images.use import Certainty, ImageUse, Resource
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.podspec import BUILT_IN_GROUPS, CONTAINER_LISTS, api_group, pod_spec_path
from chartkit.record import replace

_DATA_KINDS: Final = ("ConfigMap", "Secret")
_HEAD_KEYS: Final = ("apiVersion", "kind", "metadata", "status")
_NO_TEXT: Final = Verdict(None, Certainty.CERTAIN, "an image must be a string")
_INJECTED: Final = "auto"
_INJECTOR_KEYS: Final = ("inject.istio.io/templates", "sidecar.istio.io/inject")


def search(manifest: Manifest, file_text: str) -> list[ImageUse]:
    """The images of a manifest, in the order of the document."""
    findings = Findings(manifest, file_text)
    document = manifest.doc
    if isinstance(document, dict):
        _Walk(findings).object(document, (), Scope(manifest.text))
    return findings.uses


def search_object(document: dict[str, Any], findings: Findings, scope: Scope) -> None:
    """Note the images of one Kubernetes object; with a scope inside a text, of an object that stands in it."""
    _Walk(findings).object(document, (), scope)


class _Walk:
    """The search through objects; values without a schema go to the tree search."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._tree = TreeSearch(findings, self.object)

    def object(self, document: dict[str, Any], steps: Path, scope: Scope) -> None:
        """Search a Kubernetes object, or the objects of a list."""
        kind, api_version = str(document.get("kind") or ""), str(document.get("apiVersion") or "")
        if is_silent(kind):
            return
        items = document.get("items")
        if kind.endswith("List") and isinstance(items, list):
            for index, item in enumerate(items):
                if isinstance(item, dict):
                    self.object(item, (*steps, "items", index), scope)
            return
        if not scope.outer:
            scope = replace(scope, resource=_resource(document, kind))
        self._annotations(document, steps, scope)
        way = pod_spec_path(api_version, kind)
        if way is not None:
            self._workload(document, steps, way, scope)
        elif kind in _DATA_KINDS and not api_group(api_version):
            self._data(document, steps, scope)
        elif api_group(api_version) not in BUILT_IN_GROUPS:
            self._custom(document, steps, api_version, scope)

    def _workload(self, document: dict[str, Any], steps: Path, way: tuple[str, ...], scope: Scope) -> None:
        """The pod at the end of a way through an object, with the annotations that stand beside the way."""
        value: Any = document
        marks: Mapping[str, Any] = _marks(document)
        for step in way:
            value = value.get(step) if isinstance(value, dict) else None
            steps = (*steps, step)
            if isinstance(value, dict) and "metadata" in value:
                self._annotations(value, steps, scope)
                marks = _marks(value)
        if isinstance(value, dict):
            self._pod(value, steps, scope, is_injected=any(key in marks for key in _INJECTOR_KEYS))

    def _pod(self, pod: dict[str, Any], steps: Path, scope: Scope, *, is_injected: bool) -> None:
        for key, child in pod.items():
            for index, item in enumerate(child if isinstance(child, list) else ()):
                here = (*steps, key, index)
                if not isinstance(item, dict):
                    continue
                if key in CONTAINER_LISTS:
                    self._container(item, here, scope, is_injected=is_injected)
                elif key == "volumes":
                    self._volume(item, here, scope.at("volume"))

    def _container(self, container: dict[str, Any], steps: Path, scope: Scope, *, is_injected: bool) -> None:
        scope = replace(
            scope.at("pod"), container=str(container.get("name") or ""), environment=environment_of(container)
        )
        for key, value in container.items():
            here = (*steps, key)
            if key == "image" and isinstance(value, str):
                self._findings.add(_container_image(value, is_injected), value, (here, value, 0), scope)
            elif key == "image" and value is not None:
                text = written_scalar(value, here, scope)
                self._findings.add(_NO_TEXT, text, (here, text, 0), scope)
            elif key in ("command", "args") and isinstance(value, list):
                self._tree.arguments(value, here, scope)
            elif key == "env" and isinstance(value, list):
                self._tree.variables(value, here, scope)

    def _volume(self, volume: dict[str, Any], steps: Path, scope: Scope) -> None:
        image = volume.get("image")
        text = image.get("reference") if isinstance(image, dict) else None
        if isinstance(text, str):
            here = (*steps, "image", "reference")
            self._findings.add(read(text, Certainty.CERTAIN), text, (here, text, 0), scope)

    def _annotations(self, document: dict[str, Any], steps: Path, scope: Scope) -> None:
        metadata = document.get("metadata")
        annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
        for key, value in annotations.items() if isinstance(annotations, dict) else ():
            if isinstance(value, str):
                self._tree.text(key, value, (*steps, "metadata", "annotations", key), scope.at("annotation"))

    def _data(self, document: dict[str, Any], steps: Path, scope: Scope) -> None:
        """The texts of a ConfigMap or a Secret."""
        scope = scope.at("embedded")
        for section in ("data", "stringData", "binaryData"):
            entries = document.get(section)
            is_encoded = section == "binaryData" or (section == "data" and document["kind"] == "Secret")
            for key, value in entries.items() if isinstance(entries, dict) else ():
                if not isinstance(value, str):
                    continue
                if is_encoded:
                    self._encoded(key, value, (*steps, section, key), scope)
                else:
                    self._tree.text(key, value, (*steps, section, key), scope)

    def _encoded(self, key: str, value: str, steps: Path, scope: Scope) -> None:
        try:
            text = a2b_base64(value).decode()
        except (Base64Error, UnicodeError):
            return
        self._tree.text(key, text, (), scope.inside(steps, value, text, None))

    def _custom(self, document: dict[str, Any], steps: Path, api_version: str, scope: Scope) -> None:
        kind = str(document.get("kind") or "")
        scope = scope.at("custom resource")
        if only_speaks(api_version, kind):
            scope = replace(scope, ceiling=Certainty.POSSIBLE)
        else:
            found = defined_fields(document, api_version, kind)
            scope = replace(scope, defined=frozenset((*steps, *path) for path in found))
        for key, value in document.items():
            if key not in _HEAD_KEYS:
                self._tree.value(value, (*steps, key), key, scope)


def _container_image(text: str, is_injected: bool) -> Verdict:
    """The verdict on a container's image; Istio's `auto` stands for whatever its injector puts in."""
    if text == _INJECTED and is_injected:
        return Verdict(None, Certainty.POSSIBLE, "an injector puts the image in")
    return read(text, Certainty.CERTAIN)


def _resource(document: dict[str, Any], kind: str) -> Resource:
    metadata = document.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    return Resource(kind, str(known.get("name") or known.get("generateName") or ""), str(known.get("namespace") or ""))


def _marks(document: dict[str, Any]) -> dict[str, Any]:
    """The annotations and labels of an object or a pod template."""
    metadata = document.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    groups = (known.get("labels"), known.get("annotations"))
    return {key: value for group in groups if isinstance(group, dict) for key, value in group.items()}
