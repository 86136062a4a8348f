"""`chartkit pull-secret list`: the secrets that pods name, and those that are rendered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.cli.app import main

ORKES = Path(__file__).parents[3] / "fixtures" / "orkes"
CHART = Path(__file__).parents[3] / "charts" / "orkes-conductor"

NAMED = {
    "p1-global-registry": ["my-registry-secret", "my-registry-secret"],
    "method-2-image-credentials": ["orkesregistry", "orkesregistry"],
    "method-3-several-registries": ["multi-registry-secret", "multi-registry-secret"],
    "method-4-existing-secret": ["my-existing-secret", "my-existing-secret"],
    "mixed-public-and-private": ["-", "my-registry-secret"],
}
RENDERED = {
    "p1-global-registry": "",
    "method-2-image-credentials": "Secret/orkesregistry  https://myregistry.example.com  user myuser  "
    "password ********\n",
    "method-3-several-registries": "Secret/multi-registry-secret  registry1.example.com  user user1  "
    "password ********\n"
    "Secret/multi-registry-secret  registry2.example.com  user user2  password ********\n",
    "method-4-existing-secret": "",
}


def _run(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["pull-secret", "list", "--chart", str(CHART), *words]) == 0
    return capfd.readouterr().out


@pytest.mark.parametrize(("values", "names"), NAMED.items(), ids=NAMED)
def test_the_secrets_that_pods_name(capfd: pytest.CaptureFixture[str], values: str, names: list[str]) -> None:
    out = _run(capfd, str(ORKES / f"{values}.yaml"))
    assert [line.split()[1] for line in out.splitlines()] == names


@pytest.mark.parametrize(("values", "shown"), RENDERED.items(), ids=RENDERED)
def test_the_secrets_that_are_rendered(capfd: pytest.CaptureFixture[str], values: str, shown: str) -> None:
    assert _run(capfd, str(ORKES / f"{values}.yaml"), "--rendered") == shown


def test_the_account_that_a_pod_without_secrets_gets_them_from(capfd: pytest.CaptureFixture[str]) -> None:
    lines = _run(capfd).splitlines()
    assert [line.split()[1:] for line in lines] == [["-", "of", "ServiceAccount/release-name-orkes-conductor"]] * 2


def test_json_has_both_and_no_password(capfd: pytest.CaptureFixture[str]) -> None:
    out = _run(capfd, str(ORKES / "method-2-image-credentials.yaml"), "--format=json")
    assert "mypassword" not in out
    listed = json.loads(out)
    assert [pod["secrets"] for pod in listed["pods"]] == [["orkesregistry"], ["orkesregistry"]]
    entry = {"server": "https://myregistry.example.com", "username": "myuser", "password": "********"}
    assert listed["rendered"] == [{"name": "orkesregistry", "namespace": "default", "entries": [entry], "fault": ""}]


def test_a_secret_that_cannot_be_read_is_listed_with_its_fault(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    (tmp_path / "templates" / "s.yaml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: broken}\ntype: kubernetes.io/dockerconfigjson\n"
        "data: {.dockerconfigjson: e30=}\n"
    )
    assert main(["pull-secret", "list", "--chart", str(tmp_path), "--rendered"]) == 0
    assert capfd.readouterr().out == "Secret/broken  it has no auths (line 1, column 1 behind the base64)\n"


def test_a_chart_that_does_not_render_is_bad_input(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["pull-secret", "list", "--chart", str(CHART), "--set", "server=text"]) == 2
    assert "got string, want object" in capfd.readouterr().err
