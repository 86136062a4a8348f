"""Whether pods can pull: each image of a pod with the secret that covers it, or the reason why none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chartkit.checks.hook_times import why_absent
from chartkit.checks.pods import Account, PullNames, accounts, pull_names
from chartkit.checks.pull_secret_matching import covering, why_useless
from chartkit.checks.registry_pattern import Pattern
from chartkit.checks.rendered_secrets import Secret, rendered_secrets
from chartkit.checks.subject import Subject
from chartkit.images.policy import pull_policy
from chartkit.images.providers import provider_of
from chartkit.images.use import ImageUse
from chartkit.reference import ImageReference

_OFTEN_PUBLIC: Final = frozenset(
    ("dockerhub", "gcr", "gar", "ecr-public", "quay", "ghcr", "gitlab", "ibm", "oci", "ngc")
)
_PUBLIC_HOSTS: Final = frozenset(
    (
        "docker.elastic.co", "docker.redpanda.com", "cr.l5d.io", "cr.fluentbit.io", "xpkg.upbound.io", "lscr.io",
        "xpkg.crossplane.io", "cgr.dev", "docker.n8n.io", "codeberg.org", "mirror.gcr.io", "reg.kyverno.io",
        "docker.dragonflydb.io", "container-registry.oracle.com", "ko.local", "dhi.io", "docker.getcollate.io",
        "registry.drycc.cc",
    )
)  # fmt: skip


class Verdict(StrEnum):
    """What can be said of an image in a pod.

    `invalid` is no image reference at all; a `local` one is never pulled (imagePullPolicy: Never); `anonymous` is an
    image of a registry that serves public and private ones, for which the pod has no secret; an `external` secret or
    service account is not in the render; of `unknown` pods something else decides what they pull.
    """

    COVERED = "covered"
    EXTERNAL = "external"
    UNCOVERED = "uncovered"
    INVALID = "invalid"
    LOCAL = "local"
    NODE = "node"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"

    @property
    def said(self) -> str:
        """The same for people."""
        return _SAID[self]


_SAID: Final = {
    Verdict.COVERED: "covered",
    Verdict.EXTERNAL: "external: not rendered, not given",
    Verdict.UNCOVERED: "uncovered",
    Verdict.LOCAL: "never pulled",
    Verdict.NODE: "the nodes have credentials",
    Verdict.PUBLIC: "no secret needed",
    Verdict.ANONYMOUS: "no secret needed if it is public",
    Verdict.UNKNOWN: "not known",
    Verdict.INVALID: "no image reference",
}


class Need(StrEnum):
    """Whether the images of a registry need credentials."""

    NEVER = "never"
    PERHAPS = "perhaps"
    SURELY = "surely"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the render.

    Attributes:
        secrets: pull secrets that are in the cluster; one without a name stands for all that are not rendered.
        accounts: service accounts that are in the cluster.
        nodes: registries that the nodes have credentials of their own for.
        public: registries, paths and images that need no credentials.
        private: the same that need some, although others of their registry may not.
    """

    secrets: tuple[Secret, ...] = ()
    accounts: tuple[Account, ...] = ()
    nodes: tuple[Pattern, ...] = ()
    public: tuple[Pattern, ...] = ()
    private: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """An image in a pod, and how it is pulled.

    Attributes:
        use: the image.
        names: what the pod says of secrets.
        verdict: how it is pulled.
        secrets: the names of the secrets behind the verdict: those that cover it, or those that are external.
        reason: why it is uncovered, unknown or invalid; empty for other verdicts.
        keychain: the secrets whose credentials the kubelet tries, in the order of the pod.
        is_broken: whether a secret that cannot be read is the reason, which is a fault of its own.
    """

    use: ImageUse
    names: PullNames
    verdict: Verdict
    secrets: tuple[str, ...] = ()
    reason: str = ""
    keychain: tuple[Secret, ...] = ()
    is_broken: bool = False


NOTHING: Final = Known()


def coverages(subject: Subject, known: Known = NOTHING) -> tuple[Coverage, ...]:
    """Every image in a pod, or in a custom resource that pods are made of, in the order of the render."""
    return tuple(_Judge(subject, known).all())


def need(reference: ImageReference, known: Known = NOTHING) -> Need:
    """Whether an image needs credentials."""
    if any(pattern.fits(reference) for pattern in known.private):
        return Need.SURELY
    provider = provider_of(reference.registry)
    if any(pattern.fits(reference) for pattern in known.public) or provider.is_public:
        return Need.NEVER
    if reference.registry in _PUBLIC_HOSTS:
        return Need.NEVER
    return Need.PERHAPS if provider.id in _OFTEN_PUBLIC else Need.SURELY


