"""The keys of the three generations, and what each of them means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

Path = tuple[str, ...]


class Generation(StrEnum):
    """Which keys a values file uses."""

    A = "A"
    B = "B"
    C = "C"

    @property
    def about(self) -> str:
        """When these keys were in use, and how one knows them."""
        return _ABOUT[self]


_ABOUT: Final = {
    Generation.A: "Deis Workflow, 2016-18: registry-token-refresher.off_cluster_registry, .ecr, .gcr",
    Generation.B: "Drycc Workflow, 2019: global.registry_location, registry-token-refresher.registry",
    Generation.C: "Drycc Workflow, today: registry.enabled, builder.registryHost",
}

ON_CLUSTER: Final = "on-cluster"
OFF_CLUSTER: Final = "off-cluster"
ECR: Final = "ecr"
GCR: Final = "gcr"
LOCATIONS: Final = (ON_CLUSTER, OFF_CLUSTER, ECR, GCR)
"""Where the registry can be."""

LOGIN: Final = ("hostname", "organization", "username", "password")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    ON_CLUSTER: (),
    OFF_CLUSTER: LOGIN,
    ECR: ("accesskey", "secretkey", "region", "registryid", "hostname"),
    GCR: ("key_json", "hostname"),
}
"""What each location has to be told."""

REFRESHER: Final = "registry-token-refresher"
LOCATION: Final[Path] = ("global", "registry_location")
PREFIX: Final[Path] = ("global", "secret_prefix")
REFRESH_TIME: Final[Path] = (REFRESHER, "token_refresh_time")
ENABLED: Final[Path] = ("registry", "enabled")


class Block(NamedTuple):
    """A place where the fields of a location stand.

    Attributes:
        generation: whose place it is.
        location: the location that it is for.
        keys: by field the path of its key.
    """

    generation: Generation
    location: str
    keys: Mapping[str, Path]

    @property
    def name(self) -> str:
        """The block as people call it."""
        return ".".join(next(iter(self.keys.values()))[:-1])


def _block(generation: Generation, location: str, *parent: str) -> Block:
    return Block(generation, location, {field: (*parent, field) for field in FIELDS[location]})


def _component(name: str, fields: tuple[str, ...]) -> Block:
    """The keys of a component of today: `builder.registryHost`."""
    words = {"hostname": "Host", "organization": "Organization", "username": "Username", "password": "Password"}
    return Block(Generation.C, OFF_CLUSTER, {field: (name, f"registry{words[field]}") for field in fields})


BUILDER: Final = _component("builder", LOGIN)
CONTROLLER: Final = _component("controller", ("hostname", "username", "password"))
TOP_LEVEL: Final = _block(Generation.B, OFF_CLUSTER, "registry")
GUIDE: Final = _block(Generation.B, OFF_CLUSTER, REFRESHER, "registry")
BLOCKS: Final = (
    BUILDER,
    TOP_LEVEL,
    GUIDE,
    _block(Generation.A, OFF_CLUSTER, REFRESHER, "off_cluster_registry"),
    _block(Generation.A, ECR, REFRESHER, "ecr"),
    _block(Generation.A, GCR, REFRESHER, "gcr"),
)
"""Every place of a location's fields; of several for one location the first that says something counts."""


def find_path(tree: Any, path: Path) -> Path | None:
    """The path as it is spelt in values: `registry_location`, `registryLocation` and `registry-location` are one key.

    `None` where there is no such key.
    """
    found: Path = ()
    for step in path:
        if not isinstance(tree, Mapping):
            return None
        # The exact spelling goes first, where a file has two.
        name = step if step in tree else next((key for key in tree if plain(key) == plain(step)), None)
        if name is None:
            return None
        found, tree = (*found, name), tree[name]
    return found


def value_at(tree: Any, path: Path) -> Any:
    """The value at a path that is spelt as in the values."""
    for step in path:
        tree = tree[step]
    return tree


def plain(key: object) -> str:
    """A key without what the spellings differ in."""
    return str(key).replace("_", "").replace("-", "").lower()
