"""What values say of the registry, out of the keys of any generation."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.systems.drycc.keys import (
    BLOCKS,
    BUILDER,
    CONTROLLER,
    ECR,
    ENABLED,
    FIELDS,
    GCR,
    LOCATION,
    OFF_CLUSTER,
    ON_CLUSTER,
    PREFIX,
    REFRESH_TIME,
    Block,
    Generation,
    Path,
    find_path,
    value_at,
)

DEFAULT_PREFIX: Final = "private-registry"
DEFAULT_REGION: Final = "us-west-2"
_ACCOUNT_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the user: its text, the path as he spelt it, and whether he wrote a text."""

    text: str = field(repr=False)
    path: Path
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What values say of the registry.

    Attributes:
        generation: whose keys are used.
        location: where the registry is.
        fields: the fields of the location, by their names in the registry secret.
        block: the place that they are from; `None` where no place says anything.
        controller: the fields that the controller has of its own, in generation C.
        is_enabled: whether the registry component is installed.
        prefix: how the names of the apps' pull secrets begin.
        refresh_minutes: how often tokens are fetched anew; empty for the usual time.
        location_path: the key with the location, if it is given.
    """

    generation: Generation
    location: str
    fields: Mapping[str, Given] = field(default_factory=dict)
    block: Block | None = None
    controller: Mapping[str, Given] = field(default_factory=dict)
    is_enabled: bool = True
    prefix: str = DEFAULT_PREFIX
    refresh_minutes: str = ""
    location_path: Path | None = None

    def text(self, name: str) -> str:
        """A field's text; empty where it is not given."""
        given = self.fields.get(name)
        if given is None or not given.text:
            # An empty region is one that somebody emptied; the default is for those who say nothing.
            return DEFAULT_REGION if name == "region" and given is None and self.location == ECR else ""
        return given.text

    @property
    def host(self) -> str:
        """The registry's host as it stands before images; empty for Docker Hub, or where nobody can know it offline.

        Schemes are stripped where the platform strips them, which the builder does not do off-cluster.
        """
        hostname = self.text("hostname")
        if self.location == ECR:
            return bare_host(hostname) or ecr_host(self.text("registryid"), self.text("region"))
        return bare_host(hostname or "https://gcr.io") if self.location == GCR else hostname


def read_settings(values: Mapping[str, Any], location: str = "") -> Settings:
    """The settings that values give.

    Args:
        values: the values, as the user gives them.
        location: the location, where it is said beside the values.
    """
    given_location = _given(values, LOCATION)
    enabled = _given(values, ENABLED)
    is_enabled = enabled is None or enabled.text != "false"
    generation = _generation(values, is_enabled=is_enabled)
    chosen = location or _location(generation, given_location, is_enabled=is_enabled)
    # Today's components get the host that is named, whatever the location that they are told.
    is_todays = generation is Generation.C and not location
    places = [BUILDER] if is_todays else [each for each in BLOCKS if each.location == chosen]
    block = next((each for each in places if said(values, each)), None)
    prefix, refresh = _given(values, PREFIX), _given(values, REFRESH_TIME)
    return Settings(
        generation=generation,
        location=chosen,
        fields=dict(_fields(values, block)) if block else {},
        block=block,
        controller=dict(_fields(values, CONTROLLER)),
        is_enabled=is_enabled,
        prefix=(prefix.text if prefix else "") or DEFAULT_PREFIX,
        refresh_minutes=refresh.text if refresh else "",
        location_path=given_location.path if given_location else None,
    )


def said(values: Mapping[str, Any], block: Block) -> bool:
    """Whether a place says something: a text that is not empty."""
    return any(given.text for _, given in _fields(values, block))


def used_blocks(values: Mapping[str, Any]) -> list[Block]:
    """Every place that says something."""
    return [block for block in (*BLOCKS, CONTROLLER) if said(values, block)]


def bare_host(hostname: str) -> str:
    """A host without scheme and slash at its end."""
    return hostname.partition("://")[2].rstrip("/") if "://" in hostname else hostname.rstrip("/")


def ecr_host(account: str, region: str) -> str:
    """The host of an account's registry at Amazon; empty where the account is that of the credentials."""
    if len(account) != _ACCOUNT_DIGITS or not (account.isascii() and account.isdigit()):
        return ""
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"{account}.dkr.ecr.{region}.{domain}"


def project_of(key_json: str) -> str:
    """The project of a service account's key, which is JSON in base64.

    Raises:
        ValueError: the key is not base64, not JSON, or without a project; with the reason.
    """
    try:
        # Keys are often pasted with the line breaks of `base64`.
        text = b64decode("".join(key_json.split()), validate=True).decode("utf-8")
    except (Base64Error, UnicodeDecodeError):
        raise ValueError("is not base64") from None
    try:
        key = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON in base64") from None
    project = key.get("project_id") if isinstance(key, dict) else None
    if not isinstance(project, str) or not project:
        raise ValueError("is JSON without a project_id")
    return project


def _generation(values: Mapping[str, Any], *, is_enabled: bool) -> Generation:
    """The newest generation whose keys say something; where none does, that of today."""
    # Charts bring all keys with empty defaults: only what says something tells the generation.
    if not is_enabled or said(values, BUILDER) or said(values, CONTROLLER):
        return Generation.C
    for block in BLOCKS:
        if said(values, block):
            return block.generation
    given = _given(values, LOCATION)
    return Generation.B if given and given.text else Generation.C


def _location(generation: Generation, given: Given | None, *, is_enabled: bool) -> str:
    if generation is Generation.C:
        return ON_CLUSTER if is_enabled else OFF_CLUSTER
    return (given.text if given else "") or ON_CLUSTER


def _fields(values: Mapping[str, Any], block: Block) -> Iterator[tuple[str, Given]]:
    for name, path in block.keys.items():
        given = _given(values, path)
        if given is not None:
            yield name, given


def _given(values: Mapping[str, Any], path: Path) -> Given | None:
    found = find_path(values, path)
    if found is None:
        return None
    value = value_at(values, found)
    return Given(_text(value), found, value is None or isinstance(value, str))


def _text(value: Any) -> str:
    """A value as a template prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def mandatory_gaps(settings: Settings) -> list[tuple[str, str]]:
    """What a location needs and does not have: the field, and why it is needed."""
    missing = [name for name in FIELDS.get(settings.location, ()) if not settings.text(name)]
    if settings.location == OFF_CLUSTER:
        gaps = [("organization", "the images are pushed below it")] if "organization" in missing else []
        login = [name for name in ("username", "password") if name in missing]
        return gaps + [(name, "the registry wants a login") for name in login] + _host_gap(settings)
    if settings.location == ECR:
        # Without keys the role of the machine is the login.
        half = [name for name in ("accesskey", "secretkey") if name in missing]
        gaps = [(half[0], "both keys are given, or none for the role of the machine")] if len(half) == 1 else []
        return gaps + ([("region", "no token is given out without it")] if "region" in missing else [])
    return [("key_json", "it is the login")] if settings.location == GCR and "key_json" in missing else []


def _host_gap(settings: Settings) -> list[tuple[str, str]]:
    """Today the builder does not start without a host; before, none meant Docker Hub."""
    if settings.generation is not Generation.C or settings.text("hostname"):
        return []
    return [("hostname", "the builder does not start without it")]