class _Judge:
    """One pass over the images of a render."""

    def __init__(self, subject: Subject, known: Known) -> None:
        self._subject = subject
        self._known = known
        self._rendered = tuple(rendered_secrets(subject))
        self._accounts = (*accounts(subject), *known.accounts)

    def all(self) -> Iterator[Coverage]:
        for use in self._subject.likely:
            names = pull_names(use, self._subject, self._accounts)
            if names is not None:
                yield self._judge(use, names)

    def _judge(self, use: ImageUse, names: PullNames) -> Coverage:
        if use.reference is None:
            return Coverage(use, names, Verdict.INVALID, reason=use.fault)
        policy = pull_policy(use)
        if policy is not None and policy.name == "Never":
            return Coverage(use, names, Verdict.LOCAL)
        found = {name: self._found(name, names.namespace) for name in names.names}
        usable = [each for several in found.values() for each in several if not why_absent(each, use)]
        broken = [each.name for each in usable if each.is_unreadable]
        if broken:
            # The kubelet stops at a secret that it cannot decode, even for images that need none.
            reason = f"the kubelet cannot read {', '.join(broken)}, and then pulls no image of the pod"
            return Coverage(use, names, Verdict.UNCOVERED, tuple(broken), reason, is_broken=True)
        fitting = tuple(each for each in usable if covering(each.servers, use.reference))
        if fitting:
            named = tuple(name for name, several in found.items() if any(each in fitting for each in several))
            return Coverage(use, names, Verdict.COVERED, named, keychain=fitting)
        return self._without(use, names, tuple(name for name, several in found.items() if not several))

    def _without(self, use: ImageUse, names: PullNames, external: tuple[str, ...]) -> Coverage:
        """The verdict on an image that no known secret covers."""
        assert use.reference is not None
        needed = need(use.reference, self._known)
        external = tuple(name for name in external if not self._elsewhere(name))
        if needed is Need.NEVER:
            return Coverage(use, names, Verdict.PUBLIC)
        if any(pattern.fits(use.reference) for pattern in self._known.nodes):
            return Coverage(use, names, Verdict.NODE)
        if external:
            return Coverage(use, names, Verdict.EXTERNAL, external)
        if not names.is_known and names.is_operators:
            return Coverage(use, names, Verdict.UNKNOWN, reason="its pod is made by something else")
        if not names.is_known:
            return Coverage(use, names, Verdict.EXTERNAL, (f"ServiceAccount {names.account}",))
        if needed is Need.PERHAPS:
            return Coverage(use, names, Verdict.ANONYMOUS)
        return Coverage(use, names, Verdict.UNCOVERED, names.names, self._why(use, names))

    def _found(self, name: str, namespace: str) -> tuple[Secret, ...]:
        """The secrets of a name: what the chart renders goes before what is in the cluster."""
        rendered = tuple(each for each in self._rendered if each.is_called(name, namespace))
        return rendered or tuple(each for each in self._known.secrets if each.is_called(name, namespace))

    def _elsewhere(self, name: str) -> str:
        """The other namespace that a secret of the name is rendered into."""
        return next((each.namespace for each in self._rendered if each.name == name), "")

    def _why(self, use: ImageUse, names: PullNames) -> str:
        assert use.reference is not None
        if not names.names:
            account = f", and neither does its service account {names.account}" if names.account else ""
            return f"its pod names no pull secret{account}"
        reasons = dict.fromkeys(self._why_not(name, use, names.namespace) for name in names.names)
        near = "; ".join(filter(None, reasons))
        listed = ", ".join(names.names)
        return f"none of the pod's pull secrets ({listed}) covers its registry{f': {near}' if near else ''}"

    def _why_not(self, name: str, use: ImageUse, namespace: str) -> str:
        """Why a secret does not do, where that is not plain to see."""
        assert use.reference is not None
        found = self._found(name, namespace)
        if not found:
            return f"{name} is rendered into namespace {self._elsewhere(name)}, the pod is in {namespace}"
        reasons: Sequence[str] = [
            why_absent(each, use) or (f"{name}: {each.fault}" if each.fault else "") for each in found
        ]
        near = [why_useless(key, [use.reference]) for each in found for key in each.servers]
        return next(filter(None, (*reasons, *near)), "")
