"""The Secrets of the registry: what the components read, and what the apps' pods pull with."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.oci.credential import MASK
from chartkit.systems.drycc.keys import BUILDER, CONTROLLER, ECR, FIELDS, GCR, OFF_CLUSTER, ON_CLUSTER, Generation
from chartkit.systems.drycc.settings import Settings

REGISTRY_SECRET: Final = "registry-secret"
"""The Secret with the settings, which every component reads."""
DOCKER_HUB: Final = "https://index.docker.io/v1/"
"""What an empty host stands for in pull secrets."""

_HIDDEN: Final = frozenset(("password", "secretkey", "key_json", "key.json", "registry-password"))
_NO_MAIL: Final = "none@none.com"
_GCR_USER: Final = "oauth2accesstoken"
_COMPONENT_SECRETS: Final = {"builder-secret": BUILDER, "controller-creds": CONTROLLER}


@dataclass(frozen=True, slots=True)
class System:
    """What the two systems call things."""

    heritage: str
    domain: str
    environment: str


DRYCC: Final = System("drycc", "drycc.cc", "DRYCC")
DEIS: Final = System("deis", "deis.io", "DEIS")
SYSTEMS: Final = {"drycc": DRYCC, "deis": DEIS}
"""Drycc Workflow, and Deis Workflow that it came from."""


def registry_secret(settings: Settings, *, namespace: str = "", system: System = DRYCC) -> Mapping[str, Any] | None:
    """The Secret with the settings; `None` on the cluster, where the registry component makes its own.

    Raises:
        InputError: the location is none.
    """
    if settings.location == ON_CLUSTER:
        return None
    if settings.location not in FIELDS:
        raise InputError(f'there is no location "{settings.location}"')
    metadata = {
        "name": REGISTRY_SECRET,
        "labels": {"heritage": system.heritage},
        "annotations": {f"{system.domain}/registry-location": settings.location},
    }
    data = dict(_data(settings))
    return _secret(metadata, namespace, "Opaque", data)


def component_secrets(settings: Settings, *, namespace: str = "") -> list[Mapping[str, Any]]:
    """The keys about the registry in the Secrets of builder and controller; none but in generation C off the cluster.

    What the controller is not told of its own is the builder's.
    """
    if settings.generation is not Generation.C or not settings.text("hostname"):
        return []
    found = []
    for name, block in _COMPONENT_SECRETS.items():
        # The controller only pulls, and may do so with a login that cannot push.
        own = settings.controller if block is CONTROLLER else {}
        texts = {field: (own[field].text if field in own else "") or settings.text(field) for field in block.keys}
        data = {f"registry-{field.replace('hostname', 'host')}": _base64(text) for field, text in texts.items()}
        found.append(_secret({"name": name}, namespace, "Opaque", data))
    return found


def pull_secret_name(settings: Settings, process_type: str = "web") -> str:
    """The name of the pull secret in an app's namespace."""
    if settings.generation is Generation.C:
        return f"{settings.prefix}-{process_type}-{settings.location}"
    return f"{settings.prefix}-{settings.location}"


def app_registry_secret_name(settings: Settings, process_type: str = "web") -> str:
    """The name of the pull secret for a registry that an app brings along by itself."""
    return f"{settings.prefix}-{process_type}"


def server_of(image: str) -> str:
    """The server that an app's image is pulled from, as the controller works it out."""
    host, slash, _ = image.partition("/")
    is_host = bool(slash) and (any(character in host for character in ".:") or host == "localhost")
    return host if is_host and host != "docker.io" else DOCKER_HUB


def pull_secret(
    settings: Settings, namespace: str, *, token: str = "", process_type: str = "web"
) -> Mapping[str, Any] | None:
    """The pull secret in an app's namespace; `None` on the cluster, whose proxy wants no login, and anywhere unknown.

    Args:
        settings: the settings.
        namespace: the app's namespace.
        token: for `ecr` and `gcr` the token of the hour, which only the provider can give.
        process_type: the process type, whose name the secret has in generation C.

    Raises:
        InputError: the location needs a token.
    """
    if settings.location not in (OFF_CLUSTER, ECR, GCR):
        return None
    entry = _login(settings) if settings.location == OFF_CLUSTER else _token(settings, token)
    # Without blanks, as Go writes it.
    config = json.dumps({"auths": entry}, separators=(",", ":"))
    metadata = {"name": pull_secret_name(settings, process_type)}
    data = {".dockerconfigjson": _base64(config)}
    return _secret(metadata, namespace, "kubernetes.io/dockerconfigjson", data)


def masked(secret: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Secret to be looked at: without what one could log in with."""
    if secret["type"] == "Opaque":
        data = {key: MASK if key in _HIDDEN and value else value for key, value in secret["data"].items()}
        return {**secret, "data": data}
    return {**secret, "data": dict.fromkeys(secret["data"], MASK)}


def _data(settings: Settings) -> Mapping[str, str]:
    fields = {name: settings.text(name) for name in FIELDS[settings.location]}
    if settings.location != GCR:
        return {name: _base64(text) for name, text in fields.items()}
    # The key of a service account is in base64 as it comes.
    return {"key.json": "".join(fields["key_json"].split()), "hostname": _base64(fields["hostname"])}


def _login(settings: Settings) -> dict[str, dict[str, str]]:
    login = f"{settings.text('username')}:{settings.text('password')}"
    return {settings.host or DOCKER_HUB: {"auth": _base64(login)}}


def _token(settings: Settings, token: str) -> dict[str, dict[str, str]]:
    if not token:
        raise InputError(
            f"the pull secrets of {settings.location} hold a token that is good for a short time only",
            hint="the token refresher makes them; to make one by hand, hand a token in",
        )
    # The refresher writes the host as the provider gives it, which is with the scheme.
    host = settings.text("hostname") or f"https://{settings.host}"
    if settings.location == ECR and not settings.host:
        raise InputError("the host is that of the account, which is not known", hint="give registryid, 12 digits")
    auth = _base64(f"{_GCR_USER}:{token}") if settings.location == GCR else token
    return {host: {"auth": auth, "email": _NO_MAIL}}


def _secret(metadata: Mapping[str, Any], namespace: str, kind: str, data: Mapping[str, str]) -> Mapping[str, Any]:
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {**metadata, **place}, "type": kind, "data": dict(data)}


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
