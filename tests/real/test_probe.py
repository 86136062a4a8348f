from __future__ import annotations

import pytest

from chartkit.adapters.registry import Connecting, UrllibTransport
from chartkit.oci.client import RegistryClient
from chartkit.oci.credential import Credential
from chartkit.oci.exchange import Patience
from chartkit.oci.probe import Answer, probe
from chartkit.reference import ImageReference

pytestmark = pytest.mark.real


class Keys:
    """One credential for everything."""

    def __init__(self, credential: Credential | None = None) -> None:
        self._credential = credential

    def credential(self, registry: str, repository: str = "") -> Credential | None:
        return self._credential


def ask(text, credential=None, **connecting):
    patience = Patience(attempts=2, first=0.01)
    client = RegistryClient(UrllibTransport(Connecting(**connecting)), Keys(credential), patience=patience)
    return probe(client, ImageReference.parse(text))


@pytest.fixture(scope="module", params=["open", "password", "tls", "token"])
def registry(request):
    return request.getfixturevalue(f"{request.param}_registry")


def test_image_is_found_with_its_digest_and_platforms(registry, image_layout, push_image):
    reference = push_image(image_layout, registry, "team/app:1.0")
    outcome = ask(reference, Credential(registry.username, registry.password), ca_file=str(registry.ca_file or ""))
    assert outcome.answer is Answer.FOUND, outcome.reason
    assert outcome.digest == image_layout.digest
    assert [str(each) for each in outcome.platforms] == ["linux/amd64", "linux/arm64"]


def test_single_image_tells_its_platform(open_registry, push_image, tmp_path):
    from images import write_layout

    layout = write_layout(tmp_path / "one", ["linux/arm/v7"])
    outcome = ask(push_image(layout, open_registry, "team/one:1"))
    assert (outcome.digest, [str(each) for each in outcome.platforms]) == (layout.digest, ["linux/arm/v7"])


def test_digest_is_asked_for_where_tag_and_digest_are_written(open_registry, push_image, image_layout):
    reference = push_image(image_layout, open_registry, "team/app:1.0")
    arm = image_layout.manifests["linux/arm64"]
    outcome = ask(f"{reference.rpartition(':')[0]}:no-such-tag@{arm}")
    assert (outcome.answer, outcome.digest) == (Answer.FOUND, arm)


def test_unknown_tag_is_told_from_an_unknown_repository(registry, push_image, image_layout):
    credential, ca_file = Credential(registry.username, registry.password), str(registry.ca_file or "")
    push_image(image_layout, registry, "team/app:1.0")
    tag = ask(f"{registry.host}/team/app:1.1", credential, ca_file=ca_file)
    assert (tag.answer, tag.hint) == (Answer.UNKNOWN_IMAGE, "close to it: 1.0")
    assert tag.reason == f"{registry.host}/team/app:1.1: the repository has no tag 1.1"
    repository = ask(f"{registry.host}/team/none:1.0", credential, ca_file=ca_file)
    assert repository.answer is Answer.UNKNOWN_REPOSITORY
    assert repository.reason == f"{registry.host}/team/none:1.0: there is no repository team/none"


@pytest.mark.parametrize("kind", ["password", "tls", "token"])
def test_wrong_password_is_told_without_showing_it(kind, request):
    registry = request.getfixturevalue(f"{kind}_registry")
    credential = Credential(registry.username, "not-the-pass-word")
    outcome = ask(f"{registry.host}/team/app:1.0", credential, ca_file=str(registry.ca_file or ""))
    assert outcome.answer is Answer.WRONG_PASSWORD
    assert f"the registry refuses user {registry.username} with this password" in outcome.reason
    assert "not-the-pass-word" not in repr(outcome)


@pytest.mark.parametrize("kind", ["password", "tls"])
def test_login_is_asked_for_where_there_is_no_credential(kind, request):
    registry = request.getfixturevalue(f"{kind}_registry")
    outcome = ask(f"{registry.host}/team/app:1.0", ca_file=str(registry.ca_file or ""))
    assert outcome.answer is Answer.LOGIN_NEEDED


def test_private_repository_is_refused_to_nobody_and_given_to_a_user(token_registry, push_image, image_layout):
    reference = push_image(image_layout, token_registry, "private/app:1.0")
    assert ask(reference).answer is Answer.LOGIN_NEEDED
    assert ask(reference, Credential("reader", "r-pass")).answer is Answer.FOUND


def test_refresh_token_logs_in_until_it_expires(token_registry, push_image, image_layout):
    reference = push_image(image_layout, token_registry, "private/app:1.0")
    assert ask(reference, Credential(identity_token="fresh")).answer is Answer.FOUND
    stale = ask(reference, Credential(identity_token="stale"))
    assert stale.answer is Answer.EXPIRED_TOKEN
    assert stale.reason.endswith("the credential of user <token> has expired: the refresh token has expired")


def test_password_that_is_an_old_token_has_expired(password_registry, identity):
    old = identity.token({"sub": "x", "exp": 1_700_000_000})
    outcome = ask(f"{password_registry.host}/team/app:1.0", Credential("oauth2accesstoken", old))
    assert outcome.answer is Answer.EXPIRED_TOKEN
    assert old not in outcome.reason


def test_token_is_fetched_once_for_a_repository(token_registry, push_image, image_layout):
    reference = push_image(image_layout, token_registry, "team/app:1.0")
    client = RegistryClient(UrllibTransport(), Keys(Credential("reader", "r-pass")))
    before = len(token_registry.tokens.asked)
    for tag in ("1.0", "1.0", "1.1"):
        probe(client, ImageReference.parse(reference.replace("1.0", tag)))
    assert token_registry.tokens.asked[before:] == [("reader", ("repository:team/app:pull",))]


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("127.0.0.1:1", "connection refused"),
        ("registry.invalid", "no such host"),
    ],
    ids=["refused", "name"],
)
def test_unreachable_host_says_why(host, words):
    outcome = ask(f"{host}/team/app:1.0")
    assert outcome.answer is Answer.UNREACHABLE
    assert words in outcome.reason


def test_unknown_authority_is_told_and_how_to_trust_it(tls_registry):
    outcome = ask(f"{tls_registry.host}/team/app:1.0")
    assert outcome.answer is Answer.UNREACHABLE
    assert "the certificate is not trusted" in outcome.reason
    assert "--ca-file" in outcome.hint


def test_insecure_asks_without_trust(tls_registry, push_image, image_layout):
    reference = push_image(image_layout, tls_registry, "team/app:1.0")
    credential = Credential(tls_registry.username, tls_registry.password)
    assert ask(reference, credential, insecure=True).answer is Answer.FOUND


def test_certificate_for_another_name_is_not_trusted(tls_registry):
    outcome = ask(f"{tls_registry.host.replace('127.0.0.1', '127.0.0.2')}/a:1", ca_file=str(tls_registry.ca_file))
    assert outcome.answer is Answer.UNREACHABLE
