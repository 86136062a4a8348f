"""Registries with a certificate of one's own: CK128."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject, value_at

_SWITCH: Final = ("trustStore", "enabled")


def find_trust_store(subject: Subject) -> Iterator[Remark]:
    """CK128: a trust store that may be meant for a registry."""
    if value_at(subject.effective, _SWITCH) is True:
        message = "trustStore.enabled makes the application trust a certificate; pulling images does not use it"
        yield Remark(message, subject.position(_SWITCH), ".".join(_SWITCH))


RULES: Final = (
    Rule(
        "CK128", "a trust store that image pulls do not use", Severity.INFO,
        "For a registry with a certificate of its own, install the authority on every node, in the container runtime.",
        "A trust store in values is mounted into the application's pod: its Java runtime trusts the certificate. "
        "Images are pulled by the node before that, with the node's own list of authorities.",
        check=find_trust_store,
    ),
)  # fmt: skip
"""The rules of this family."""
