from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from served import Keys, Served, answer

from chartkit.errors import Unauthorized
from chartkit.oci.auth import Authenticator
from chartkit.oci.challenge import Challenge
from chartkit.oci.credential import Credential
from chartkit.oci.exchange import Exchange, Patience
from chartkit.oci.failures import Denied, ExpiredToken, LoginNeeded, ServerFault, WrongPassword

NOW = 1_700_000_000.0
REALM = "https://auth.example.com/token"
BEARER = Challenge("bearer", {"realm": REALM, "service": "registry.example.com"})
BASIC = Challenge("basic", {"realm": "x"})
PULL = ("repository:team/app:pull",)
ROBOT = Credential("robot", "pass:word")


class Watch:
    """A clock that is set by hand."""

    time = 0.0

    def __call__(self):
        return self.time


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def made(watch):
    """Makes an authenticator with a credential, whose token server gives these answers."""

    def make(credential, *answers):
        served = Served(list(answers))
        exchange = Exchange(served, Patience(attempts=1))
        return Authenticator(exchange, Keys(credential), now=lambda: NOW, elapsed=watch), served

    return make


def login(authenticator, challenge=BEARER, scopes=PULL, *, plain=False):
    return authenticator.login("registry.example.com", challenge, scopes, plain=plain)


def web_token(**claims):
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in ({}, claims)]
    return ".".join([*parts, "signature"])


def test_nothing_is_sent_where_no_login_is_wanted(made):
    assert login(made(ROBOT)[0], None).header == ""


def test_basic_sends_user_and_password(made):
    header = login(made(ROBOT)[0], BASIC).header
    assert base64.b64decode(header.removeprefix("Basic ")) == b"robot:pass:word"


def test_basic_sends_nothing_without_a_credential(made):
    assert login(made(None)[0], BASIC).header == ""


def test_token_is_asked_for_with_service_scope_and_password(made):
    authenticator, served = made(ROBOT, answer(200, {"token": "abc"}))
    assert login(authenticator, scopes=(*PULL, "repository:other:pull")).header == "Bearer abc"
    (request,) = served.seen
    assert request.url.startswith(f"{REALM}?")
    assert parse_qs(urlsplit(request.url).query) == {
        "service": ["registry.example.com"],
        "scope": ["repository:team/app:pull", "repository:other:pull"],
        "account": ["robot"],
    }
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"robot:pass:word"


def test_token_is_asked_for_without_a_credential_too(made):
    authenticator, served = made(None, answer(200, {"access_token": "abc"}))
    assert login(authenticator).header == "Bearer abc"
    assert "Authorization" not in served.seen[0].headers
    assert "account" not in served.seen[0].url


def test_query_of_the_realm_is_kept(made):
    authenticator, served = made(None, answer(200, {"token": "abc"}))
    login(authenticator, Challenge("bearer", {"realm": f"{REALM}?tenant=1"}))
    assert served.seen[0].url == f"{REALM}?tenant=1&scope=repository%3Ateam%2Fapp%3Apull"


def test_refresh_token_goes_in_a_form(made):
    authenticator, served = made(Credential(identity_token="re&fresh"), answer(200, {"access_token": "abc"}))
    assert login(authenticator).header == "Bearer abc"
    (request,) = served.seen
    assert (request.method, request.url) == ("POST", REALM)
    assert request.headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert parse_qs(request.body.decode()) == {
        "service": ["registry.example.com"],
        "grant_type": ["refresh_token"],
        "client_id": ["chartkit"],
        "scope": ["repository:team/app:pull"],
        "refresh_token": ["re&fresh"],
    }


def test_token_is_kept_by_scope_until_shortly_before_its_end(made, watch):
    tokens = [answer(200, {"token": name, "expires_in": 300}) for name in "abc"]
    authenticator, served = made(ROBOT, *tokens)
    assert [login(authenticator).header for _ in range(3)] == ["Bearer a"] * 3
    assert login(authenticator, scopes=("repository:other:pull",)).header == "Bearer b"
    watch.time = 289
    assert login(authenticator).header == "Bearer a"
    watch.time = 291
    assert login(authenticator).header == "Bearer c"
    assert len(served.seen) == 3


def test_token_without_a_lifetime_lives_a_minute(made, watch):
    authenticator, _ = made(ROBOT, *(answer(200, {"token": name}) for name in "ab"))
    login(authenticator)
    watch.time = 49
    assert login(authenticator).header == "Bearer a"
    watch.time = 51
    assert login(authenticator).header == "Bearer b"


def test_token_that_is_forgotten_is_asked_for_again(made):
    authenticator, _ = made(ROBOT, *(answer(200, {"token": name}) for name in "ab"))
    authenticator.forget(login(authenticator))
    assert login(authenticator).header == "Bearer b"


def test_credential_is_looked_up_once_for_a_repository():
    keys = Keys(ROBOT)
    authenticator = Authenticator(Exchange(Served([]), Patience(attempts=1)), keys)
    for _ in range(3):
        authenticator.login("r", BASIC, ("repository:a/b:pull,push", "repository:c:pull"), plain=False)
    assert keys.asked == [("r", "a/b")]


