from __future__ import annotations

from chartkit.manifests.order import kind_rank
from chartkit.profile import HELM_3_17, HELM_4_1, NEWEST, Profile


def _sorted(kinds: list[str], profile: Profile) -> list[str]:
    return sorted(kinds, key=lambda kind: kind_rank(kind, profile))


def test_kind_rank_sorts_known_kinds_before_unknown_ones() -> None:
    kinds = ["Zebra", "Ingress", "Alpha", "Secret", "", "Namespace", "secret"]
    assert _sorted(kinds, NEWEST) == ["Namespace", "Secret", "Ingress", "", "Alpha", "Zebra", "secret"]


def test_kind_rank_of_webhooks_differs_in_helm_3() -> None:
    kinds = ["Mya", "ValidatingWebhookConfiguration", "Alpha", "MutatingWebhookConfiguration", "APIService"]
    known = ["APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "Alpha", "Mya"]
    assert _sorted(kinds, NEWEST) == known
    assert _sorted(kinds, HELM_4_1) == known
    assert _sorted(kinds, HELM_3_17) == [
        "APIService", "Alpha", "MutatingWebhookConfiguration", "Mya", "ValidatingWebhookConfiguration",
    ]  # fmt: skip
