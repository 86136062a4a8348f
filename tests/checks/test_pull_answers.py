"""What is said of a registry's answer: the rule, the place, and with whose credentials it was asked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest

from chartkit.checks.coverage import coverages
from chartkit.checks.pull_answers import Asked, remark_on
from chartkit.checks.subject import Subject
from chartkit.errors import RegistryError, Unreachable
from chartkit.oci.failures import Denied, ExpiredToken, LoginNeeded, RateLimited, UnknownManifest, WrongPassword
from chartkit.oci.probe import Answer, Outcome, answer_of
from chartkit.reference import ImageReference

Build = Callable[..., Subject]

SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: regcred}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths":{"r.example.com":{"username":"u","password":"{{ .Values.password }}"}}}'
"""
VALUES = "image:\n  registry: r.example.com\n  tag: '2'\npassword: p1\npullSecrets: [{name: regcred}]\n"


def asked(subject: Subject, failure: RegistryError | None, *, with_login: bool = True) -> Asked:
    (coverage,) = coverages(subject)
    assert coverage.use.reference is not None
    answer = Answer.FOUND if failure is None else answer_of(failure)
    outcome = Outcome(ImageReference.parse(coverage.use.text), answer, failure=failure)
    return Asked(coverage, outcome, *((coverage.keychain[0], "r.example.com") if with_login else ()))


@pytest.mark.parametrize(
    ("failure", "rule", "key", "line", "unanswered"),
    [
        (WrongPassword("no"), "CK130", "password", 4, False),
        (ExpiredToken("no"), "CK131", "password", 4, False),
        (Denied("no"), "CK132", "image.tag", 3, False),
        (UnknownManifest("no"), "CK133", "image.tag", 3, False),
        (Unreachable("no"), "CK134", "image.registry", 2, True),
        (RateLimited("no"), "CK134", "image.registry", 2, True),
        (RegistryError("no"), "CK134", "image.registry", 2, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, RegistryError) else None,
)
def test_each_answer_has_its_rule_and_place(
    build: Build, failure: RegistryError, rule: str, key: str, line: int, unanswered: bool
) -> None:
    subject = build(VALUES, {"secret.yaml": SECRET})
    answer = asked(subject, failure)
    said = remark_on(subject, answer)
    assert said is not None
    assert (said[0].id, said[1].key, said[1].position.line) == (rule, key, line)  # type: ignore[union-attr]
    assert answer.is_unanswered is unanswered
    assert said[1].message == ("no" if unanswered else "no (asked with regcred, auths of r.example.com)")


def test_a_login_that_is_missing_is_told_at_the_registry(build: Build) -> None:
    subject = build(VALUES, {"secret.yaml": SECRET})
    said = remark_on(subject, asked(subject, LoginNeeded("no"), with_login=False))
    assert said is not None
    assert (said[0].id, said[1].key) == ("CK130", "image.registry")
    assert said[1].message == "no (asked without a login)"


@pytest.mark.parametrize("failure", [UnknownManifest("no"), Denied("no"), Unreachable("no")])
def test_place_is_the_repository_where_nothing_else_is_given(build: Build, failure: RegistryError) -> None:
    helpers = '{{ define "image" }}{{ .repository }}{{ end }}'
    defaults = "global: {image: {pullPolicy: ''}}\nimage: {repository: r.example.com/a, pullPolicy: ''}\n"
    subject = build("image:\n  repository: r.example.com/b:1\n", {"_h.tpl": helpers}, defaults=defaults)
    said = remark_on(subject, asked(subject, failure, with_login=False))
    assert said is not None
    assert said[1].key == "image.repository"


def test_place_is_the_digest_where_it_is_given(build: Build) -> None:
    helpers = '{{ define "image" }}{{ .repository }}@{{ .digest }}{{ end }}'
    defaults = "global: {image: {pullPolicy: ''}}\nimage: {repository: r.example.com/a, digest: '', pullPolicy: ''}\n"
    digest = f"sha256:{'0' * 64}"
    subject = build(f"image:\n  digest: {digest}\n", {"_h.tpl": helpers}, defaults=defaults)
    said = remark_on(subject, asked(subject, UnknownManifest("no"), with_login=False))
    assert said is not None
    assert said[1].key == "image.digest"


def test_nothing_is_said_of_an_image_that_is_there(build: Build) -> None:
    subject = build(VALUES, {"secret.yaml": SECRET})
    answer = asked(subject, None)
    assert remark_on(subject, answer) is None
    assert not answer.is_unanswered


def test_a_token_of_a_given_secret_is_shown_in_its_file(build: Build) -> None:
    from chartkit.checks.coverage import Known
    from chartkit.checks.rendered_secrets import Secret
    from chartkit.oci.docker_config import read_docker_config
    from chartkit.source import Source

    auth = b64encode(b"u:p").decode()
    config = read_docker_config(Source("config.json", f'{{"auths":{{\n"r.example.com":{{"auth":"{auth}"}}}}}}'))
    subject = build(VALUES)
    (coverage,) = coverages(subject, Known(secrets=(Secret("", "", config.entries, file="config.json"),)))
    failure = WrongPassword("no")
    outcome = Outcome(ImageReference.parse(coverage.use.text), Answer.WRONG_PASSWORD, failure=failure)
    said = remark_on(subject, Asked(coverage, outcome, coverage.keychain[0], "r.example.com"))
    assert said is not None
    assert str(said[1].position) == "config.json:2:1"
    assert said[1].message == "no (asked with config.json, auths of r.example.com)"
