"""The search through values of any shape: custom resources, and the YAML and JSON that stands in texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from chartkit.gojson import JSONError, decode
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.goyaml.positions import Path
from chartkit.images.arguments import candidates, environment_of, split_list
from chartkit.images.compose import compose
from chartkit.images.freetext import Candidate, may_hold_images, scan
from chartkit.images.judge import Verdict, judge, read
from chartkit.images.naming import hints_image, is_aside, names_artifact, names_image
from chartkit.images.scope import Findings, Scope
from chartkit.images.use import Certainty
from chartkit.manifests.podspec import CONTAINER_LISTS
from chartkit.pattern import pattern
from chartkit.record import replace

_DEEPEST_NESTING: Final = 6
_DOCUMENT_START: Final = pattern(r"^---[ \t]*(?:#.*)?$", re.MULTILINE)
_TOML_TABLE: Final = pattern(r"\s*\[{1,2}[\w.\"-]+\]{1,2}[ \t]*\n")
_SPACES: Final = (" ", "\n", "\t")
_LIVE: Final = ("{{", "[[", "${", "$(", "%(", "<%")
_CONTAINER_SIGNS: Final = frozenset(("command", "args", "env", "imagePullPolicy", "ports", "volumeMounts", "resources"))
_CONTAINER_LISTS: Final = (*CONTAINER_LISTS, "sidecars")
_ARGUMENT_KEYS: Final = ("args", "command", "extraArgs", "cmd", "entrypoint")

OnObject = Callable[[dict[str, Any], Path, Scope], None]


class TreeSearch:
    """Searches values and texts; Kubernetes objects that stand in texts go back to `on_object`."""

    def __init__(self, findings: Findings, on_object: OnObject) -> None:
        self._findings = findings
        self._on_object = on_object

    def value(self, value: Any, steps: Path, name: str, scope: Scope) -> None:
        """Search any value that stands under a name."""
        if is_aside(name):
            scope = replace(scope, ceiling=Certainty.POSSIBLE)
        if isinstance(value, str):
            if steps in scope.defined:
                self._findings.add(read(value, Certainty.CERTAIN), value, (steps, value, 0), scope)
            else:
                self.text(name, value, steps, scope)
        elif isinstance(value, dict):
            self._map(value, steps, name, scope)
        elif isinstance(value, list):
            self._list(value, steps, name, scope)

    def arguments(self, items: list[Any], steps: Path, scope: Scope) -> None:
        """Search the items of a command line."""
        scope = scope.at("args")
        for index, candidate in candidates(items, scope.environment):
            self._candidate(candidate, (*steps, index), items[index], scope)
        for index, item in enumerate(items):
            if isinstance(item, str) and item[:1] in ("{", "[") and may_hold_images(item):
                self._documents("", item, (*steps, index), scope)

    def variables(self, items: list[Any], steps: Path, scope: Scope) -> None:
        """Search the variables of a container."""
        scope = scope.at("env")
        for index, item in enumerate(items):
            if isinstance(item, dict) and isinstance(item.get("value"), str):
                self.text(str(item.get("name")), item["value"], (*steps, index, "value"), scope)

    def text(self, name: str, value: str, steps: Path, scope: Scope) -> None:
        """Search a string under a name: an image, several, a document, or a text that speaks of images."""
        stripped = value.strip()
        if not may_hold_images(value) and not hints_image(name) and not names_image(name):
            return
        if any(space in stripped for space in _SPACES) or stripped[:1] in ("{", "["):
            self._documents(name, value, steps, scope)
            return
        start = value.find(stripped)
        for candidate in split_list(stripped, start, name):
            self._candidate(candidate, steps, value, scope)

    def _candidate(self, candidate: Candidate, steps: Path, value: str, scope: Scope) -> None:
        verdict = judge(candidate.text, named=candidate.named)
        if candidate.is_artifact and not candidate.named and verdict.certainty:
            verdict = verdict._replace(certainty=Certainty.POSSIBLE)
        self._findings.add(verdict, candidate.text, (steps, value, candidate.offset), scope)

    # -- maps and lists ------------------------------------------------------------------------------------------

    def _list(self, items: list[Any], steps: Path, name: str, scope: Scope) -> None:
        if name in _ARGUMENT_KEYS:
            self.arguments(items, steps, scope)
            return
        for index, item in enumerate(items):
            self.value(item, (*steps, index), name, scope)

    def _map(self, value: dict[str, Any], steps: Path, name: str, scope: Scope) -> None:
        if scope.outer and value.get("kind") and value.get("apiVersion"):
            self._on_object(value, steps, scope)
            return
        joined = None if (*steps, "image") in scope.defined else compose(value, name)
        if joined:
            verdict = read(joined.text, Certainty.CERTAIN) if steps in scope.defined else joined.judged()
            self._findings.add_joined(verdict, joined, steps, scope)
        image = value.get("image")
        has_image = isinstance(image, str) and (*steps, "image") not in scope.defined and not joined
        if isinstance(image, str) and "name" in value:
            scope = replace(scope, container=str(value["name"]), environment=environment_of(value))
        for key, child in value.items():
            here = (*steps, key)
            if joined and key in joined.keys:
                continue
            if key == "image" and has_image:
                self._findings.add(_shaped(value, steps), child, (here, child, 0), scope)
            elif key == "value" and isinstance(child, str) and isinstance(value.get("name"), str):
                self.text(value["name"], child, here, scope)
            else:
                self.value(child, here, key, scope)

    # -- texts that hold documents -------------------------------------------------------------------------------

    def _documents(self, name: str, value: str, steps: Path, scope: Scope) -> None:
        """Search the documents in a text, and as mere text what is no document."""
        for base, part, document in _parsed(value, depth=len(scope.outer)):
            inside = scope.inside(steps, value, part, base)
            if document is None:
                for candidate in scan(part):
                    # In a running text a single word says nothing.
                    if any(character in candidate.text for character in "/:@"):
                        self._candidate(_under(candidate, name), (), part, inside)
            else:
                self.value(document, (), name, inside)


def _shaped(value: dict[str, Any], steps: Path) -> Verdict:
    """The verdict on the key `image` of a map that is none of the known kinds."""
    text = value["image"]
    verdict = judge(text, named=True)
    if verdict.reference is None:
        loose = read(text, Certainty.POSSIBLE)
        is_told = text and loose.reference is None and not any(mark in text for mark in _LIVE)
        return loose if is_told and not _CONTAINER_SIGNS.isdisjoint(value) else verdict
    if "name" in value and steps[-2:-1] and steps[-2] in _CONTAINER_LISTS:
        return verdict._replace(certainty=Certainty.CERTAIN)
    is_bare = text == verdict.reference.repository.rpartition("/")[2]
    is_settled = not is_bare and not _CONTAINER_SIGNS.isdisjoint(value)
    return verdict._replace(certainty=Certainty.LIKELY) if is_settled else verdict


def _under(candidate: Candidate, name: str) -> Candidate:
    """A candidate of a text without structure, under the name of the whole text."""
    named = candidate.named or (names_image(name) and "/" in candidate.text)
    return candidate._replace(named=named, is_artifact=candidate.is_artifact or names_artifact(name))


def _parsed(value: str, depth: int) -> Iterator[tuple[int, str, Any]]:
    """Offset, text and value of each document; the value is `None` where a part is no map and no list."""
    if depth >= _DEEPEST_NESTING:
        return
    if value.lstrip()[:1] in ("{", "["):
        try:
            yield 0, value, decode(value)
        except JSONError:
            pass
        else:
            return
    start = 0
    cuts = [match.span() for match in _DOCUMENT_START.finditer(value)]
    for end, following in (*cuts, (len(value), 0)):
        part = value[start:end]
        if may_hold_images(part):
            yield start, part, _structure(part)
        start = following


def _structure(text: str) -> Any:
    """The map or list that a text is; TOML, whose tables look like lists, is none."""
    if _TOML_TABLE.match(text):
        return None
    try:
        value = load(text)
    except (YAMLError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None
