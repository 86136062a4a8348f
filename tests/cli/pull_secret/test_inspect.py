from __future__ import annotations

import io
import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from chartkit.cli.app import main

ORKES = Path(__file__).parents[3] / "fixtures" / "orkes"
HUB = "https://index.docker.io/v1/"
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: regcred, namespace: prod}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: |
"""

Run = Any


@pytest.fixture
def inspect(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command on a text; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(text: str, *words: str, name: str = "s.yaml") -> tuple[int, str, str]:
        if name == "-":
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
        else:
            (tmp_path / name).write_text(text)
        code = main(["pull-secret", "inspect", name, *words])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


def secret(auths: dict[str, Any]) -> str:
    return f"{SECRET}    {json.dumps({'auths': auths})}\n"


LOGIN = {"username": "u", "password": "c4n4ry", "email": "e@x"}


def test_servers_users_and_masked_passwords_are_shown(inspect: Run) -> None:
    assert inspect(secret({HUB: LOGIN, "r.io": {"auth": b64encode(b"robot$a:c4n4ry").decode()}})) == (
        0,
        "s.yaml:1:1: Secret/prod/regcred\n"
        "  https://index.docker.io/v1/  user u  password ********  email e@x\n"
        "  r.io                         user robot$a  password ********\n",
        "",
    )


def test_passwords_are_shown_on_request(inspect: Run) -> None:
    _, out, _ = inspect(secret({"r.io": LOGIN}), "--show-secrets")
    assert "password c4n4ry" in out
    _, out, _ = inspect(secret({"r.io": LOGIN}), "--show-secrets", "--format=json")
    assert json.loads(out)["secrets"][0]["entries"][0]["password"] == "c4n4ry"


def test_a_bare_configuration_shows_its_helpers(inspect: Run) -> None:
    config = {"auths": {"r.io": {}, "t.io": {"identitytoken": "c4n4ry"}}, "credHelpers": {"g.io": "gcloud"}}
    code, out, _ = inspect(json.dumps({**config, "credsStore": "desktop"}), name="config.json")
    assert (code, out) == (
        0,
        "config.json:1:1: config.json\n"
        "  r.io  no credentials\n"
        "  t.io  identity token ********\n"
        "  g.io  credentials with docker-credential-gcloud\n"
        "  all other servers  credentials with docker-credential-desktop\n",
    )


@pytest.mark.parametrize(
    ("server", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\ud800", "\ufffd"),
        ("", ""),
        ("ü", "ü"),
        ("\u202e", "\\u202e"),
    ],
)
def test_a_file_of_somebody_else_cannot_write_on_the_screen(inspect: Run, server: str, shown: str) -> None:
    code, out, err = inspect(json.dumps({"auths": {server: {"username": server, "password": "p"}}}))
    assert code in (0, 1)
    assert err == ""
    assert f"  {shown}" in out
    assert len(out.splitlines()) <= 4
    assert "\x1b" not in out


@pytest.mark.parametrize("text", ["{" * 100_000, "[" * 100_000, '{"auths":' * 50_000, "\0", "\x7f", "- " * 1000])
def test_hostile_files_are_refused_at_once(inspect: Run, text: str) -> None:
    code, out, err = inspect(text)
    assert code in (1, 2)
    assert out or err.startswith("Error: ")


def test_standard_input_is_called_by_a_dash(inspect: Run) -> None:
    code, out, _ = inspect(json.dumps({"auths": {"r.io": LOGIN}}), name="-")
    assert (code, out.splitlines()[0]) == (0, "-:1:1: config.json")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (secret({"r.io": {"auth": "%c4n4ry"}}), "s.yaml:7:33: error CK123: auth of r.io is not the base64 of"),
        (f'{SECRET}    {{"auths": c4n4ry}}\n', "s.yaml:7:15: error CK123: it is not JSON"),
        (secret({}), "s.yaml:7:5: error CK123: it has no auths"),
        (secret({"https://r.io/v1": LOGIN}), "s.yaml:7:16: warning CK124: the key https://r.io/v1 can match no image"),
        ("kind: Secret\ntype: Opaque\ndata: {.dockerconfigjson: e30=}\n", "s.yaml:2:7: error CK123: its type is"),
    ],
)  # fmt: skip
def test_faults_have_their_place_and_make_it_fail(inspect: Run, text: str, line: str) -> None:
    code, out, err = inspect(text)
    assert code == 1
    assert line in out
    assert "c4n4ry" not in out + err


def test_credentials_that_expire_are_told_and_no_fault(inspect: Run) -> None:
    code, out, _ = inspect(secret({"123456789012.dkr.ecr.eu-west-1.amazonaws.com": {**LOGIN, "username": "AWS"}}))
    assert code == 0
    assert "s.yaml:7:16: warning CK126: the credentials for 123456789012" in out


@pytest.mark.parametrize(
    ("moment", "expected", "line"),
    [
        (1_000_000_000, 1, "s.yaml:7:16: error CK126: the credentials for r.io expired at 2001-09-09 01:46 UTC"),
        (4_000_000_000, 0, "s.yaml:7:16: warning CK126: the credentials for r.io expire at 2096-10-02 07:06 UTC"),
    ],
)
def test_a_password_that_says_when_it_ends_is_taken_at_its_word(
    inspect: Run, moment: int, expected: int, line: str
) -> None:
    password = b64encode(json.dumps({"payload": "c4n4ry", "expiration": moment}).encode()).decode()
    code, out, _ = inspect(secret({"r.io": {"username": "AWS", "password": password}}))
    assert code == expected
    assert line in out
    assert password not in out


@pytest.mark.parametrize(
    ("auths", "covers", "uncovered"),
    [
        (
            {"myregistry.example.com": LOGIN, "other.example.com": LOGIN},
            ["myregistry.example.com/myorg/orkes-conductor-server:5.2.42, "
             "myregistry.example.com/myorg/orkes-conductor-workers:5.2.42", "no image"],
            "every image is covered",
        ),
        (
            {"myregistry.example.com/myorg/orkes-conductor-s": LOGIN},
            ["myregistry.example.com/myorg/orkes-conductor-server:5.2.42"],
            "not covered: myregistry.example.com/myorg/orkes-conductor-workers:5.2.42",
        ),
    ],
)  # fmt: skip
def test_the_images_of_a_chart_that_it_covers_are_listed(
    inspect: Run, auths: dict[str, Any], covers: list[str], uncovered: str
) -> None:
    code, out, _ = inspect(secret(auths), str(ORKES / "p1-global-registry.yaml"))
    assert code == 0
    assert [line.removeprefix("    covers ") for line in out.splitlines() if "covers" in line] == covers
    assert uncovered in out


def test_a_near_miss_is_a_fault_when_the_chart_is_known(inspect: Run) -> None:
    values = str(ORKES / "p1-global-registry.yaml")
    code, out, _ = inspect(secret({"myregistry.example.com:5000": LOGIN}), values)
    assert code == 1
    assert "CK124: the key myregistry.example.com:5000 can match no image: the port differs" in out


def test_what_the_kubelet_cannot_read_covers_nothing(inspect: Run) -> None:
    auths = {"myregistry.example.com": LOGIN, "r.io": {"auth": "%"}}
    _, out, _ = inspect(secret(auths), str(ORKES / "p1-global-registry.yaml"), "--format=json")
    content = json.loads(out)
    assert [entry["images"] for entry in content["secrets"][0]["entries"]] == [[], []]
    assert len(content["uncovered"]) == 2


def test_json_has_every_field(inspect: Run) -> None:
    text = secret({"r.io": {**LOGIN, "auth": "%"}})
    code, out, _ = inspect(text, "--format=json")
    assert code == 1
    column = text.splitlines()[6].index('"%"') + 1
    assert json.loads(out) == {
        "secrets": [
            {
                "kind": "Secret", "name": "regcred", "namespace": "prod", "file": "s.yaml", "line": 1, "column": 1,
                "credsStore": "", "credHelpers": {},
                "entries": [
                    {
                        "server": "r.io", "username": "u", "password": "********", "email": "e@x",
                        "identitytoken": "", "registrytoken": "", "images": None, "line": 7, "column": 16,
                    }
                ],
            }
        ],
        "findings": [
            {
                "rule": "CK123", "severity": "error",
                "message": "auth of r.io is not the base64 of user:password",
                "file": "s.yaml", "line": 7, "column": column, "secret": "regcred", "server": "r.io",
            }
        ],
        "uncovered": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("kind: Deployment\n", (), "there is no pull secret in s.yaml"),
        ("password: *c4n4ry\n", (), "s.yaml is not YAML"),
        ("{}", ("--format", "xml"), 'unknown format "xml"'),
        (secret({"r.io": LOGIN}), ("none.yaml",), "none.yaml"),
    ],
)
def test_what_cannot_be_read_is_bad_input(inspect: Run, text: str, words: tuple[str, ...], message: str) -> None:
    code, out, err = inspect(text, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert "c4n4ry" not in err


def test_the_example_of_the_guide(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ORKES.parents[1])
    assert main(["pull-secret", "inspect", "fixtures/docker/config.json"]) == 1
    out = capfd.readouterr().out
    assert "user dockerhub-username  password ********" in out
    assert "fixtures/docker/config.json:4:5: warning CK124: the key https://myregistry.example.com/v1" in out
    assert "fixtures/docker/config.json:5:25: error CK123: auth of quay.io is not the base64 of user:password" in out


def test_a_missing_file_and_no_file_are_told(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["pull-secret", "inspect", str(tmp_path / "none")]) == 2
    assert "No such file or directory" in capfd.readouterr().err
    assert main(["pull-secret", "inspect"]) == 2
    assert "say which file to look into" in capfd.readouterr().err
