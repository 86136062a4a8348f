from __future__ import annotations

import json

import pytest
from served import Keys, Served, answer

from chartkit.errors import NotFound, RegistryError, Unauthorized, Unreachable
from chartkit.oci import failures
from chartkit.oci.client import RegistryClient
from chartkit.oci.exchange import Patience
from chartkit.oci.manifest import OCI_MANIFEST, digest_of
from chartkit.oci.probe import Answer, answer_of, manifest_name, probe
from chartkit.reference import ImageReference

DIGEST = "sha256:" + "1" * 64


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (failures.UnknownRepository, "unknown-repository"),
        (failures.UnknownManifest, "unknown-image"),
        (NotFound, "unknown-image"),
        (failures.WrongPassword, "wrong-password"),
        (failures.ExpiredToken, "expired-token"),
        (failures.LoginNeeded, "login-needed"),
        (failures.Denied, "denied"),
        (Unauthorized, "denied"),
        (failures.NoSuchHost, "unreachable"),
        (failures.TlsFailure, "unreachable"),
        (Unreachable, "unreachable"),
        (failures.RateLimited, "rate-limited"),
        (failures.ServerFault, "failed"),
        (failures.InvalidContent, "failed"),
        (RegistryError, "failed"),
    ],
)
def test_each_failure_is_an_answer(kind, expected):
    assert answer_of(kind("x")) == expected


@pytest.mark.parametrize("name", list(Answer))
def test_answer_is_of_one_sort_at_most(name):
    assert not (name.missing and name.refused)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("nginx", "latest"), ("nginx:1.27", "1.27"), (f"nginx@{DIGEST}", DIGEST), (f"nginx:1.27@{DIGEST}", DIGEST)],
)
def test_image_is_asked_for_by_digest_or_tag_or_latest(text, expected):
    assert manifest_name(ImageReference.parse(text)) == expected


@pytest.mark.parametrize(
    ("config", "platforms"),
    [
        ({"os": "linux", "architecture": "arm", "variant": "v7"}, ["linux/arm/v7"]),
        ({}, []),
        ([], []),
    ],
)
def test_platform_of_a_single_image_is_that_of_its_configuration(config, platforms):
    body = json.dumps(config).encode()
    described = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": digest_of(body),
        "size": len(body),
    }
    manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": described}).encode()
    answers = [answer(200), answer(200, docker_content_digest=digest_of(manifest)), answer(200, manifest)]
    outcome = probe(client_of(*answers, answer(200, body)), ImageReference.parse("r.example/a:1"))
    assert (outcome.answer, [str(each) for each in outcome.platforms]) == (Answer.FOUND, platforms)


def test_configuration_that_is_no_json_fails_without_ado():
    body = b"\xff"
    described = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": digest_of(body),
        "size": 1,
    }
    manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": described}).encode()
    answers = [answer(200), answer(200, docker_content_digest=digest_of(manifest)), answer(200, manifest)]
    outcome = probe(client_of(*answers, answer(200, body)), ImageReference.parse("r.example/a:1"))
    assert outcome.answer is Answer.FAILED
    assert outcome.reason == f"r.example/a@{described['digest']}: the configuration of the image is no JSON"


def test_failure_is_kept_with_its_hint():
    client = client_of(answer(404), answer(404), answer(404), answer(404))
    outcome = probe(client, ImageReference.parse("r.example/a:1"))
    assert (outcome.answer, outcome.hint) == (Answer.UNKNOWN_REPOSITORY, "")
    assert outcome.reason == f"{outcome.subject}: there is no repository a"


def client_of(*answers):
    return RegistryClient(Served(answers), Keys(), patience=Patience(attempts=1))
