"""Rendered pull secrets: what is in them, and CK123, CK124 and CK126."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import loads
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.pods import Object, objects
from chartkit.checks.pull_secret_matching import read_key, why_useless
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject, value_at
from chartkit.images.providers import provider_of

_TYPE: Final = "kubernetes.io/dockerconfigjson"
_OLD_TYPE: Final = "kubernetes.io/dockercfg"
_KEYS: Final = {_TYPE: ".dockerconfigjson", _OLD_TYPE: ".dockercfg"}
_TOKEN_USERS: Final = {
    "00000000-0000-0000-0000-000000000000": "an Azure access token lives about 3 hours",
    "oauth2accesstoken": "a Google access token lives about 1 hour",
}


@dataclass(frozen=True, slots=True)
class PullSecret:
    """A rendered pull secret.

    Attributes:
        object: the Secret.
        auths: the credentials by registry; empty if there is a fault.
        fault: why the kubelet cannot use it.
    """

    object: Object
    auths: Mapping[str, Any]
    fault: str = ""

    @property
    def name(self) -> str:
        """The name that pods use."""
        return self.object.name


def pull_secrets(subject: Subject) -> Iterator[PullSecret]:
    """The pull secrets that the chart renders."""
    for each in objects(subject.rendering):
        if each.kind == "Secret" and _is_pull_secret(each.data):
            auths, fault = _read(each.data)
            yield PullSecret(each, auths, fault)


def _is_pull_secret(secret: Mapping[str, Any]) -> bool:
    entries = {**(secret.get("data") or {}), **(secret.get("stringData") or {})}
    return secret.get("type") in _KEYS or not set(_KEYS.values()).isdisjoint(entries)


def _read(secret: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    kind = str(secret.get("type") or "Opaque")
    if kind not in _KEYS:
        return {}, f"its type is {kind}, and must be {_TYPE}"
    text = _text(secret, _KEYS[kind])
    if text is None:
        return {}, f"it has no readable key {_KEYS[kind]}"
    try:
        content = loads(text)
    except ValueError as error:
        return {}, f"{_KEYS[kind]} is not JSON ({error}); is a quote or backslash in the password?"
    auths = content.get("auths") if kind == _TYPE and isinstance(content, dict) else content
    if not isinstance(auths, dict) or not auths:
        return {}, f"{_KEYS[kind]} has no auths"
    return auths, next(filter(None, (_entry_fault(key, entry) for key, entry in auths.items())), "")


def _text(secret: Mapping[str, Any], key: str) -> str | None:
    plain = value_at(secret, ("stringData", key))
    if isinstance(plain, str):
        return plain
    encoded = value_at(secret, ("data", key))
    if not isinstance(encoded, str):
        return None
    try:
        return a2b_base64(encoded, strict_mode=True).decode()
    except (Base64Error, UnicodeError):
        return None


def _entry_fault(key: str, entry: Any) -> str:
    if not isinstance(entry, dict):
        return f"auths of {key} is no map"
    auth = entry.get("auth")
    if not auth:
        return "" if entry.get("username") or entry.get("identitytoken") else f"auths of {key} has no credentials"
    user, colon, password = _decoded(str(auth)).partition(":")
    if not colon:
        return f"auth of {key} is not the base64 of user:password"
    named = entry.get("username", user), entry.get("password", password)
    return "" if named == (user, password) else f"auth of {key} says something else than its username and password"


def _decoded(auth: str) -> str:
    try:
        return a2b_base64(auth + "=" * (-len(auth) % 4)).decode()
    except (Base64Error, UnicodeError):
        return ""


def find_broken(subject: Subject) -> Iterator[Remark]:
    """CK123: pull secrets that the kubelet cannot use."""
    for secret in pull_secrets(subject):
        if secret.fault:
            message = f"the pull secret {secret.name} is of no use: {secret.fault}"
            yield Remark(message, resource_file=secret.object.manifest.file)


def find_useless(subject: Subject) -> Iterator[Remark]:
    """CK124: keys under `auths` that can cover no image."""
    images = [use.reference for use in subject.likely if use.reference]
    for secret in pull_secrets(subject):
        for key in secret.auths:
            reason = why_useless(key, images)
            if reason:
                message = f"the credentials for {key} in {secret.name} cover no image here: {reason}"
                yield Remark(message, resource_file=secret.object.manifest.file)


def find_short_lived(subject: Subject) -> Iterator[Remark]:
    """CK126: credentials that expire within a day."""
    for secret in pull_secrets(subject):
        for key, entry in secret.auths.items():
            reason = _expiry(read_key(key).host, entry)
            if reason:
                message = f"the pull secret {secret.name} holds credentials for {key} that expire: {reason}"
                yield Remark(message, resource_file=secret.object.manifest.file)


def _expiry(host: str, entry: Any) -> str:
    user = ""
    if isinstance(entry, dict):
        user = str(entry.get("username") or _decoded(str(entry.get("auth") or "")).partition(":")[0])
    if user in _TOKEN_USERS:
        return _TOKEN_USERS[user]
    provider = provider_of(host)
    return provider.note if provider.short_lived and user in ("AWS", "") else ""


RULES: Final = (
    Rule(
        "CK123", "a pull secret that the kubelet cannot use", Severity.ERROR,
        f"Make it of type {_TYPE} with one key .dockerconfigjson; build the JSON with toJson, not with printf.",
        "The kubelet leaves out what it cannot read, without a word in the pod's events: the pull is anonymous. "
        "Charts that put the password into the JSON by printf break on a quote or a backslash in it.",
        check=find_broken,
    ),
    Rule(
        "CK124", "credentials that can never match an image", Severity.WARNING,
        "Write the key as host[:port], as it stands in the image; for Docker Hub https://index.docker.io/v1/.",
        "The kubelet compares the key under auths with the image: the ports must be equal, a * stands for one label of "
        "the host (*.gcr.io fits eu.gcr.io and not gcr.io), and a path must be the beginning of the image's. A path "
        "/v1/ is left out, /v1 without the slash is not.",
        check=find_useless,
    ),
    Rule(
        "CK126", "credentials that expire in a secret that stays", Severity.WARNING,
        "Let something refresh it: a credential provider of the kubelet, a CronJob, or an operator for secrets.",
        "What `aws ecr get-login-password` prints is good for 12 hours, access tokens of Azure and Google for less. In "
        "a Secret that is rendered once they fail at the next pull after that.",
        check=find_short_lived,
    ),
)  # fmt: skip
"""The rules of this family."""
