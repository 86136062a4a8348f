from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartkit.errors import InputError
from chartkit.goyaml.load import load
from chartkit.images.pull_secret import NewPullSecret, Style, config_json, manifest_text
from chartkit.oci.credential import MASK, Credential
from chartkit.oci.docker_config import read_docker_config
from chartkit.source import Source

HUB = "https://index.docker.io/v1/"
RECORDED = Path(__file__).parents[2] / "fixtures" / "kubectl" / "secrets.jsonl"
CASES = [json.loads(line) for line in RECORDED.read_text().splitlines()]
MADE = [each for each in CASES if each["exit"] == 0]


def secret_of(case: dict[str, str]) -> NewPullSecret:
    known = Credential(case["docker-username"], case["docker-password"], email=case.get("docker-email", ""))
    return NewPullSecret(case["name"], {case.get("docker-server", HUB): known}, case.get("namespace", ""))


def decoded(text: str) -> Any:
    return json.loads(b64decode(load(text)["data"][".dockerconfigjson"]))


@pytest.mark.parametrize("recorded", MADE, ids=range(len(MADE)))
def test_a_secret_is_byte_for_byte_that_of_kubectl(recorded: dict[str, Any]) -> None:
    assert manifest_text(secret_of(recorded["case"])) == recorded["output"]


def test_the_recorded_cases_are_many() -> None:
    assert len(MADE) >= 80
    assert {each["error"].partition(":")[0] for each in CASES if each["exit"]} == {"error", "Error"}


def test_several_registries_stand_in_one_secret_and_are_sorted() -> None:
    secret = NewPullSecret("s", {"r.io": Credential("b", "2"), "a.io": Credential("a", "1", email="e")})
    assert config_json(secret.credentials) == (
        '{"auths":{"a.io":{"username":"a","password":"1","email":"e","auth":"YTox"},'
        '"r.io":{"username":"b","password":"2","auth":"Yjoy"}}}'
    )


@pytest.mark.parametrize("style", Style)
def test_both_styles_mean_the_same(style: Style) -> None:
    secret = NewPullSecret("s", {"r.io": Credential("u", "<&>")}, "prod", {"a": "1"}, {"b/c": "true"})
    document = load(manifest_text(secret, style))
    document["metadata"].pop("creationTimestamp", None)
    assert document["metadata"] == {
        "name": "s", "namespace": "prod", "labels": {"a": "1"}, "annotations": {"b/c": "true"},
    }  # fmt: skip
    assert document["type"] == "kubernetes.io/dockerconfigjson"
    assert decoded(manifest_text(secret, style))["auths"]["r.io"]["password"] == "<&>"


def test_the_style_of_charts_begins_with_what_people_read_first() -> None:
    text = manifest_text(NewPullSecret("s", {"r.io": Credential("u", "p")}), Style.CHART)
    assert [line.partition(":")[0] for line in text.splitlines() if line[0] != " "] == [
        "apiVersion", "kind", "metadata", "type", "data",
    ]  # fmt: skip
    assert "creationTimestamp" not in text


def test_plain_text_stands_under_string_data() -> None:
    secret = NewPullSecret("s", {"r.io": Credential("u", "a b'\"\\<")}, has_plain_text=True)
    document = load(manifest_text(secret))
    assert "data" not in document
    assert document["stringData"][".dockerconfigjson"] == config_json(secret.credentials)


def test_plain_text_that_yaml_cannot_carry_is_refused_without_showing_it() -> None:
    secret = NewPullSecret("s", {"r.io": Credential("u", "canary\x7f")}, has_plain_text=True)
    with pytest.raises(InputError, match="hold characters that YAML does not take") as caught:
        manifest_text(secret)
    assert "canary" not in f"{caught.value}{caught.value.hint}"


def test_a_masked_secret_has_no_password_in_any_form() -> None:
    secret = NewPullSecret("s", {"r.io": Credential("u", "canary")})
    text = manifest_text(secret.masked)
    assert "canary" not in text
    assert b64decode(b"dTpjYW5hcnk=") == b"u:canary"
    assert "dTpjYW5hcnk=" not in text
    assert load(text)["stringData"][".dockerconfigjson"].count(MASK) == 2
    assert "canary" not in repr(secret)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.property
@given(user=TEXTS.filter(lambda text: ":" not in text), password=TEXTS.filter(lambda text: "\0" not in text))
def test_what_is_written_is_read_back_without_a_fault(user: str, password: str) -> None:
    written = config_json({"r.io": Credential(user, password)})
    config = read_docker_config(Source("", written))
    assert (config.faults, config.entries["r.io"].credential) == ((), Credential(user, password))
