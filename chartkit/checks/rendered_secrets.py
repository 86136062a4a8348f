"""The pull secrets that pods can name: those of the render, and those that somebody says are in the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chartkit.checks.docker_config import pull_secrets
from chartkit.checks.subject import Steps, Subject
from chartkit.manifests.assemble import Manifest
from chartkit.oci.docker_config import Entry


@dataclass(frozen=True, slots=True)
class Secret:
    """A pull secret.

    Attributes:
        name: its name; empty for one that stands for every name.
        namespace: its namespace; empty for one that may be in any.
        auths: its credentials by registry; none if it cannot be read.
        fault: what is wrong with it.
        is_unreadable: whether the fault makes the kubelet refuse all images of the pod, and not just pass it over.
        manifest: the rendered document; `None` if it is not in the render.
        steps: the way to its content in that document.
        file: the file that it is from, if it is not in the render.
    """

    name: str
    namespace: str
    auths: Mapping[str, Entry] = field(default_factory=dict)
    fault: str = ""
    is_unreadable: bool = False
    manifest: Manifest | None = None
    steps: Steps = ()
    file: str = ""

    @property
    def shown(self) -> str:
        """What people know it by."""
        return self.name or self.file

    @property
    def servers(self) -> tuple[str, ...]:
        """The keys under `auths`."""
        return tuple(self.auths)

    def is_called(self, name: str, namespace: str) -> bool:
        """Whether a pod in a namespace means this one by a name."""
        return self.name in ("", name) and (self.namespace == namespace or (not self.namespace and not self.manifest))


def rendered_secrets(subject: Subject) -> Iterator[Secret]:
    """The pull secrets that the chart renders."""
    for each in pull_secrets(subject):
        namespace = subject.namespaced(each.object.namespace)
        yield Secret(each.name, namespace, each.auths, each.fault, each.is_unreadable, each.object.manifest, each.steps)
