from __future__ import annotations

import pytest

from chartkit.oci.challenge import Challenge, choose, read_challenges

_SCOPES = "repository:a/b:pull,push repository:c:pull"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("Basic", [("basic", {})]),
        ('Basic realm="Registry Realm"', [("basic", {"realm": "Registry Realm"})]),
        ("basic realm=plain", [("basic", {"realm": "plain"})]),
        (
            'Bearer realm="https://auth.example.com/token",service="registry.example.com"',
            [("bearer", {"realm": "https://auth.example.com/token", "service": "registry.example.com"})],
        ),
        (
            'Bearer realm="https://a/t" , service="s", scope="' + _SCOPES + '"',
            [
                (
                    "bearer",
                    {"realm": "https://a/t", "service": "s", "scope": "repository:a/b:pull,push repository:c:pull"},
                )
            ],
        ),
        ('BEARER Realm="x",Error="invalid_token"', [("bearer", {"realm": "x", "error": "invalid_token"})]),
        (r'Basic realm="say \"hi\", \\ there"', [("basic", {"realm": r'say "hi", \ there'})]),
        ('Bearer realm="x", Basic realm="y"', [("bearer", {"realm": "x"}), ("basic", {"realm": "y"})]),
        ('Negotiate, Basic realm="y"', [("negotiate", {}), ("basic", {"realm": "y"})]),
        ("Bearer realm=https://a/t,service=s", [("bearer", {"realm": "https://a/t", "service": "s"})]),
        ('Bearer realm="unclosed', [("bearer", {})]),
        ("???", []),
    ],
)
def test_header_is_read(header, expected):
    assert [(each.scheme, each.parameters) for each in read_challenges(header)] == expected


def test_token_is_preferred_to_a_password():
    chosen = choose(read_challenges('Basic realm="y", Bearer realm="https://x"'))
    assert chosen == Challenge("bearer", {"realm": "https://x"})


@pytest.mark.parametrize("header", ["Bearer", 'Bearer service="s"', "Negotiate", ""])
def test_nothing_is_chosen_where_nothing_can_be_done(header):
    assert choose(read_challenges(header)) is None


def test_scopes_are_those_that_the_server_names():
    (challenge,) = read_challenges('Bearer realm="x",scope="repository:a:pull registry:catalog:*"')
    assert challenge.scopes == ("repository:a:pull", "registry:catalog:*")
