"""Pull secrets to be made: the credentials of registries as a Secret of Kubernetes.

Two styles, which differ in the order of the manifest's fields and mean the same:

| style | like |
|---|---|
| `kubectl` | `kubectl create secret docker-registry NAME ... --dry-run=client -o yaml`, byte for byte |
| `chart` | the Secret that the chart orkes-conductor renders |
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar, Final

from chartkit.errors import InputError
from chartkit.gojson import encode
from chartkit.gotypes import GoObject
from chartkit.goyaml.dump import dump
from chartkit.goyaml.failure import YAMLError
from chartkit.oci.credential import MASK, Credential
from chartkit.oci.secret_file import SECRET_KEYS, SECRET_TYPE

_KEY: Final = SECRET_KEYS[SECRET_TYPE]
_CHART_ORDER: Final = ("apiVersion", "kind", "metadata", "type", "stringData", "data")


class Style(StrEnum):
    """Whose manifest is written."""

    KUBECTL = "kubectl"
    CHART = "chart"


@dataclass(frozen=True, slots=True)
class NewPullSecret:
    """A pull secret to be made.

    Attributes:
        name: its name.
        credentials: by server, the key under `auths`, what to log in with.
        namespace: its namespace; empty for the one that is current when it is applied.
        labels: its labels.
        annotations: its annotations.
        has_plain_text: whether the JSON is written as it is, under `stringData`, and not in base64.
    """

    name: str
    credentials: Mapping[str, Credential] = field(repr=False)
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    has_plain_text: bool = False

    @property
    def masked(self) -> NewPullSecret:
        """The same without passwords, to be looked at."""
        known = {server: replace(each, password=MASK) for server, each in self.credentials.items()}
        return replace(self, credentials=known, has_plain_text=True)


def config_json(credentials: Mapping[str, Credential]) -> str:
    """The JSON of a pull secret, as Go writes it: servers sorted, an empty email left out.

    A password that is `MASK` is masked in `auth` too.
    """
    return encode({"auths": {server: _Entry(each) for server, each in credentials.items()}})


def manifest_text(secret: NewPullSecret, style: Style = Style.KUBECTL) -> str:
    """The YAML of a pull secret.

    Raises:
        InputError: a password has characters that YAML cannot carry as plain text.
    """
    try:
        return _kubectl(secret) if style is Style.KUBECTL else _chart(secret)
    except YAMLError:
        message = f"the credentials of {secret.name} hold characters that YAML does not take as they are"
        raise InputError(message, hint="leave --string-data out: base64 carries all") from None


def _kubectl(secret: NewPullSecret) -> str:
    return dump({**_fields(secret), "metadata": {"creationTimestamp": None, **_metadata(secret)}})


def _chart(secret: NewPullSecret) -> str:
    fields = {**_fields(secret), "metadata": _metadata(secret)}
    return "".join(dump({name: fields[name]}) for name in _CHART_ORDER if name in fields)


def _fields(secret: NewPullSecret) -> dict[str, Any]:
    text = config_json(secret.credentials)
    content = {"stringData": {_KEY: text}} if secret.has_plain_text else {"data": {_KEY: _base64(text)}}
    return {"apiVersion": "v1", "kind": "Secret", "type": SECRET_TYPE, **content}


def _metadata(secret: NewPullSecret) -> dict[str, Any]:
    fields = {
        "name": secret.name,
        "namespace": secret.namespace,
        "labels": dict(secret.labels),
        "annotations": dict(secret.annotations),
    }
    return {name: value for name, value in fields.items() if value}


class _Entry(GoObject):
    """What stands under a server, its fields in the order of kubectl."""

    __slots__ = ("_credential",)
    go_kind: ClassVar[str] = "struct"

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def go_json(self) -> dict[str, str]:
        known = self._credential
        auth = MASK if known.password == MASK else _base64(f"{known.username}:{known.password}")
        fields = {"username": known.username, "password": known.password, "email": known.email, "auth": auth}
        return {name: value for name, value in fields.items() if value}


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
