from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import pytest

from chartkit.oci.expiry import expires_at


def jwt(**claims: Any) -> str:
    parts = ({"alg": "RS256"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"


def ecr(**fields: Any) -> str:
    return b64encode(json.dumps({"payload": "x" * 40, "type": "DATA_KEY", **fields}).encode()).decode()


@pytest.mark.parametrize(
    ("password", "moment"),
    [
        (jwt(exp=1_700_000_000, sub="ÿ>?"), 1_700_000_000),
        (jwt(exp=1_700_000_000.5), 1_700_000_000),
        (jwt(sub="x"), None),
        (jwt(exp="soon"), None),
        (jwt(exp=True), None),
        (jwt(exp=-5), None),
        (jwt(exp=1e300), None),
        (ecr(expiration=1_700_000_000), 1_700_000_000),
        (ecr(), None),
        ("hunter2", None),
        ("a.b.c", None),
        ("..", None),
        ("", None),
        ("ü.é.ñ", None),
        ("W10=", None),
        (b64encode(b"[" * 50_000).decode(), None),
    ],
    ids=range(16),
)
def test_only_a_password_that_says_so_ends(password: str, moment: int | None) -> None:
    assert expires_at(password) == moment
