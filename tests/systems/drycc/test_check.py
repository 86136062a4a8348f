"""Every rule about the registry finds its fault at its key, and right values have none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.systems.drycc.check import check_rendering, check_values
from chartkit.systems.drycc.rules import RULES

ROOT = Path(__file__).parents[3]
CHART_OF_2019 = ROOT / "fixtures" / "drycc-2019"
FIXTURES = ROOT / "fixtures" / "drycc"

OFF = {"hostname": "quay.io", "organization": "o", "username": "u", "password": "p"}


def found(values: dict[str, Any], location: str = "") -> list[tuple[str, str, str]]:
    """Each finding's rule, key, and level where that is not the rule's own."""
    said = check_values(values, location)
    return [(rule.id, ".".join(remark.path), str(remark.severity or "")) for rule, remark in said]


def off(**more: Any) -> dict[str, Any]:
    return {"global": {"registry_location": "off-cluster"}, **more}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("top-level", []),
        ("camel-case", []),
        ("docker-hub", []),
        ("deis-off-cluster", []),
        ("ecr", []),
        ("ecr-role", []),
        ("gcr", []),
        ("on-cluster", []),
        ("today-on-cluster", []),
        ("today-off-cluster", []),
        ("today-controller", []),
        ("acr", [("CK601", "registry-token-refresher.registry", "")]),
        ("quay", [("CK601", "registry-token-refresher.registry", "")]),
        ("bad-location", [("CK602", "global.registry_location", "")]),
        ("bad-gcr-key", [("CK603", "registry-token-refresher.gcr.key_json", "")]),
        ("bad-scheme", [("CK604", "registry.hostname", "")]),
        ("gcr-domain", [("CK604", "registry-token-refresher.gcr.hostname", "info")]),
        ("today-contradiction", [("CK605", "builder.registryHost", "")]),
        ("bad-no-organization", [("CK607", "registry.organization", "")]),
        ("bad-ecr-half", [("CK607", "registry-token-refresher.ecr.secretkey", "")]),
        ("bad-today-no-host", [("CK607", "builder.registryHost", "")]),
    ],
    indirect=["values"],
)
def test_values_files_have_the_faults_that_they_are_made_for(
    values: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert [each for each in found(values) if each[0] != "CK606"] == expected


@pytest.mark.parametrize("values", ["acr", "ecr", "gcr", "today-off-cluster"], indirect=True)
def test_ck606_ports_are_hidden_by_every_registry_off_the_cluster(values: dict[str, Any]) -> None:
    assert [rule for rule, _, _ in found(values) if rule == "CK606"] == ["CK606"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (off(registry=OFF, builder={"registryHost": "quay.io"}), ("CK605", "global.registry_location", "")),
        (off(registry=OFF, **{"registry-token-refresher": {"off_cluster_registry": OFF}}),
         ("CK605", "registry-token-refresher.off_cluster_registry", "")),
        (off(registry=OFF, **{"registry-token-refresher": {"ecr": {"accesskey": "a"}}}),
         ("CK605", "registry-token-refresher.ecr", "")),
        (off(registry=OFF | {"hostname": "quay.io/"}), ("CK604", "registry.hostname", "")),
        (off(registry=OFF | {"username": ""}), ("CK607", "registry.username", "")),
        (off(registry=OFF | {"username": 5.0}), ("CK608", "registry.username", "")),
        (off(registry=OFF | {"organisation": "x"}), ("CK608", "registry.organisation", "")),
        (off(**{"registry-token-refresher": {"off_cluster_registry": {"hostnam": "quay.io"}}}),
         ("CK608", "registry-token-refresher.off_cluster_registry.hostnam", "")),
        ({"registry": {"enabled": False}, "builder": {"registryhosts": "quay.io"}},
         ("CK608", "builder.registryhosts", "")),
        ({"global": {"registry_location": "ecr"}, "registry-token-refresher": {"ecr": {"registryid": "123456"}}},
         ("CK608", "registry-token-refresher.ecr.registryid", "")),
        ({"registry": {"enabled": False}, "global": {"registryLocation": "ecr"}},
         ("CK605", "global.registryLocation", "")),
        ({"global": 5}, ("CK608", "global", "error")),
        (off(**{"registry-token-refresher": ["x"]}), ("CK608", "registry-token-refresher", "error")),
        (off(**{"registry-token-refresher": {"registry": "x"}}),
         ("CK608", "registry-token-refresher.registry", "error")),
    ],
    ids=[
        "generations-disagree", "two-generations", "block-of-another-location", "slash", "empty-user", "number",
        "misspelt", "misspelt-alone", "misspelt-today", "short-account", "location-and-switch",
        "no-map", "list-for-a-map", "text-for-a-map",
    ],
)  # fmt: skip
def test_faults_are_found_beside_others(values: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert expected in found(values)


def test_a_block_that_is_null_is_no_fault() -> None:
    values = {"global": None, "registry-token-refresher": {"registry": None}}
    assert "CK608" not in [rule for rule, _, _ in found(values)]


@pytest.mark.parametrize("name", ["dockerhub", "Off-Cluster", "off_cluster", "ECR"])
def test_ck602_every_other_location_is_none(name: str) -> None:
    assert found({"global": {"registry_location": name}}) == [("CK602", "global.registry_location", "")]


def test_components_may_have_other_keys() -> None:
    assert (
        found({"builder": {"registryHost": "", "imageTag": "canary"}, "registry": {"enabled": True, "host": 1}}) == []
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [("acr", "CK601"), ("quay", "CK601"), ("top-level", None), ("docker-hub", None), ("bad-location", "CK602")],
)
def test_render_of_the_chart_of_2019_proves_where_it_reads(name: str, rule: str | None) -> None:
    chart = load_chart(CHART_OF_2019)
    values = read_values(chart, files=[str(FIXTURES / f"{name}.yaml")])
    said = list(check_rendering(compile_chart(chart).render(values, Release("drycc"))))
    assert [each.id for each, _ in said] == ([rule] if rule else [])
    assert all(remark.file == "workflow/templates/registry-secret.yaml" for _, remark in said)


def test_rules_are_sorted_and_have_pages() -> None:
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})
    assert all(rule.page.endswith(".") and rule.fix for rule in RULES)
