"""Sprig's URLs, against results of the real Helm."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.gotypes import FunctionError
from chartkit.sprig import urls

FUNCTIONS = {function.name: function.call for function in urls.FUNCTIONS}
PARTS = {"scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"}

# Only the parts that are not empty.
URLS = [
    (
        "http://admin:secret@server.com:8080/api?list=false#anchor",
        {
            "fragment": "anchor",
            "host": "server.com:8080",
            "hostname": "server.com",
            "path": "/api",
            "query": "list=false",
            "scheme": "http",
            "userinfo": "admin:secret",
        },
    ),
    ("mailto:a@b.c", {"opaque": "a@b.c", "scheme": "mailto"}),
    ("//host/p", {"host": "host", "hostname": "host", "path": "/p"}),
    ("/just/path?q", {"path": "/just/path", "query": "q"}),
    ("", {}),
    ("reg.io:5000/x", {"opaque": "5000/x", "scheme": "reg.io"}),
    ("*", {"path": "*"}),
    ("http://[::1]:80/x", {"host": "[::1]:80", "hostname": "::1", "path": "/x", "scheme": "http"}),
    ("http://[fe80::1%25en0]/", {"host": "[fe80::1%en0]", "hostname": "fe80::1%en0", "path": "/", "scheme": "http"}),
    ("http://h%c3%a9/", {"host": "hé", "hostname": "hé", "path": "/", "scheme": "http"}),
    ("http://u%40:p%2F@h/", {"host": "h", "hostname": "h", "path": "/", "scheme": "http", "userinfo": "u%40:p%2F"}),
    ("http://:p@h", {"host": "h", "hostname": "h", "scheme": "http", "userinfo": ":p"}),
    ("http://@h", {"host": "h", "hostname": "h", "scheme": "http"}),
    ("http://h/a%2fb", {"host": "h", "hostname": "h", "path": "/a/b", "scheme": "http"}),
    ("HTTP://H/P", {"host": "H", "hostname": "H", "path": "/P", "scheme": "http"}),
    ("http:///p", {"path": "/p", "scheme": "http"}),
    ("x:", {"scheme": "x"}),
    ("///x", {"path": "///x"}),
    ("http://h/?", {"host": "h", "hostname": "h", "path": "/", "scheme": "http"}),
    ("ftp://a:b:80/", {"host": "a:b:80", "hostname": "a:b", "path": "/", "scheme": "ftp"}),
    ("http://h#a%20b", {"fragment": "a b", "host": "h", "hostname": "h", "scheme": "http"}),
    ("a/b:c", {"path": "a/b:c"}),
]

BAD_URLS = [
    ("http://a b", 'parse "http://a b": invalid character " " in host name'),
    (":x", 'parse ":x": missing protocol scheme'),
    ("http://h/%zz", 'parse "http://h/%zz": invalid URL escape "%zz"'),
    ("http://h/%2", 'parse "http://h/%2": invalid URL escape "%2"'),
    ("http://[::1", "parse \"http://[::1\": missing ']' in host"),
    ("http://h:80a/", 'parse "http://h:80a/": invalid port ":80a" after host'),
    ("http://h%41/", 'parse "http://h%41/": invalid URL escape "%41"'),
    ("a:%0\x01", 'parse "a:%0\\x01": net/url: invalid control character in URL'),
    ("1a:b", 'parse "1a:b": first path segment in URL cannot contain colon'),
    ("http://u p@h", 'parse "http://u p@h": net/url: invalid userinfo'),
    ("http://[a]/", 'parse "http://[a]/": invalid host: ParseAddr("a"): unable to parse IP'),
    ("http://a:b:80/", 'parse "http://a:b:80/": invalid port ":b:80" after host'),
    ("http://a[b]/", 'parse "http://a[b]/": invalid IP-literal'),
    ("http://[1.2.3.4]/", 'parse "http://[1.2.3.4]/": invalid IP-literal'),
    ("http://[::1]x", 'parse "http://[::1]x": invalid port "x" after host'),
    ("http://h#%zz", 'parse "http://h#%zz": invalid URL escape "%zz"'),
    ("%zz", 'parse "%zz": invalid URL escape "%zz"'),
    ("http://[1:2:3]/", 'parse "http://[1:2:3]/": invalid host: ParseAddr("1:2:3"): address string too short'),
    ("//[1::2::3]/", 'parse "//[1::2::3]/": invalid host: ParseAddr("1::2::3"): multiple :: in address (at ":3")'),
    (
        "//[12345::]",
        'parse "//[12345::]": invalid host: ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")',
    ),
]

JOINED = [
    ({"scheme": "http", "host": "h:80", "path": "/a b?c"}, "http://h:80/a%20b%3Fc"),
    ({"host": "h", "path": "p"}, "//h/p"),
    ({"path": "a:b"}, "./a:b"),
    ({"path": "*"}, "*"),
    ({"scheme": "mailto", "opaque": "a@b.c"}, "mailto:a@b.c"),
    (
        {"scheme": "http", "userinfo": "u:p", "host": "h", "query": "a=b c", "fragment": "é!"},
        "http://u:p@h?a=b c#%C3%A9!",
    ),
    ({"scheme": "x", "path": "//y"}, "x:////y"),
    ({"userinfo": "a/b", "host": "h"}, "//h"),
    ({"host": "a b"}, "//a%20b"),
    ({}, ""),
]


@pytest.mark.parametrize(("text", "expected"), URLS)
def test_url_parse(text: str, expected: dict[str, str]) -> None:
    parts = FUNCTIONS["urlParse"](text)
    assert {name: value for name, value in parts.items() if value} == expected
    assert set(parts) == PARTS


@pytest.mark.parametrize(("text", "message"), BAD_URLS)
def test_url_parse_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS["urlParse"](text)
    assert str(caught.value) == f"unable to parse url: {message}"


@pytest.mark.parametrize(("parts", "expected"), JOINED)
def test_url_join(parts: dict[str, str], expected: str) -> None:
    assert FUNCTIONS["urlJoin"](parts) == expected


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"host": 5.0}, "unable to parse host key, must be of type string, but float64 found"),
        ({"path": []}, "unable to parse path key, must be of type string, but slice found"),
        ({"path": None}, "runtime error: invalid memory address or nil pointer dereference"),
        ({"userinfo": "%zz"}, 'unable to parse userinfo in dict: parse "proto://%zz@host": invalid URL escape "%zz"'),
    ],
)
def test_url_join_refuses_other_parts(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS["urlJoin"](parts)
    assert str(caught.value) == message


def test_get_host_by_name_does_not_look_anything_up() -> None:
    assert FUNCTIONS["getHostByName"]("localhost") == ""
