"""`chartkit drycc` as one uses it: outputs, exit codes, positions, and passwords that nobody sees."""

from __future__ import annotations

import io
import json
import stat
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures" / "drycc"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `chartkit drycc` in the folder of the values files; gives the exit code and both outputs."""
    monkeypatch.chdir(FIXTURES)

    def drycc(*words: str | Path) -> tuple[int, str, str]:
        code = main(["drycc", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return drycc


def secrets(text: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in yaml.safe_load_all(text)}


def test_check_of_the_guides_example_names_the_block_that_is_not_read(run: Run) -> None:
    code, out, _ = run("check", "acr.yaml")
    assert code == 0
    assert out.startswith("acr.yaml:3:22: info CK606: ")
    assert "acr.yaml:6:5: warning CK601: the chart of 2019 reads registry, and these are in registry-token-ref" in out
    assert "keys of generation B" in out
    assert run("check", "acr.yaml", "--fail-on", "warning")[0] == 1


def test_check_with_the_chart_of_2019_proves_it(run: Run) -> None:
    code, out, _ = run("check", "acr.yaml", "--chart", "../drycc-2019")
    assert code == 1
    assert out.startswith(
        "../drycc-2019/templates/registry-secret.yaml: error CK601: the chart renders registry-secret with nothing in "
        "hostname, organization, username, password\n"
    )
    assert run("check", "top-level.yaml", "--chart", "../drycc-2019")[0] == 0


def test_check_with_our_own_chart_finds_nothing_more(run: Run) -> None:
    code, out, _ = run("check", "acr.yaml", "--chart", str(ROOT / "charts" / "drycc-workflow"))
    assert (code, out.count("CK601")) == (0, 1)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("bad-location", "bad-location.yaml:2:22: error CK602: "),
        ("bad-gcr-key", "bad-gcr-key.yaml:5:15: error CK603: "),
        ("bad-scheme", "bad-scheme.yaml:4:13: error CK604: "),
        ("today-contradiction", "today-contradiction.yaml:5:17: warning CK605: "),
        ("bad-no-organization", "bad-no-organization.yaml:4:3: error CK607: "),
    ],
)
def test_check_points_at_the_key(run: Run, name: str, line: str) -> None:
    code, out, _ = run("check", f"{name}.yaml")
    assert line in out
    assert code == int("error" in line)


def test_check_points_at_flags_too(run: Run) -> None:
    flag = "registry.password=hidden-word,global.registry_location=dockerhub"
    code, out, err = run("check", "quay.yaml", "--set", flag)
    assert "hidden-word" not in out + err
    assert code == 1
    assert "--set global.registry_location: error CK602" in out


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "markdown"])
def test_check_prints_every_format(run: Run, form: str) -> None:
    code, out, _ = run("check", "bad-scheme.yaml", "--format", form)
    assert code == 1
    assert "CK604" in out


def test_plan_names_image_secrets_and_commands(run: Run) -> None:
    code, out, err = run("plan", "acr.yaml", "--app", "shop", "--sha", "0123abc")
    assert code == 0
    assert "app image       myregistry.azurecr.io/myorg/shop:git-0123abc\n" in out
    assert out.endswith("drycc config:set PORT=<port> -a shop\n")
    assert "mypassword" not in out + err
    assert "acr.yaml:3:22: info CK606: " in err


def test_plan_is_json_on_request(run: Run) -> None:
    code, out, _ = run("plan", "today-off-cluster.yaml", "--format", "json", "--process-type", "worker")
    assert code == 0
    plan = json.loads(out)
    assert plan["image"] == "quay.io/myorg/myapp:git-abcdef1-worker"
    assert plan["pullSecret"] == "private-registry-worker-off-cluster"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["bad-no-organization.yaml"], 1),
        (["bad-ecr-half.yaml"], 1),
        (["bad-location.yaml"], 2),
        (["--location", "ecr"], 0),
        (["--location", "gcr"], 1),
        (["quay.yaml", "--location", "on-cluster"], 0),
    ],
)
def test_plan_fails_where_something_mandatory_is_missing(run: Run, words: list[str], code: int) -> None:
    assert run("plan", *words)[0] == code


def test_plan_takes_the_place_of_the_registry_in_the_cluster(run: Run) -> None:
    _, out, _ = run("plan", "on-cluster.yaml", "--registry-service", "10.3.0.1:5000")
    assert "10.3.0.1:5000/myapp:git-abcdef1" in out


