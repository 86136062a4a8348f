"""The plan says what values come down to."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.systems.drycc.plan import App, make_plan
from chartkit.systems.drycc.settings import read_settings


@pytest.mark.parametrize("values", ["acr"], indirect=True)
def test_plan_of_the_guides_example(values: dict[str, Any]) -> None:
    plan = make_plan(read_settings(values), App("shop", "0123abc"), values_files=["my values.yaml"])
    assert plan.row() == {
        "generation": "B",
        "location": "off-cluster",
        "fields": {
            "hostname": "myregistry.azurecr.io",
            "organization": "myorg",
            "username": "myusername",
            "password": "********",
        },
        "imagePrefix": "myregistry.azurecr.io/myorg/",
        "image": "myregistry.azurecr.io/myorg/shop:git-0123abc",
        "reason": "",
        "secrets": {"registry-secret": ["hostname", "organization", "username", "password"]},
        "pullSecret": "private-registry-off-cluster",
        "environment": {
            "builder": [{"name": "DRYCC_REGISTRY_LOCATION", "value": "off-cluster"}],
            "controller": [
                {"name": "DRYCC_REGISTRY_LOCATION", "value": "off-cluster"},
                {"name": "DRYCC_REGISTRY_SECRET_PREFIX", "value": "private-registry"},
            ],
        },
        "commands": [
            "helm install drycc drycc/workflow --namespace drycc --create-namespace -f 'my values.yaml'",
            "drycc config:set PORT=<port> -a shop",
        ],
    }


@pytest.mark.parametrize("values", ["today-on-cluster"], indirect=True)
def test_plan_on_the_cluster_needs_neither_secret_nor_port(values: dict[str, Any]) -> None:
    plan = make_plan(read_settings(values))
    assert (plan.secrets, plan.pull_secret, len(plan.commands)) == ({}, "", 1)
    assert plan.image == "127.0.0.1:5555/myapp/myapp:git-abcdef1"


@pytest.mark.parametrize("values", ["bad-gcr-key"], indirect=True)
def test_plan_says_why_the_image_is_not_known(values: dict[str, Any]) -> None:
    plan = make_plan(read_settings(values))
    assert (plan.image, plan.reason) == ("", "the project is not known, as key_json is not base64")


@pytest.mark.parametrize("values", ["bad-location"], indirect=True)
def test_plan_is_refused_for_an_unknown_location(values: dict[str, Any]) -> None:
    with pytest.raises(InputError, match='there is no location "Off-Cluster"'):
        make_plan(read_settings(values))
