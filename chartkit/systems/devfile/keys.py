"""The keys of a devfile by schema version, as tables: which there are, since when and until when, and what they hold.

A word of a table is `name`, then perhaps `:shape`, `*` for a list of them, `@2.1` for the first version that knows it,
and `-2.0` for the last. Keys below `metadata`, `attributes`, `variables` and `remotes` are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

Version = tuple[int, int]

# 2.3 has the keys of 2.2; it is named for what may come.
NEWEST: Final[Version] = (2, 3)
"""The last version whose keys are known; what a newer one adds cannot be told from a misspelling."""

# `github` and `sparseCheckoutDirs` were taken back before any version after 2.0.
_PROJECT: Final = "name attributes:free git:git github:git-2.0 zip:zip"
_OVERRIDES: Final = (
    "attributes:free@2.1 variables:free@2.1 components:component* commands:command* projects:project* "
    "starterProjects:starter* dependentProjects:project*@2.2"
)
_CLUSTER: Final = "uri inlined endpoints:endpoint* deployByDefault@2.2"
_SHAPES: Final[Mapping[str, str]] = {
    "devfile": f"schemaVersion metadata:free parent:parent events:events {_OVERRIDES}",
    "parent": f"id uri registryUrl version@2.2 kubernetes:resource {_OVERRIDES}",
    "plugin": "id uri registryUrl kubernetes:resource components:component* commands:command*",
    "resource": "name namespace",
    "events": "preStart postStart preStop postStop",
    "component": "name attributes:free container:container kubernetes:cluster openshift:cluster volume:volume "
    "image:image@2.2 plugin:plugin-2.0",
    "container": "image args command env:variable* endpoints:endpoint* volumeMounts:mount* mountSources sourceMapping "
    "dedicatedPod memoryLimit memoryRequest@2.1 cpuLimit@2.1 cpuRequest@2.1 annotation:annotation@2.2",
    "annotation": "deployment service",
    "endpoint": "name targetPort path protocol secure exposure attributes:free annotation:free@2.2",
    "variable": "name value",
    "mount": "name path",
    "cluster": _CLUSTER,
    "volume": "size ephemeral@2.1",
    "image": "imageName autoBuild dockerfile:dockerfile",
    "dockerfile": "uri git:gitfile devfileRegistry:registry args buildContext rootRequired",
    "gitfile": "remotes:free checkoutFrom:checkout fileLocation",
    "registry": "id registryUrl",
    "git": "remotes:free checkoutFrom:checkout",
    "checkout": "remote revision",
    "zip": "location",
    "project": f"{_PROJECT} clonePath sparseCheckoutDirs-2.0",
    "starter": f"{_PROJECT} description subDir",
    "command": "id attributes:free exec:exec apply:apply composite:composite vscodeTask:vscode-2.0 "
    "vscodeLaunch:vscode-2.0",
    "exec": "commandLine component env:variable* group:group hotReloadCapable label workingDir",
    "apply": "component group:group label",
    "composite": "commands group:group label parallel",
    "vscode": "group:group inlined uri",
    "group": "kind isDefault",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key holds.

    Attributes:
        shape: the table of the keys below it, `free` for a map of any keys, or empty for what is checked elsewhere.
        is_list: whether it is a list of them.
        since: the first version that knows it.
        until: the last one.
    """

    shape: str = ""
    is_list: bool = False
    since: Version = (2, 0)
    until: Version | None = None

    def fits(self, version: Version) -> bool:
        """Whether a version knows it."""
        return self.since <= version and (self.until is None or version <= self.until)


@cache
def keys_of(shape: str) -> Mapping[str, Key]:
    """The keys of a shape by name."""
    return dict(_read(word) for word in _SHAPES[shape].split())


def version_text(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


def _read(word: str) -> tuple[str, Key]:
    word, _, since = word.partition("@")
    word, _, until = word.partition("-")
    name, _, shape = word.partition(":")
    return name.rstrip("*"), Key(
        shape.rstrip("*"), word.endswith("*"), _version(since) or (2, 0), _version(until) if until else None
    )


def _version(text: str) -> Version | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if text else None
