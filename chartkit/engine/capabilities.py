"""What templates see as `.Capabilities`: the cluster's version and APIs, and Helm's own version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from chartkit.engine.api_versions import DEFAULT_API_VERSIONS
from chartkit.errors import InputError
from chartkit.goquote import quote
from chartkit.gotypes import Function, GoObject, StringList
from chartkit.pattern import pattern
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field

_GENERIC_VERSION: Final = pattern(r"[\t\n\f\r ]*v?([0-9]+(?:\.[0-9]+)*).*")
_UINT64_DIGITS: Final = 20


class KubeVersion(GoObject):
    """common.KubeVersion: the version as given, and cut to its numbers for constraints."""

    __slots__ = ("Major", "Minor", "Version", "normalized", "go_type")
    go_kind = "struct"
    go_fields = ("Version", "Major", "Minor")

    def __init__(self, version: str, normalized: str, profile: Profile) -> None:
        self.Version = version
        self.normalized = normalized
        self.Major, self.Minor = normalized.lstrip("v").split(".")[:2]
        self.go_type = f"{_package(profile)}.KubeVersion"  # type: ignore[misc]

    go_methods: ClassVar[Mapping[str, Function]] = {
        "String": Function("String", lambda version: version.normalized),
        "GitVersion": Function("GitVersion", lambda version: version.Version),
    }

    def go_parts(self) -> dict[str, Any]:
        """The struct's fields as Go prints them, the unexported one included."""
        parts = {
            "Version": self.Version,
            "normalizedVersion": self.normalized,
            "Major": self.Major,
            "Minor": self.Minor,
        }
        if self.go_type.startswith("chartutil"):
            del parts["normalizedVersion"]
        return parts

    def go_printed(self) -> str:
        """What an action prints: String belongs to the pointer, and an action can take the field's address."""
        return self.normalized


class BuildInfo(GoObject):
    """version.BuildInfo: the Helm that is reproduced."""

    __slots__ = ("GitCommit", "GitTreeState", "GoVersion", "KubeClientVersion", "Version", "go_fields")
    go_type = "version.BuildInfo"
    go_kind = "struct"

    def __init__(self, profile: Profile) -> None:
        self.Version = profile.helm_version
        self.GitCommit = profile.git_commit
        self.GitTreeState = "clean"
        self.GoVersion = profile.go_version
        self.KubeClientVersion = profile.kube_client_version
        names = ("Version", "GitCommit", "GitTreeState", "GoVersion", "KubeClientVersion")
        self.go_fields = names if profile.kube_client_version else names[:4]  # type: ignore[misc]

    def go_json(self) -> dict[str, str]:
        """The struct's JSON names are lower-case, and empty texts are left out."""
        keys = {"GitCommit": "git_commit", "GitTreeState": "git_tree_state", "GoVersion": "go_version"}
        keys |= {"Version": "version", "KubeClientVersion": "kube_client_version"}
        return {keys[name]: getattr(self, name) for name in self.go_fields if getattr(self, name)}


class VersionSet(StringList):
    """common.VersionSet: the API versions that the cluster knows."""

    __slots__ = ("go_type",)
    go_kind = "slice"
    go_methods: ClassVar[Mapping[str, Function]] = {
        "Has": Function("Has", lambda versions, name: name in versions, ("string",)),
    }

    def __init__(self, versions: Iterable[str], profile: Profile) -> None:
        super().__init__(versions)
        self.go_type = f"{_package(profile)}.VersionSet"


@dataclass(frozen=True)
class Capabilities(GoObject):
    """The cluster that a chart is rendered for.

    Attributes:
        kube_version: as `--kube-version` takes it, for instance `1.31` or `v1.31.2-gke.1`; empty for Helm's default.
        api_versions: APIs that the cluster has beside Helm's default ones.
        profile: the Helm that is reproduced.
    """

    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    profile: Profile = NEWEST
    KubeVersion: KubeVersion = field(init=False)
    APIVersions: VersionSet = field(init=False)
    HelmVersion: BuildInfo = field(init=False)
    go_type: str = field(init=False)  # type: ignore[misc]

    go_kind = "ptr"
    go_fields = ("KubeVersion", "APIVersions", "HelmVersion")

    def __post_init__(self) -> None:
        """Work out what templates see.

        Raises:
            InputError: the Kubernetes version is none.
        """
        known = [*DEFAULT_API_VERSIONS[self.profile.name], *self.api_versions]
        set_field = object.__setattr__
        set_field(self, "KubeVersion", parse_kube_version(self.kube_version or self.profile.kube_version, self.profile))
        set_field(self, "APIVersions", VersionSet(known, self.profile))
        set_field(self, "HelmVersion", BuildInfo(self.profile))
        set_field(self, "go_type", f"*{_package(self.profile)}.Capabilities")


def parse_kube_version(text: str, profile: Profile) -> KubeVersion:
    """A Kubernetes version as Helm's `--kube-version` reads it.

    Helm 4 keeps the text and wants at least two numbers; Helm 3 makes a semantic version of it.

    Raises:
        InputError: with Helm's words.
    """
    if profile.major == 3:
        return _semantic(text, profile)
    match = _GENERIC_VERSION.fullmatch(text)
    if match is None:
        raise InputError(f"invalid kube version '{text}': could not parse {quote(text)} as version")
    digits = match[1].split(".")
    if len(digits) < 2:
        raise InputError(f"invalid kube version '{text}': illegal version string {quote(text)}")
    if digits[0] != "0" and digits[0].startswith("0"):
        raise InputError(
            f"invalid kube version '{text}': illegal zero-prefixed version component \"{digits[0]}\" in {quote(text)}"
        )
    numbers = ".".join(_component(part, text) for part in digits)
    return KubeVersion(text if text.startswith("v") else f"v{text}", f"v{numbers}", profile)


def _component(digits: str, text: str) -> str:
    """One number of a version, without zeros before it."""
    plain = digits.lstrip("0") or "0"
    if len(plain) > _UINT64_DIGITS or int(plain) >= 1 << 64:
        raise InputError(
            f"invalid kube version '{text}': illegal non-numeric version component \"{digits}\" in {quote(text)}: "
            f'strconv.ParseUint: parsing "{digits}": value out of range'
        )
    return plain


def _semantic(text: str, profile: Profile) -> KubeVersion:
    from chartkit.constraint import InvalidVersion, Version

    try:
        version = Version.parse(text, profile.semver_generation)
    except InvalidVersion as error:
        raise InputError(f"invalid kube version '{text}': {error}") from None
    return KubeVersion(f"v{version}", f"v{version}", profile)


def _package(profile: Profile) -> str:
    return "chartutil" if profile.major == 3 else "common"
