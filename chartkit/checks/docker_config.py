"""Rendered pull secrets: what is in them, and CK123, CK124 and CK126."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chartkit.checks.blame import place_at
from chartkit.checks.finding import Severity
from chartkit.checks.pods import Object, objects
from chartkit.checks.pull_secret_matching import read_key, why_useless
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Steps, Subject, value_at
from chartkit.images.providers import provider_of
from chartkit.oci.docker_config import Entry
from chartkit.oci.secret_file import SECRET_KEYS, SECRET_TYPE, is_pull_secret, read_secret
from chartkit.source import Source

_PASSWORD_KEYS: Final = ("pass", "token")
_SERVER_KEYS: Final = ("registry", "server", "host", "url")
_TOKEN_USERS: Final = {
    "00000000-0000-0000-0000-000000000000": "an Azure access token lives about 3 hours",
    "oauth2accesstoken": "a Google access token lives about 1 hour",
    "cr_temp_user": "a temporary pair of Alibaba Cloud lives 1 hour",
    "temp_user_cr": "a temporary pair of Alibaba Cloud lives 1 hour",
    "gitlab-ci-token": "the token of a GitLab job ends with the job",
}


@dataclass(frozen=True, slots=True)
class PullSecret:
    """A rendered pull secret.

    Attributes:
        object: the Secret.
        auths: the credentials by registry, without those that are empty; none if it cannot be read.
        fault: why the kubelet cannot use it.
        is_unreadable: whether the fault makes the kubelet refuse all images of the pod, and not just pass it over.
    """

    object: Object
    auths: Mapping[str, Entry]
    fault: str = ""
    is_unreadable: bool = False

    @property
    def name(self) -> str:
        """The name that pods use."""
        return self.object.name

    @property
    def steps(self) -> Steps:
        """The way to its content in the document, or to its type where there is no content of that type."""
        key = SECRET_KEYS.get(str(self.object.data.get("type")), "")
        for field in ("stringData", "data"):
            if key and value_at(self.object.data, (field, key)) is not None:
                return (*self.object.steps, field, key)
        return (*self.object.steps, "type")


def pull_secrets(subject: Subject) -> Iterator[PullSecret]:
    """The pull secrets that the chart renders."""
    for each in objects(subject.rendering):
        if each.kind == "Secret" and is_pull_secret(each.data):
            content = read_secret(each.data, Source(each.manifest.file, each.manifest.text))
            faults = sorted(content.faults, key=lambda fault: not fault.is_fatal)
            is_unreadable = bool(faults) and faults[0].is_fatal
            usable = {server: entry for server, entry in content.config.entries.items() if not entry.is_empty}
            yield PullSecret(
                each, {} if is_unreadable else usable, faults[0].message if faults else "", is_unreadable=is_unreadable
            )


def find_broken(subject: Subject) -> Iterator[Remark]:
    """CK123: pull secrets that the kubelet cannot use."""
    for secret in pull_secrets(subject):
        if secret.fault:
            message = f"the pull secret {secret.name} is of no use: {secret.fault}"
            yield _remark(subject, secret, message, *_PASSWORD_KEYS)


def find_useless(subject: Subject) -> Iterator[Remark]:
    """CK124: keys under `auths` that can cover no image."""
    images = [use.reference for use in subject.likely if use.reference]
    for secret in pull_secrets(subject):
        for key in secret.auths:
            reason = why_useless(key, images)
            if reason:
                message = f"the credentials for {key} in {secret.name} cover no image here: {reason}"
                yield _remark(subject, secret, message, key, *_SERVER_KEYS)


def find_short_lived(subject: Subject) -> Iterator[Remark]:
    """CK126: credentials that expire within a day."""
    for secret in pull_secrets(subject):
        for key, entry in secret.auths.items():
            reason = why_short_lived(key, entry.credential.username)
            if reason:
                message = f"the pull secret {secret.name} holds credentials for {key} that expire: {reason}"
                yield _remark(subject, secret, message, key, *_SERVER_KEYS)


def _remark(subject: Subject, secret: PullSecret, message: str, *wanted: str) -> Remark:
    """A remark on a rendered secret, with the value that is to blame: one of those wanted, or the first."""
    manifest = secret.object.manifest
    place = place_at(subject, manifest, secret.steps, *wanted)
    return Remark(message, place.position, place.key, resource_file=manifest.file)


def why_short_lived(server: str, user: str) -> str:
    """Why the credentials of a user for a server expire soon; empty if they are not known to."""
    if user in _TOKEN_USERS:
        return _TOKEN_USERS[user]
    provider = provider_of(read_key(server).host)
    return provider.note if provider.short_lived and user in ("AWS", "") else ""


RULES: Final = (
    Rule(
        "CK123", "a pull secret that the kubelet cannot use", Severity.ERROR,
        f"Make it of type {SECRET_TYPE} with one key .dockerconfigjson; build the JSON with toJson, not with printf.",
        "A Secret that is not JSON is refused when the release is installed. An auth that is not the base64 of "
        "user:password makes the kubelet give up on every image of the pod, even on public ones. A Secret of another "
        "type or without auths it passes over without a word: the pull is anonymous. Charts that put the password into "
        "the JSON by printf break on a quote or a backslash in it.",
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