@pytest.mark.parametrize(
    ("credential", "given", "failure", "words"),
    [
        (ROBOT, answer(401), WrongPassword, "refuses user robot with this password"),
        (ROBOT, answer(401, {"details": "incorrect username or password"}), WrongPassword, "password: incorrect"),
        (ROBOT, answer(403, {"errors": [{"code": "DENIED", "message": "denied"}]}), Denied, "denies user robot"),
        (ROBOT, answer(403, {"message": "HTTP Basic: Access denied"}), WrongPassword, "HTTP Basic: Access denied"),
        (ROBOT, answer(401, {"message": "token expired on Monday"}), ExpiredToken, "user robot has expired: token"),
        (Credential("x", web_token(exp=NOW - 1)), answer(401), ExpiredToken, "the credential of user x has expired"),
        (Credential("x", web_token(exp=NOW + 9)), answer(401), WrongPassword, "refuses user x"),
        (Credential("x", web_token(sub="y")), answer(401), WrongPassword, "refuses user x"),
        (
            Credential("AWS", base64.b64encode(json.dumps({"expiration": NOW - 9}).encode()).decode()),
            answer(400),
            ExpiredToken,
            "the credential of user AWS has expired",
        ),
        (Credential(identity_token="r"), answer(400, {"error": "invalid_grant"}), WrongPassword, "user <token>"),
        (
            Credential(identity_token="r"),
            answer(400, {"error": "invalid_grant", "error_description": "refresh token is expired"}),
            ExpiredToken,
            "invalid_grant; refresh token is expired",
        ),
        (Credential(identity_token="r"), answer(404), Unauthorized, "takes no refresh tokens"),
        (None, answer(401), LoginNeeded, "wants a login, and there is no credential"),
        (ROBOT, answer(500), ServerFault, "token server auth.example.com: the registry failed with status 500"),
        (ROBOT, answer(200, b"<html>"), ServerFault, "gave no token"),
        (ROBOT, answer(200, {"token": ""}), ServerFault, "gave no token"),
        (ROBOT, answer(200, {"token": "a\r\nX-Other: 1"}), ServerFault, "gave no token"),
        (ROBOT, answer(200, [1]), ServerFault, "gave no token"),
    ],
)
def test_token_server_that_gives_none_is_understood(credential, given, failure, words, made):
    authenticator, _ = made(credential, given)
    with pytest.raises(failure) as caught:
        login(authenticator)
    assert type(caught.value) is failure
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("password", "said", "shown"),
    [
        ("a", "a bad day: a", "******** bad day: ********"),
        ("tag", "stage", "stage"),
        ("secret", "xsecrety", "x********y"),
    ],
)
def test_short_password_is_masked_where_it_stands_alone(password, said, shown, made):
    authenticator, _ = made(Credential("robot", password), answer(401, {"message": said}))
    with pytest.raises(WrongPassword) as caught:
        login(authenticator)
    assert str(caught.value).endswith(f"with this password: {shown}")


def test_password_is_not_told_though_the_server_repeats_it(made):
    authenticator, _ = made(ROBOT, answer(401, {"message": "user robot:pass:word is unknown\x1b[31m\n"}))
    with pytest.raises(WrongPassword) as caught:
        login(authenticator)
    assert str(caught.value).endswith("with this password: user robot:******** is unknown [31m")


@pytest.mark.parametrize(
    ("realm", "plain", "words"),
    [
        ("http://auth.example.com/token", False, "over plain HTTP"),
        ("file:///etc/passwd", True, "no web address"),
        ("https:///token", False, "no web address"),
        ("token", False, "no web address"),
    ],
)
def test_password_goes_nowhere_unsafe(realm, plain, words, made):
    authenticator, served = made(ROBOT)
    with pytest.raises((Unauthorized, ServerFault), match=words):
        login(authenticator, Challenge("bearer", {"realm": realm}), plain=plain)
    assert served.seen == []


@pytest.mark.parametrize(
    ("realm", "plain", "credential"),
    [
        ("http://auth.example.com/token", True, ROBOT),
        ("http://127.0.0.1:9/token", False, ROBOT),
        ("http://auth.example.com/token", False, None),
    ],
    ids=["registry-plain-too", "this-machine", "nothing-to-lose"],
)
def test_plain_token_server_is_asked_where_that_is_no_worse(realm, plain, credential, made):
    authenticator, _ = made(credential, answer(200, {"token": "abc"}))
    assert login(authenticator, Challenge("bearer", {"realm": realm}), plain=plain).header == "Bearer abc"


def test_secrets_are_in_no_representation(made):
    authenticator, _ = made(Credential("robot", "pass:word", "refresh"), answer(200, {"token": "abc"}))
    assert not [word for word in ("pass:word", "refresh", "abc") if word in repr(login(authenticator))]
