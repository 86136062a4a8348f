"""Secrets in values files: CK122."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.positions import position_in
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.secret_names import names_secret
from chartkit.checks.subject import Steps, Subject, dotted

_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
_ELSEWHERE: Final = re.compile(
    r"[\w./-]+/[\w./-]+#[\w.-]+|.*(?:\{\{|\$\{|\$\(|\[\[).*|\$[A-Z_][A-Z0-9_]*|%\w+%|<[^>]*>|ENC\[.*|(?:vault|secretref|op|sops|enc|ref\+\w+):.*",
    re.DOTALL,
)
_PLACEHOLDER: Final = re.compile(
    r"(?i)(?:change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|placeholder|todo|none|null|example|dummy|redacted"
    r"|your[-_ ].*|my[-_](?:password|token|secret|api-?key)|x{3,}|\*{3,}|\.{3}|-|_+|fill[-_ ]?(?:me|in).*)[!.]?"
)


def find_plaintext(subject: Subject) -> Iterator[Remark]:
    """CK122: passwords, tokens and private keys that stand in a values file as they are."""
    for layer in subject.layers:
        if layer.kind != "values_file":
            continue
        for path, value in _texts(layer.data, ()):
            kind = _kind(path, value)
            if kind:
                key = dotted(path)
                yield Remark(f"{key} holds {kind} in plain text", position_in(layer, path), key)


def _texts(value: Any, path: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _texts(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, (*path, index))
    elif isinstance(value, str) and value:
        yield path, value


def _kind(path: Steps, value: str) -> str:
    """What kind of secret a value is; empty if it is none. The value itself is never told."""
    if _PRIVATE_KEY.search(value):
        return "a private key"
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if not names_secret(name) or _ELSEWHERE.fullmatch(value) or _PLACEHOLDER.fullmatch(value.strip()):
        return ""
    return "" if value.lower() in ("true", "false") else "a secret"


RULES: Final = (
    Rule(
        "CK122", "a secret in plain text", Severity.WARNING,
        "Put it into a Secret of the cluster and name that (existingSecret or the like), or give it at deployment from "
        "a secret store.",
        "Values files are kept in repositories, printed in logs, and stored by Helm in the release. Reported are keys "
        "that are named like a password, token or key and hold a text that is no template, no reference to another "
        "place and no placeholder, and private keys wherever they stand. The secret itself is never printed.\n\n"
        "    password: hunter2                found\n"
        "    password: ${DB_PASSWORD}         fine\n"
        "    existingSecret: db-credentials   fine",
        check=find_plaintext, in_production=Severity.ERROR,
    ),
)  # fmt: skip
"""The rules of this family."""
