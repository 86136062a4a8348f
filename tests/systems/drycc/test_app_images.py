"""Images of apps have the names of the table: by location and by generation."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.systems.drycc.app_images import Cluster, app_image
from chartkit.systems.drycc.settings import read_settings

REFRESHER = "registry-token-refresher"


def key(project: str) -> str:
    return b64encode(json.dumps({"project_id": project}).encode()).decode()


def at(location: str, block: dict[str, Any] | None = None, name: str = "registry") -> dict[str, Any]:
    return {"global": {"registry_location": location}, REFRESHER: {name: block or {}}}


def login(host: str, organization: str) -> dict[str, Any]:
    return {"hostname": host, "organization": organization, "username": "u", "password": "p"}


def today(host: str, organization: str, *, enabled: bool = False) -> dict[str, Any]:
    return {"registry": {"enabled": enabled}, "builder": {"registryHost": host, "registryOrganization": organization}}


@pytest.mark.parametrize(
    ("values", "image"),
    [
        (at("on-cluster"), "10.3.0.1:5000/myapp:git-abcdef1"),
        ({}, "127.0.0.1:5555/myapp/myapp:git-abcdef1"),
        (at("off-cluster", login("myregistry.azurecr.io", "myorg")), "myregistry.azurecr.io/myorg/myapp:git-abcdef1"),
        (at("off-cluster", login("quay.io", "myorg")), "quay.io/myorg/myapp:git-abcdef1"),
        (at("off-cluster", login("", "myorg"), "off_cluster_registry"), "myorg/myapp:git-abcdef1"),
        (at("off-cluster", login("quay.io", ""), "off_cluster_registry"), "quay.io/myapp:git-abcdef1"),
        (today("quay.io", "myorg"), "quay.io/myorg/myapp:git-abcdef1"),
        (at("ecr", {"registryid": "123456789012", "region": "us-west-2"}, "ecr"),
         "123456789012.dkr.ecr.us-west-2.amazonaws.com/myapp:git-abcdef1"),
        (at("ecr", {"registryid": "123456789012"}, "ecr"),
         "123456789012.dkr.ecr.us-west-2.amazonaws.com/myapp:git-abcdef1"),
        (at("ecr", {"registryid": "123456789012", "region": "cn-north-1"}, "ecr"),
         "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/myapp:git-abcdef1"),
        (at("ecr", {"hostname": "https://mine.example.com", "registryid": "123456789012"}, "ecr"),
         "mine.example.com/myapp:git-abcdef1"),
        (at("ecr"), "<account>.dkr.ecr.us-west-2.amazonaws.com/myapp:git-abcdef1"),
        (at("gcr", {"key_json": key("deis-test")}, "gcr"), "gcr.io/deis-test/myapp:git-abcdef1"),
        (at("gcr", {"key_json": key("example.com:p")}, "gcr"), "gcr.io/example.com/p/myapp:git-abcdef1"),
        (at("gcr", {"key_json": key("p"), "hostname": "https://eu.gcr.io"}, "gcr"), "eu.gcr.io/p/myapp:git-abcdef1"),
        (at("off-cluster", login("https://quay.io", "o")), "https://quay.io/o/myapp:git-abcdef1"),
    ],
    ids=[
        "on-cluster-of-old", "on-cluster-today", "azure", "quay", "docker-hub", "no-organization-of-old",
        "off-cluster-today", "ecr", "ecr-default-region", "ecr-china", "ecr-own-host", "ecr-unknown-account", "gcr",
        "gcr-domain", "gcr-own-host", "scheme-stays-off-cluster",
    ],
)  # fmt: skip
def test_image_is_the_tables(values: dict[str, Any], image: str) -> None:
    assert app_image(read_settings(values), "myapp", "abcdef1", cluster=Cluster("10.3.0.1:5000")) == image


@pytest.mark.parametrize(
    ("values", "image"),
    [
        (today("quay.io", "o"), "quay.io/o/myapp:git-abcdef1-worker"),
        (at("off-cluster", login("quay.io", "o")), "quay.io/o/myapp:git-abcdef1"),
    ],
    ids=["today", "2019"],
)
def test_process_type_stands_behind_the_tag_today(values: dict[str, Any], image: str) -> None:
    assert app_image(read_settings(values), "myapp", "abcdef1", process_type="worker") == image


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (today("quay.io", ""), "refuses a registry off the cluster without an organization"),
        (at("gcr", {"key_json": "<none>"}, "gcr"), "the project is not known, as key_json is not base64"),
        (at("gcr", {"key_json": b64encode(b"{").decode()}, "gcr"), "is not JSON in base64"),
        (at("gcr", {"key_json": b64encode(b"[]").decode()}, "gcr"), "is JSON without a project_id"),
        (at("dockerhub"), 'there is no location "dockerhub"'),
    ],
    ids=["no-organization-today", "placeholder", "no-json", "no-project", "unknown-location"],
)
def test_image_is_refused_with_the_reason(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        app_image(read_settings(values), "myapp", "abcdef1")
