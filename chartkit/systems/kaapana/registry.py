"""The custom registry: its URL, and the pull secret that the New Registry extension makes for it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.oci.credential import MASK
from chartkit.reference import ImageReference, InvalidReference

PLATFORM_SECRET: Final = "registry-secret"
"""The platform's own pull secret, which is in all of its namespaces."""
SERVICES: Final = "services"
"""The namespace in which the New Registry extension makes its secret, unless the platform has another name for it."""

_DIGITS: Final = 4
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def url_fault(url: str) -> str:
    """What is wrong with a text as the URL of a registry; empty if nothing is.

    The URL is `host[:port][/path]`: it is put before `/image:tag` as it stands, and hashed as it stands.
    """
    if not url:
        return "is empty"
    if _SCHEME.match(url):
        return "has a scheme"
    if any(character.isspace() for character in url):
        return "has blanks"
    if url.endswith("/"):
        return "ends with a slash"
    # What is put before an image as it stands is right if the image is.
    try:
        ImageReference.parse(f"{url}/image:tag")
    except InvalidReference as error:
        return f"makes no image reference: {error}"
    return ""


def read_url(url: str) -> str:
    """A registry's URL, checked.

    Raises:
        InputError: it is none.
    """
    fault = url_fault(url)
    if fault:
        # What has an @ may hold a password: it is not said again.
        shown = "" if "@" in url else f" {url!r}"
        raise InputError(
            f"the registry{shown} {fault if shown else 'is none'}",
            hint="write it as host[:port]/path, without https://",
        )
    return url


def plain_url(url: str) -> str:
    """The URL without scheme, blanks, upper case and slashes at its end, to see which texts mean one registry."""
    return _SCHEME.sub("", url.strip()).rstrip("/").lower()


def secret_digits(url: str) -> str:
    """The digits that tell the secret of a registry from those of others."""
    from hashlib import sha256

    return sha256(url.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def secret_name(url: str) -> str:
    """The name of the pull secret for a registry; both charts work it out from the text of the URL."""
    return f"{PLATFORM_SECRET}-{secret_digits(url)}"


def collisions(urls: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different URLs whose secrets have one name: sixteen bits are few."""
    first: dict[str, str] = {}
    # The first URL of each name is kept, and every other one with this name told beside it.
    return [(first[name], url) for url in urls if first.setdefault(name := secret_name(url), url) != url]


def docker_config(url: str, username: str, password: str) -> str:
    """The docker configuration of the secret, in the form that the extension writes: with blanks, `auth` alone."""
    import json

    login = b64encode(f"{username}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
    return json.dumps({"auths": {f"https://{url}": {"auth": login}}}, ensure_ascii=False)


def registry_secret(url: str, username: str, password: str, *, namespace: str = SERVICES) -> Mapping[str, Any]:
    """The pull secret of a registry as a Kubernetes object.

    Raises:
        InputError: the URL is none.
    """
    config = docker_config(read_url(url), username, password).encode("utf-8", "surrogateescape")
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": secret_name(url), "namespace": namespace},
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": b64encode(config).decode("ascii")},
    }


def masked_secret(secret: Mapping[str, Any], url: str) -> Mapping[str, Any]:
    """A pull secret to be looked at: as plain text, without what one could log in with."""
    import json

    shown = json.dumps({"auths": {f"https://{url}": {"auth": MASK}}}, ensure_ascii=False)
    rest = {key: value for key, value in secret.items() if key != "data"}
    return {**rest, "stringData": {".dockerconfigjson": shown}}
