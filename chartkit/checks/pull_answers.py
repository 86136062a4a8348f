"""What registries say to the pull secrets of pods: CK130 to CK134, which need the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chartkit.checks.blame import Place, place_at, place_of
from chartkit.checks.coverage import Coverage
from chartkit.checks.finding import Severity
from chartkit.checks.rendered_secrets import Secret
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject

if TYPE_CHECKING:
    from chartkit.oci.probe import Outcome

_REFUSED: Final = Rule(
    "CK130", "credentials that the registry refuses", Severity.ERROR,
    "Make the Secret anew with the right user and password; `chartkit registries` shows how.",
    "`chartkit pull-secret verify --online` logs in to the registry of each image with the credentials that the "
    "kubelet would use, one after the other. The registry knows none of them, or wants a login where there is none.",
)  # fmt: skip
_EXPIRED: Final = Rule(
    "CK131", "credentials that have expired", Severity.ERROR,
    "Make the Secret anew, and let something refresh it: such a credential is good for hours only.",
    "The registry, or the token itself, says that the time is over. Tokens of ECR live 12 hours, access tokens of "
    "Azure and Google less: a Secret that holds one must be renewed before.",
)  # fmt: skip
_DENIED: Final = Rule(
    "CK132", "credentials that may not pull an image", Severity.ERROR,
    "Give the user the right to pull from this repository, or correct the name of the image.",
    "The login is good, and the registry refuses the image all the same. Many registries say so of repositories that "
    "do not exist, so as not to give away which do.",
)  # fmt: skip
_MISSING: Final = Rule(
    "CK133", "an image that is not in its registry", Severity.ERROR,
    "Push or mirror the image, or correct its name, tag or digest.",
    "The credentials are good, and the registry has no such repository, tag or digest: pods stay in ImagePullBackOff. "
    "`chartkit exists` asks for all images of a chart, those outside pods too.",
)  # fmt: skip
_SILENT: Final = Rule(
    "CK134", "a registry that gives no answer", Severity.ERROR,
    "Look at the name of the host, the network and the certificate; --ca-file and --plain-http help with the latter.",
    "Nothing can be said of images whose registry cannot be reached, fails or wants fewer requests: the exit code is "
    "3, not 1.",
)  # fmt: skip

RULES: Final = (_REFUSED, _EXPIRED, _DENIED, _MISSING, _SILENT)
"""The rules of this family."""

_BY_ANSWER: Final[Mapping[str, Rule]] = {
    "wrong-password": _REFUSED,
    "login-needed": _REFUSED,
    "expired-token": _EXPIRED,
    "denied": _DENIED,
    "unknown-repository": _MISSING,
    "unknown-image": _MISSING,
}
FOUND: Final = "found"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a registry says of an image in a pod.

    Attributes:
        coverage: the image.
        outcome: the answer.
        secret: the secret with whose credentials it was asked; `None` if without any.
        server: the key under `auths` of those credentials.
    """

    coverage: Coverage
    outcome: Outcome
    secret: Secret | None = None
    server: str = ""

    @property
    def is_unanswered(self) -> bool:
        """Whether the registry could not be asked."""
        return self.outcome.answer != FOUND and self.outcome.answer not in _BY_ANSWER


def remark_on(subject: Subject, asked: Asked) -> tuple[Rule, Remark] | None:
    """What is to be said of an answer; nothing if the image is there."""
    if asked.outcome.answer == FOUND:
        return None
    rule = _BY_ANSWER.get(asked.outcome.answer, _SILENT)
    place = _place(subject, asked, rule)
    by = f" (asked with {asked.secret.shown}, auths of {asked.server})" if asked.secret else " (asked without a login)"
    message = f"{asked.outcome.reason}{'' if rule is _SILENT else by}"
    return rule, Remark(message, place.position, place.key, asked.coverage.use, asked.outcome.hint)


def _place(subject: Subject, asked: Asked, rule: Rule) -> Place:
    """What to change: the credentials, or the image."""
    use = asked.coverage.use
    if rule is _MISSING or rule is _DENIED:
        return place_of(subject, use, "tag", "digest", "repository")
    secret = asked.secret
    if rule is _SILENT or secret is None:
        return place_of(subject, use, "registry", "repository")
    if secret.manifest is None:
        return Place("", secret.auths[asked.server].position)
    return place_at(subject, secret.manifest, secret.steps, "pass", "token")
