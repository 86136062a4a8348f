from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.levels import Levels
from chartkit.checks.secret_names import names_secret

Lint = Callable[..., tuple[Finding, ...]]

KEY = "-----BEGIN RSA PRIVATE KEY-----\\nx\\n-----END RSA PRIVATE KEY-----\\n"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("db: {password: hunter2}", True),
        ("db: {password: 'a<b>c$d'}", True),
        ("apiToken: abcdef", True),
        ("list: [{password: p1}]", True),
        (f'tls: {{cert: "{KEY}"}}', True),
        ("db: {password: ''}", False),
        ("db: {password: changeme}", False),
        ("db: {password: '<your password>'}", False),
        ("db: {password: '{{ .Values.x }}'}", False),
        ("db: {password: '${DB_PASSWORD}'}", False),
        ("db: {password: 'vault:secret/db#password'}", False),
        ("env: {DB_PASSWORD: 'secret/data/db#password'}", False),
        ("db: {existingSecret: db-credentials, existingSecretPasswordKey: password}", False),
        ("db: {passwordFile: /run/secrets/db}", False),
        ("db: {password: {valueFrom: x}}", False),
        ("imagePullSecrets: [regcred]", False),
    ],
)
def test_ck122_finds_secrets_in_plain_text(lint: Lint, values: str, found: bool) -> None:
    assert ("CK122" in [each.rule for each in lint(values)]) is found


def test_ck122_never_prints_the_secret_and_is_an_error_in_production(lint: Lint) -> None:
    (finding,) = [each for each in lint("db:\n  password: hunter2\n", levels=Levels("prod")) if each.rule == "CK122"]
    assert finding.severity is Severity.ERROR
    assert finding.location == "user.yaml:2:13"
    assert "hunter2" not in finding.message + finding.fix


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("password", True), ("jksFilePassword", True), ("API_KEY", True), ("clientSecret", True), ("secretKey", True),
        ("secretName", False), ("existingPassword", False), ("passwordKey", False), ("keyPasswordSecretKey", False),
        ("tokenUrl", False), ("key", False),
    ],
)  # fmt: skip
def test_names_of_secrets(name: str, is_secret: bool) -> None:
    assert names_secret(name) is is_secret
