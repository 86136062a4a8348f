"""Where pods are described: the kinds of objects, and the way from their root to the pod's spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TEMPLATE: Final = ("spec", "template", "spec")

BUILT_IN_GROUPS: Final = frozenset(
    (
        "", "apps", "batch", "extensions", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io",
        "storage.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "admissionregistration.k8s.io",
        "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "node.k8s.io",
        "flowcontrol.apiserver.k8s.io", "scheduling.k8s.io", "resource.k8s.io",
    )
)  # fmt: skip
"""The API groups that Kubernetes itself serves: outside its pods they name no image."""

_WORKLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "ReplicationController": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}

_CUSTOM_WORKLOADS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("argoproj.io", "Rollout"): _TEMPLATE,
    ("serving.knative.dev", "Service"): _TEMPLATE,
    ("serving.knative.dev", "Configuration"): _TEMPLATE,
    ("serving.knative.dev", "Revision"): ("spec",),
    ("apps.openshift.io", "DeploymentConfig"): _TEMPLATE,
    ("apps.kruise.io", "CloneSet"): _TEMPLATE,
    ("apps.kruise.io", "StatefulSet"): _TEMPLATE,
    ("apps.kruise.io", "DaemonSet"): _TEMPLATE,
    ("batch.volcano.sh", "Job"): _TEMPLATE,
    ("keda.sh", "ScaledJob"): ("spec", "jobTargetRef", "template", "spec"),
    ("agents.x-k8s.io", "Sandbox"): ("spec", "podTemplate", "spec"),
}

CONTAINER_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


def api_group(api_version: str) -> str:
    """The group of `group/version`; empty for the core group."""
    group, slash, _ = api_version.partition("/")
    return group if slash else ""


def pod_spec_path(api_version: str, kind: str) -> tuple[str, ...] | None:
    """The way to the pod's spec in an object of a kind; `None` for kinds that describe no pod."""
    group = api_group(api_version)
    if group in BUILT_IN_GROUPS:
        return _WORKLOADS.get(kind)
    return _CUSTOM_WORKLOADS.get((group, kind))
