"""The Secrets of the registry hold what the table says, under the names of each generation."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.systems.drycc.secrets import (
    DEIS,
    app_registry_secret_name,
    component_secrets,
    masked,
    pull_secret,
    pull_secret_name,
    registry_secret,
    server_of,
)
from chartkit.systems.drycc.settings import read_settings


def texts(secret: Mapping[str, Any]) -> dict[str, str]:
    return {name: b64decode(value).decode() for name, value in secret["data"].items()}


def auths(secret: Mapping[str, Any] | None) -> dict[str, Any]:
    assert secret is not None
    assert secret["type"] == "kubernetes.io/dockerconfigjson"
    found: dict[str, Any] = json.loads(texts(secret)[".dockerconfigjson"])["auths"]
    return found


@pytest.mark.parametrize(
    ("values", "data"),
    [
        ("acr", {"hostname": "myregistry.azurecr.io", "organization": "myorg", "username": "myusername",
                 "password": "mypassword"}),
        ("docker-hub", {"hostname": "", "organization": "myorg", "username": "myusername", "password": "mypassword"}),
        ("ecr", {"accesskey": "AKIAEXAMPLE", "secretkey": "a/secret+key=", "region": "us-west-2",
                 "registryid": "123456789012", "hostname": ""}),
        ("ecr-role", {"accesskey": "", "secretkey": "", "region": "cn-north-1", "registryid": "", "hostname": ""}),
    ],
    indirect=["values"],
)  # fmt: skip
def test_registry_secret_holds_the_fields_of_the_location(values: dict[str, Any], data: dict[str, str]) -> None:
    settings = read_settings(values)
    secret = registry_secret(settings)
    assert secret is not None
    assert texts(secret) == data
    assert secret["type"] == "Opaque"
    assert secret["metadata"] == {
        "name": "registry-secret",
        "labels": {"heritage": "drycc"},
        "annotations": {"drycc.cc/registry-location": settings.location},
    }


@pytest.mark.parametrize("values", ["gcr"], indirect=True)
def test_key_of_a_service_account_is_placed_as_it_is(values: dict[str, Any]) -> None:
    secret = registry_secret(read_settings(values), namespace="drycc")
    assert secret is not None
    given = values["registry-token-refresher"]["gcr"]["key_json"]
    assert secret["data"] == {"key.json": given, "hostname": ""}
    assert secret["metadata"]["namespace"] == "drycc"


@pytest.mark.parametrize("values", ["acr"], indirect=True)
def test_deis_has_names_of_its_own(values: dict[str, Any]) -> None:
    secret = registry_secret(read_settings(values), system=DEIS)
    assert secret is not None
    assert secret["metadata"]["labels"] == {"heritage": "deis"}
    assert secret["metadata"]["annotations"] == {"deis.io/registry-location": "off-cluster"}


@pytest.mark.parametrize("values", ["on-cluster", "today-on-cluster"], indirect=True)
def test_there_is_no_secret_on_the_cluster(values: dict[str, Any]) -> None:
    settings = read_settings(values)
    assert registry_secret(settings) is None
    assert pull_secret(settings, "myapp") is None
    assert component_secrets(settings) == []


def test_unknown_location_makes_no_registry_secret() -> None:
    with pytest.raises(InputError, match='there is no location "dockerhub"'):
        registry_secret(read_settings({}, "dockerhub"))
    assert pull_secret(read_settings({}, "dockerhub"), "myapp") is None


@pytest.mark.parametrize("values", ["today-controller"], indirect=True)
def test_components_of_today_have_secrets_of_their_own(values: dict[str, Any]) -> None:
    builder, controller = component_secrets(read_settings(values), namespace="drycc")
    assert builder["metadata"] == {"name": "builder-secret", "namespace": "drycc"}
    assert texts(builder) == {
        "registry-host": "quay.io",
        "registry-organization": "myorg",
        "registry-username": "myusername",
        "registry-password": "mypassword",
    }
    assert controller["metadata"]["name"] == "controller-creds"
    assert texts(controller) == {
        "registry-host": "quay.io",
        "registry-username": "reader",
        "registry-password": "readerpassword",
    }


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ("acr", "private-registry-off-cluster"),
        ("deis-off-cluster", "my-registry-off-cluster"),
        ("ecr", "private-registry-ecr"),
        ("gcr", "private-registry-gcr"),
        ("today-off-cluster", "private-registry-worker-off-cluster"),
    ],
    indirect=["values"],
)
def test_pull_secret_is_named_by_location_and_today_by_process_type(values: dict[str, Any], name: str) -> None:
    assert pull_secret_name(read_settings(values), "worker") == name
    assert app_registry_secret_name(read_settings(values), "worker").endswith("-worker")


@pytest.mark.parametrize(
    ("values", "server"),
    [("quay", "quay.io"), ("docker-hub", "https://index.docker.io/v1/")],
    indirect=["values"],
)
def test_pull_secret_off_the_cluster_has_auth_alone(values: dict[str, Any], server: str) -> None:
    secret = pull_secret(read_settings(values), "myapp")
    assert auths(secret) == {server: {"auth": "bXl1c2VybmFtZTpteXBhc3N3b3Jk"}}
    assert b64decode("bXl1c2VybmFtZTpteXBhc3N3b3Jk") == b"myusername:mypassword"


@pytest.mark.parametrize(
    ("values", "server", "auth"),
    [
        ("ecr", "https://123456789012.dkr.ecr.us-west-2.amazonaws.com", "the-token"),
        ("gcr", "https://gcr.io", "b2F1dGgyYWNjZXNzdG9rZW46dGhlLXRva2Vu"),
        ("gcr-domain", "https://eu.gcr.io", "b2F1dGgyYWNjZXNzdG9rZW46dGhlLXRva2Vu"),
    ],
    indirect=["values"],
)
def test_pull_secret_of_a_token_has_a_mail_too(values: dict[str, Any], server: str, auth: str) -> None:
    secret = pull_secret(read_settings(values), "myapp", token="the-token")
    assert auths(secret) == {server: {"auth": auth, "email": "none@none.com"}}


@pytest.mark.parametrize(
    ("values", "token", "message"),
    [("ecr", "", "a token that is good for a short time"), ("ecr-role", "t", "the host is that of the account")],
    indirect=["values"],
)
def test_pull_secret_is_refused_that_nobody_can_make_offline(values: dict[str, Any], token: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pull_secret(read_settings(values), "myapp", token=token)


@pytest.mark.parametrize(
    ("image", "server"),
    [
        ("test/test", "https://index.docker.io/v1/"),
        ("quay.io/test/test", "quay.io"),
        ("localhost:5000/a", "localhost:5000"),
        ("docker.io/a/b", "https://index.docker.io/v1/"),
        ("nginx", "https://index.docker.io/v1/"),
    ],
)
def test_server_is_that_of_the_image(image: str, server: str) -> None:
    assert server_of(image) == server


@pytest.mark.parametrize("values", ["acr", "ecr", "gcr", "today-controller"], indirect=True)
def test_masked_secrets_hold_nothing_to_log_in_with(values: dict[str, Any]) -> None:
    settings = read_settings(values)
    secrets = [registry_secret(settings), *component_secrets(settings), pull_secret(settings, "a", token="the-token")]
    shown = json.dumps([masked(each) for each in secrets if each])
    for name in ("password", "secretkey", "key_json"):
        given = settings.fields.get(name)
        assert given is None or given.text not in shown
    encoded = [value for each in secrets if each for name, value in each["data"].items() if "password" in name]
    assert not any(value in shown for value in encoded)
    assert ".dockerconfigjson" in shown
