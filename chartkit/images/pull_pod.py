"""A Pod whose start proves that a pull secret works.

The kubelet pulls before it does anything else with a container. A Pod that comes as far as `Completed`, or as failing
to start its command, has pulled its image; `ErrImagePull` and `ImagePullBackOff` say that it could not.
"""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import Any, Final

from chartkit.goyaml.dump import dump
from chartkit.images.registry_logins import pull_command
from chartkit.reference import ImageReference

_ENDS_AT_ONCE: Final = ("true",)
_NOBODY: Final = 65534
_PATIENCE: Final = 120
_LONGEST: Final = 300
_LEAST: Final = {"cpu": "10m", "memory": "16Mi"}
_MOST: Final = {"cpu": "100m", "memory": "64Mi"}


@dataclass(frozen=True, slots=True)
class PullPod:
    """What is to be proven.

    Attributes:
        name: the Pod's name.
        image: the image to pull.
        secret: the Secret to pull with.
        namespace: the namespace of both; empty for the one that is current.
        command: what to run instead of something that ends at once.
    """

    name: str
    image: ImageReference
    secret: str
    namespace: str = ""
    command: tuple[str, ...] = ()


def manifest_text(pod: PullPod) -> str:
    """The manifest of the Pod."""
    metadata = {"name": pod.name, "namespace": pod.namespace} if pod.namespace else {"name": pod.name}
    fields = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": _spec(pod)}
    return "".join(dump({name: value}) for name, value in fields.items())


def _spec(pod: PullPod) -> dict[str, Any]:
    return {
        # A Pod that runs on, or asks for the API, would do more than prove a pull.
        "activeDeadlineSeconds": _LONGEST,
        "automountServiceAccountToken": False,
        "containers": [_container(pod)],
        "imagePullSecrets": [{"name": pod.secret}],
        "restartPolicy": "Never",
        "securityContext": {
            "runAsGroup": _NOBODY,
            "runAsNonRoot": True,
            # Without a number an image that is made for root would not start.
            "runAsUser": _NOBODY,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationGracePeriodSeconds": 0,
    }


def _container(pod: PullPod) -> dict[str, Any]:
    return {
        "command": list(pod.command or _ENDS_AT_ONCE),
        "image": pod.image.text,
        # An image that the node has already would prove nothing.
        "imagePullPolicy": "Always",
        "name": "pull",
        "resources": {"limits": dict(_MOST), "requests": dict(_LEAST)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
    }


def apply_commands(pod: PullPod, file: str) -> tuple[str, ...]:
    """The commands that start the Pod out of a file, look how it went, and take it away again."""
    place = f" --namespace={quote(pod.namespace)}" if pod.namespace else ""
    phase = "--for=jsonpath='{.status.phase}'=Succeeded"
    return (
        f"kubectl apply -f {quote(file)}",
        f"kubectl wait {phase} pod/{pod.name} --timeout={_PATIENCE}s{place} || kubectl describe pod {pod.name}{place}",
        f"kubectl delete pod {pod.name}{place}",
    )


def run_command(pod: PullPod) -> str:
    """The same by `kubectl run`."""
    return pull_command(pod.image.text, pod.secret, pod.namespace, pod=pod.name)