def test_secret_prints_what_the_components_read(run: Run) -> None:
    code, out, _ = run("secret", "quay.yaml", "-n", "workflow")
    assert code == 0
    secret = secrets(out)["registry-secret"]
    assert secret["metadata"]["namespace"] == "workflow"
    assert {name: b64decode(value).decode() for name, value in secret["data"].items()} == {
        "hostname": "quay.io",
        "organization": "myorg",
        "username": "myusername",
        "password": "mypassword",
    }


def test_secret_has_todays_secrets_too(run: Run) -> None:
    _, out, _ = run("secret", "today-off-cluster.yaml")
    assert list(secrets(out)) == ["registry-secret", "builder-secret", "controller-creds"]


@pytest.mark.parametrize("way", ["--password-stdin", "--password-file", "--password-env"])
def test_secret_takes_the_password_from_elsewhere(
    run: Run, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("another\n")
    monkeypatch.setenv("REGISTRY_PASSWORD", "another")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"another\n")))
    value = {"--password-file": [tmp_path / "password"], "--password-env": ["REGISTRY_PASSWORD"]}.get(way, [])
    code, out, _ = run("secret", "quay.yaml", "--set", "registry-token-refresher.registry.password=", way, *value)
    assert code == 0
    assert b64decode(secrets(out)["registry-secret"]["data"]["password"]) == b"another"


def test_secret_of_an_app_is_in_its_namespace(run: Run) -> None:
    _, out, _ = run("secret", "quay.yaml", "--app", "shop")
    secret = secrets(out)["private-registry-off-cluster"]
    assert secret["metadata"]["namespace"] == "shop"
    assert json.loads(b64decode(secret["data"][".dockerconfigjson"])) == {
        "auths": {"quay.io": {"auth": "bXl1c2VybmFtZTpteXBhc3N3b3Jk"}}
    }


def test_secret_of_an_app_takes_the_token_of_the_hour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "the-token")
    code, out, _ = run("secret", "ecr.yaml", "--app", "shop", "--password-env", "TOKEN")
    assert code == 0
    config = json.loads(b64decode(secrets(out)["private-registry-ecr"]["data"][".dockerconfigjson"]))
    assert config["auths"]["https://123456789012.dkr.ecr.us-west-2.amazonaws.com"]["auth"] == "the-token"


def test_secret_goes_to_a_file_that_only_the_owner_reads(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    code, out, err = run("secret", "quay.yaml", "-o", file)
    assert (code, out) == (0, "")
    assert err == f"wrote {file}: Secret drycc/registry-secret\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check"], "values are wanted, and none are given"),
        (["check", "nowhere.yaml"], "no such file"),
        (["check", "quay.yaml", "--format", "html"], 'unknown format "html"'),
        (["check", "quay.yaml", "--chart", "nowhere/"], "not found"),
        (["plan", "bad-location.yaml"], "bad-location.yaml:2:22"),
        (["plan", "--location", "dockerhub"], 'there is no location "dockerhub"'),
        (["plan", "quay.yaml", "--system", "swarm"], 'unknown system "swarm"'),
        (["secret", "on-cluster.yaml"], "the registry component makes its own"),
        (["secret", "on-cluster.yaml", "--app", "shop"], "need no pull secret"),
        (["secret", "bad-no-organization.yaml"], "the values lack organization"),
        (["secret", "ecr.yaml", "--app", "shop"], "a token that is good for a short time only"),
        (["secret", "quay.yaml", "-n", "My_Space"], "cannot be the name of a namespace"),
        (["secret", "quay.yaml", "--password", "pa55"], "unknown flag: --password"),
        (["secrets"], 'unknown command "secrets"'),
    ],
)
def test_bad_words_are_refused_with_what_to_do(run: Run, words: list[str], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "mypassword" not in err
    assert "pa55" not in err


@pytest.mark.parametrize("command", ["check", "plan", "secret"])
@pytest.mark.parametrize(
    ("text", "place"),
    [("global: [\n", ":1:10"), ("a: b\n  c: d\n", ":2:4"), ("- a\n", "")],
    ids=["open", "indent", "list"],
)
def test_malformed_values_are_refused_with_the_place(
    run: Run, tmp_path: Path, command: str, text: str, place: str
) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(text)
    code, out, err = run(command, file)
    assert (code, out) == (2, "")
    assert f"{file}{place}" in err


@pytest.mark.parametrize("command", ["check", "plan", "secret"])
def test_malformed_values_do_not_show_their_passwords(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "values.yaml"
    file.write_text('registry:\n  password: "hidden-word" hidden-word\n')
    code, out, err = run(command, file)
    assert (code, out) == (2, "")
    assert "hidden-word" not in err
    assert f"{file}:2" in err
