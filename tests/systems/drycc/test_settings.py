"""Settings come out of the keys of every generation, in every spelling."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.systems.drycc.settings import bare_host, ecr_host, mandatory_gaps, read_settings

OFF = {"hostname": "quay.io", "organization": "myorg", "username": "myusername", "password": "mypassword"}


@pytest.mark.parametrize(
    ("values", "generation", "location", "fields"),
    [
        ("acr", "B", "off-cluster", OFF | {"hostname": "myregistry.azurecr.io"}),
        ("quay", "B", "off-cluster", OFF),
        ("top-level", "B", "off-cluster", OFF),
        ("camel-case", "B", "off-cluster", OFF),
        ("deis-off-cluster", "A", "off-cluster", OFF | {"organization": "kmala"}),
        ("ecr", "A", "ecr", {"accesskey": "AKIAEXAMPLE", "region": "us-west-2", "registryid": "123456789012"}),
        ("ecr-role", "A", "ecr", {"accesskey": "", "secretkey": "", "region": "cn-north-1"}),
        ("gcr", "A", "gcr", {"hostname": ""}),
        ("on-cluster", "B", "on-cluster", {}),
        ("today-on-cluster", "C", "on-cluster", {}),
        ("today-off-cluster", "C", "off-cluster", OFF),
        ("today-contradiction", "C", "on-cluster", {}),
    ],
    indirect=["values"],
)
def test_generation_and_location_are_known(
    values: dict[str, Any], generation: str, location: str, fields: dict[str, str]
) -> None:
    settings = read_settings(values)
    assert (str(settings.generation), settings.location) == (generation, location)
    assert {name: settings.text(name) for name in fields} == fields
    assert generation in ("A", "B", "C")
    assert settings.generation.about


@pytest.mark.parametrize("block", ["registry-token-refresher", "registryTokenRefresher", "registry_token_refresher"])
@pytest.mark.parametrize("key", ["off_cluster_registry", "offClusterRegistry", "off_clusterRegistry"])
@pytest.mark.parametrize("location", ["registry_location", "registryLocation", "registry-location"])
def test_every_spelling_is_one_key(block: str, key: str, location: str) -> None:
    settings = read_settings({"global": {location: "off-cluster"}, block: {key: OFF}})
    assert settings.location == "off-cluster"
    assert settings.text("organization") == "myorg"
    assert settings.fields["organization"].path == (block, key, "organization")


def test_empty_values_mean_todays_defaults() -> None:
    settings = read_settings({})
    assert (str(settings.generation), settings.location, settings.prefix) == ("C", "on-cluster", "private-registry")


@pytest.mark.parametrize("values", [{"global": None}, {"global": "text"}, {"registry": []}, {"builder": None}])
def test_values_of_other_kinds_are_passed_over(values: dict[str, Any]) -> None:
    assert read_settings(values).location == "on-cluster"


def test_location_beside_the_values_counts_more() -> None:
    assert read_settings({"global": {"registry_location": "ecr"}}, "gcr").location == "gcr"


def test_uppermost_block_counts_of_several() -> None:
    values = {
        "global": {"registry_location": "off-cluster"},
        "registry": {"hostname": "top.example.com"},
        "registry-token-refresher": {"registry": {"hostname": "guide.example.com"}},
    }
    assert read_settings(values).host == "top.example.com"


def test_numbers_are_the_texts_that_templates_print() -> None:
    values = {
        "global": {"registry_location": "ecr"},
        "registry-token-refresher": {"ecr": {"registryid": 123456789012.0}},
    }
    settings = read_settings(values)
    assert settings.text("registryid") == "123456789012"
    assert not settings.fields["registryid"].is_text


def test_passwords_do_not_show_themselves() -> None:
    settings = read_settings({"registry": {"enabled": False}, "builder": {"registryPassword": "hidden-word"}})
    assert settings.text("password") == "hidden-word"
    assert "hidden-word" not in repr(settings)


@pytest.mark.parametrize(
    ("account", "region", "host"),
    [
        ("123456789012", "us-west-2", "123456789012.dkr.ecr.us-west-2.amazonaws.com"),
        ("123456789012", "cn-north-1", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"),
        ("123456", "us-west-2", ""),
        ("12345678901x", "us-west-2", ""),
        ("", "us-west-2", ""),
    ],
)
def test_ecr_host_is_known_for_an_account(account: str, region: str, host: str) -> None:
    assert ecr_host(account, region) == host


@pytest.mark.parametrize("hostname", ["https://quay.io", "http://quay.io/", "quay.io", "quay.io/"])
def test_bare_host_has_neither_scheme_nor_slash(hostname: str) -> None:
    assert bare_host(hostname) == "quay.io"


@pytest.mark.parametrize(
    ("values", "gaps"),
    [
        ("acr", []),
        ("docker-hub", []),
        ("bad-no-organization", ["organization"]),
        ("bad-ecr-half", ["secretkey"]),
        ("ecr-role", []),
        ("bad-today-no-host", ["hostname"]),
        ("on-cluster", []),
    ],
    indirect=["values"],
)
def test_mandatory_fields_are_missed(values: dict[str, Any], gaps: list[str]) -> None:
    assert [field for field, _ in mandatory_gaps(read_settings(values))] == gaps


def test_region_is_missed_only_where_it_is_emptied() -> None:
    values = {
        "global": {"registry_location": "ecr"},
        "registry-token-refresher": {"ecr": {"registryid": "1", "region": ""}},
    }
    assert mandatory_gaps(read_settings(values)) == [("region", "no token is given out without it")]


def test_nothing_but_the_location_misses_all() -> None:
    assert [field for field, _ in mandatory_gaps(read_settings({}, "off-cluster"))][:3] == [
        "organization",
        "username",
        "password",
    ]
    assert [field for field, _ in mandatory_gaps(read_settings({}, "gcr"))] == ["key_json"]
