"""Helm's order of installation, by which manifests and hooks are printed."""

from __future__ import annotations

from typing import Final

from chartkit.profile import Profile

_KINDS: Final = [
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
    "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService",
]  # fmt: skip
_WEBHOOKS: Final = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]

_RANKS_3: Final = {kind: rank for rank, kind in enumerate(_KINDS)}
_RANKS_4: Final = {kind: rank for rank, kind in enumerate(_KINDS + _WEBHOOKS)}
_UNKNOWN: Final = len(_RANKS_4)


def kind_rank(kind: str, profile: Profile) -> tuple[int, str]:
    """The sort key of a kind: known kinds by rank, unknown ones after them by name.

    Sorting by it must be stable: documents of one kind keep the order of their files.
    """
    rank = (_RANKS_3 if profile.major == 3 else _RANKS_4).get(kind)
    return (_UNKNOWN, kind) if rank is None else (rank, "")
