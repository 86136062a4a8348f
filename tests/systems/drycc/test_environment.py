"""Builder, controller and refresher are told what each generation tells them."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.systems.drycc.environment import (
    component_environment,
    missing_variables,
    refresher_environment,
)
from chartkit.systems.drycc.secrets import DEIS
from chartkit.systems.drycc.settings import read_settings

PROXY = ["DRYCC_REGISTRY_HOST=drycc-registry:5000", "DRYCC_REGISTRY_PROXY_HOST=127.0.0.1:5555"]
IN_CLUSTER_LOGIN = [f"DRYCC_REGISTRY_{key.upper()} from registry-secret/{key}" for key in ("username", "password")]


def from_secret(secret: str, *keys: str) -> list[str]:
    return [f"DRYCC_REGISTRY_{key.upper()} from {secret}/registry-{key}" for key in keys]


@pytest.mark.parametrize(
    ("values", "builder", "controller"),
    [
        ("acr", ["DRYCC_REGISTRY_LOCATION=off-cluster"],
         ["DRYCC_REGISTRY_LOCATION=off-cluster", "DRYCC_REGISTRY_SECRET_PREFIX=private-registry"]),
        ("ecr", ["DRYCC_REGISTRY_LOCATION=ecr"],
         ["DRYCC_REGISTRY_LOCATION=ecr", "DRYCC_REGISTRY_SECRET_PREFIX=private-registry"]),
        ("today-on-cluster", ["DRYCC_REGISTRY_LOCATION=on-cluster", *PROXY, *IN_CLUSTER_LOGIN],
         ["DRYCC_REGISTRY_LOCATION=on-cluster", *PROXY, *IN_CLUSTER_LOGIN]),
        ("today-off-cluster",
         ["DRYCC_REGISTRY_LOCATION=off-cluster",
          *from_secret("builder-secret", "host", "username", "password", "organization")],
         ["DRYCC_REGISTRY_LOCATION=off-cluster", *from_secret("controller-creds", "host", "username", "password")]),
        ("bad-today-no-host", ["DRYCC_REGISTRY_LOCATION=off-cluster"], ["DRYCC_REGISTRY_LOCATION=off-cluster"]),
    ],
    indirect=["values"],
)  # fmt: skip
def test_components_are_told_of_the_registry(values: dict[str, Any], builder: list[str], controller: list[str]) -> None:
    settings = read_settings(values)
    assert [str(each) for each in component_environment(settings, "builder")] == builder
    assert [str(each) for each in component_environment(settings, "controller")] == controller


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ("today-on-cluster", []),
        ("today-off-cluster", []),
        ("bad-today-no-host", ["DRYCC_REGISTRY_HOST", "DRYCC_REGISTRY_ORGANIZATION"]),
        ("today-contradiction", ["DRYCC_REGISTRY_PROXY_HOST"]),
        ("acr", []),
    ],
    indirect=["values"],
)
def test_builder_of_today_misses_what_it_does_not_start_without(values: dict[str, Any], missing: list[str]) -> None:
    settings = read_settings(values)
    assert missing_variables(settings, component_environment(settings, "builder")) == missing


@pytest.mark.parametrize(
    ("values", "minutes"),
    [("ecr", "660"), ("ecr-role", "120"), ("gcr", "25"), ("acr", None), ("on-cluster", None)],
    indirect=["values"],
)
def test_refresher_runs_for_tokens_only(values: dict[str, Any], minutes: str | None) -> None:
    found = {each.name: each.value for each in refresher_environment(read_settings(values), DEIS)}
    if minutes is None:
        assert found == {}
        return
    assert found == {
        "DEIS_REGISTRY_LOCATION": read_settings(values).location,
        "DEIS_REGISTRY_SECRET_PREFIX": "private-registry",
        "DEIS_NAMESPACE_REFRESH_TIME": "5",
        "DEIS_TOKEN_REFRESH_TIME": minutes,
    }
