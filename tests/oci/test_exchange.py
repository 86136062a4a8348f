from __future__ import annotations

import pytest
from served import Served, answer

from chartkit.errors import RegistryError
from chartkit.oci.exchange import Exchange, Patience, redirected, same_server
from chartkit.oci.failures import Interrupted, NoSuchHost, Refused, TlsFailure
from chartkit.oci.transport import Request

URL = "https://registry.example.com/v2/"


@pytest.fixture
def waits():
    return []


@pytest.fixture
def patient(waits):
    return Patience(attempts=4, first=1.0, longest=60.0, pause=waits.append, now=lambda: 1_000_000_000.0)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again_with_growing_waits(status, patient, waits):
    served = Served([answer(status), answer(status), answer(200)])
    assert Exchange(served, patient).send(Request("GET", URL)).status == 200
    assert len(waits) == 2
    assert 0.75 <= waits[0] <= 1 < 1.5 <= waits[1] <= 2


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 416, 501])
def test_what_is_final_is_not_asked_again(status, patient, waits):
    assert Exchange(Served([answer(status)]), patient).send(Request("GET", URL)).status == status
    assert waits == []


def test_last_answer_is_given_where_none_is_better(patient, waits):
    served = Served([answer(500)] * 4)
    assert Exchange(served, patient).send(Request("GET", URL)).status == 500
    assert (len(served.seen), len(waits)) == (4, 3)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("7", 7.0), ("0", 0.0), ("Sun, 09 Sep 2001 01:46:50 GMT", 10.0), ("Sun, 09 Sep 2001 01:46:30 GMT", 0.0)],
    ids=["seconds", "at-once", "date", "past"],
)
def test_server_says_how_long_to_wait(header, expected, patient, waits):
    served = Served([answer(429, retry_after=header), answer(200)])
    Exchange(served, patient).send(Request("GET", URL))
    assert waits == [expected]


def test_server_that_wants_too_long_a_wait_is_given_up(patient, waits):
    served = Served([answer(429, retry_after="3600")])
    assert Exchange(served, patient).send(Request("GET", URL)).status == 429
    assert waits == []


def test_senseless_wait_is_passed_over(patient, waits):
    Exchange(Served([answer(503, retry_after="soon"), answer(200)]), patient).send(Request("GET", URL))
    assert 0.75 <= waits[0] <= 1


@pytest.mark.parametrize("failure", [Refused("no"), Interrupted("no")])
def test_broken_connection_is_tried_again(failure, patient, waits):
    assert Exchange(Served([failure, answer(200)]), patient).send(Request("GET", URL)).status == 200
    assert len(waits) == 1


@pytest.mark.parametrize("failure", [NoSuchHost("no"), TlsFailure("no")])
def test_hopeless_connection_is_not_tried_again(failure, patient, waits):
    with pytest.raises(type(failure)):
        Exchange(Served([failure]), patient).send(Request("GET", URL))
    assert waits == []


def test_connection_that_stays_broken_is_told(patient):
    with pytest.raises(Refused):
        Exchange(Served([Refused("no")] * 4), patient).send(Request("GET", URL))


def test_stream_is_not_sent_twice(patient):
    served = Served([answer(500)])
    assert Exchange(served, patient).send(Request("PUT", URL, {}, lambda: [b"x"])).status == 500


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://registry.example.com/elsewhere", True),
        ("/elsewhere", True),
        ("https://registry.example.com:443/elsewhere", True),
        ("https://storage.example.com/blob?signature=x", False),
        ("https://registry.example.com:8443/elsewhere", False),
        ("http://registry.example.com/elsewhere", False),
        ("//evil.example.com/v2/", False),
    ],
)
def test_login_goes_to_no_other_server(target, kept, patient):
    served = Served([answer(307, location=target), answer(200)])
    Exchange(served, patient).send(Request("GET", URL, {"Authorization": "Basic secret", "Accept": "x"}))
    headers = served.seen[1].headers
    assert ("Authorization" in headers, headers["Accept"]) == (kept, "x")


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [
        ("GET", 302, ("GET", None)),
        ("HEAD", 303, ("HEAD", None)),
        ("PUT", 307, ("PUT", b"body")),
        ("POST", 308, ("POST", b"body")),
        ("PUT", 302, ("GET", None)),
    ],
)
def test_redirect_keeps_what_its_status_says(method, status, expected):
    body = b"body" if method in ("PUT", "POST") else None
    found = redirected(Request(method, URL, {"Content-Length": "4"}, body), "/other", status)
    assert (found.method, found.body) == expected
    assert found.url == "https://registry.example.com/other"


def test_redirects_end(patient):
    with pytest.raises(RegistryError, match="more than 10 redirects"):
        Exchange(Served([answer(302, location="/again")] * 10), patient).send(Request("GET", URL))


def test_redirect_out_of_the_web_is_refused():
    with pytest.raises(RegistryError, match="none of the web"):
        redirected(Request("GET", URL), "file:///etc/passwd", 302)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("https://a/x", "https://a:443/y", True),
        ("http://a:5000/x", "http://a:5000/", True),
        ("https://a/x", "https://A/x", True),
        ("https://a/x", "https://a@b/x", False),
        ("https://a/x", "http://a/x", False),
    ],
)
def test_servers_are_compared(first, second, same):
    assert same_server(first, second) is same
