from __future__ import annotations

import pytest
from served import answer

from chartkit.oci.failures import (
    Denied,
    ExpiredToken,
    RateLimited,
    ServerFault,
    UnknownManifest,
    UnknownRepository,
    Words,
    one_line,
    refusal,
)


@pytest.mark.parametrize(
    ("body", "codes", "text"),
    [
        (b'{"errors": [{"code": "DENIED", "message": "no"}]}', {"DENIED"}, "no"),
        (b'{"errors": [{"code": "A", "message": "x"}, {"code": "B"}]}', {"A", "B"}, "x; B"),
        (b'{"errors": [{"code": "A", "message": "x"}, {"code": "B", "message": "x"}]}', {"A", "B"}, "x"),
        (b'{"error": "invalid_grant", "error_description": "too old"}', set(), "invalid_grant; too old"),
        (b'{"details": "incorrect password"}', set(), "incorrect password"),
        (b'{"message": "busy"}', set(), "busy"),
        (b'{"errors": "odd"}', set(), "odd"),
        (b'{"errors": [1, null, {"code": 7, "message": 8}]}', set(), ""),
        (b"<html>Bad Gateway</html>", set(), ""),
        (b"", set(), ""),
        (b"[" * 100_000, set(), ""),
        (b"\xff\xfe", set(), ""),
    ],
)
def test_words_of_a_server_are_read(body, codes, text):
    words = Words(body)
    assert (words.codes, words.text) == (codes, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\n b\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("x\u202ey\u2066z", "x y z"),
        ("\x00", ""),
        ("y" * 400, "y" * 300 + "..."),
    ],
    ids=["lines", "colours", "direction", "zero", "long"],
)
def test_line_is_fit_for_a_terminal(text, expected):
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("given", "kind", "text"),
    [
        (answer(404), UnknownManifest, "x: not found"),
        (answer(404, {"errors": [{"code": "NAME_UNKNOWN"}]}), UnknownRepository, "x: not found: NAME_UNKNOWN"),
        (answer(403), Denied, "x: denied"),
        (answer(403, {"message": "Expired"}), ExpiredToken, "x: Expired"),
        (answer(401, {"errors": [{"code": "DENIED"}]}), Denied, "x: denied: DENIED"),
        (answer(429), RateLimited, "x: the registry wants fewer requests"),
        (answer(507), ServerFault, "x: the registry failed with status 507"),
    ],
)
def test_refusal_is_of_the_kind_that_says_what_to_do(given, kind, text):
    failure = refusal(given, "x")
    assert (type(failure), str(failure)) == (kind, text)


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("3600", "try again in 3600 seconds"),
        ("", "log in, or try again later"),
        ("x\x1b", "log in, or try again later"),
    ],
)
def test_limit_says_when_to_come_back(header, hint):
    assert refusal(answer(429, retry_after=header), "x").hint == hint
