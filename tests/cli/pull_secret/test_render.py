from __future__ import annotations

import io
import json
import stat
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from chartkit.cli.app import main
from chartkit.goyaml.load import load, load_all

FIXTURES = Path(__file__).parents[3] / "fixtures"
HUB = "https://index.docker.io/v1/"
CHART = """\
apiVersion: v2
name: c
version: 1.0.0
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  imagePullSecrets: {{ toJson .Values.names }}
  containers:
  {{- range .Values.images }}
  - {name: {{ . | sha256sum | trunc 5 | quote }}, image: {{ . | quote }}}
  {{- end }}
"""

Run = Any


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "DOCKER_AUTH_CONFIG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def render(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command; gives exit code, standard output and standard error."""

    def run(*words: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = main(["pull-secret", "render", *words])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


def auths(text: str) -> Any:
    return json.loads(b64decode(load(text)["data"][".dockerconfigjson"]))["auths"]


def chart(folder: Path, *images: str, names: tuple[str, ...] = ()) -> str:
    (folder / "c" / "templates").mkdir(parents=True)
    (folder / "c" / "Chart.yaml").write_text(CHART)
    (folder / "c" / "templates" / "pod.yaml").write_text(POD)
    listed = {"images": list(images), "names": [{"name": name} for name in names]}
    (folder / "c" / "values.yaml").write_text(json.dumps(listed))
    return str(folder / "c")


RECORDED = [json.loads(line) for line in (FIXTURES / "kubectl" / "secrets.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("recorded", RECORDED[:8] + RECORDED[18:26], ids=range(16))
def test_flags_make_the_secret_of_kubectl(render: Run, recorded: dict[str, Any]) -> None:
    case = recorded["case"]
    flags = [f"--{name.removeprefix('docker-')}={value}" for name, value in case.items() if "password" not in name]
    code, out, _ = render(*flags, "--password-env=P", P=case["docker-password"])
    assert (code, out) == (recorded["exit"], recorded["output"])


@pytest.mark.parametrize("case", [each["case"] for each in RECORDED if "--from-file" in each["error"]], ids=range(5))
def test_what_kubectl_refuses_is_refused(render: Run, case: dict[str, str]) -> None:
    flags = [f"--{name.removeprefix('docker-')}={value}" for name, value in case.items() if "password" not in name]
    code, out, err = render(*flags, "--password-env=P", P=case.get("docker-password", ""))
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")


def test_a_password_comes_by_standard_input_without_its_line_break(render: Run) -> None:
    for given in ("s3cret", "s3cret\n", "s3cret\r\n"):
        _, out, _ = render("-u", "u", "--password-stdin", stdin=given)
        assert auths(out) == {HUB: {"username": "u", "password": "s3cret", "auth": "dTpzM2NyZXQ="}}


def test_a_password_comes_out_of_a_file_with_all_its_lines(render: Run, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text('{\n "a": "b"\n}\n')
    _, out, _ = render("--server=gcr.io", "-u", "_json_key", "--password-file", "key.json")
    assert auths(out)["gcr.io"]["password"] == '{\n "a": "b"\n}'


@pytest.mark.parametrize(
    "words",
    [
        ("--password", "c4n4ry"),
        ("--password=c4n4ry",),
        ("-p", "c4n4ry"),
        ("-pc4n4ry",),
        ("--docker-password=c4n4ry",),
        ("--password=false",),
        ("--registry", "server=r.io,username=u,password=c4n4ry"),
        ("--registry", "server=r.io,username=u,c4n4ry"),
        ("--registry", 'server=r.io,username=u,"c4n4ry'),
        ("--password-env", "c4n4ry"),
        ("--password-file", "c4n4ry"),
        ("--password-file", "c4n4\0ry"),
        ("--from-env", "c4n4ry"),
    ],
    ids=lambda words: " ".join(words).replace("\0", "0"),
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(render: Run, words: tuple[str, ...]) -> None:
    code, out, err = render("-u", "u", *words)
    assert (code, out) == (2, "")
    assert "c4n4" not in err


def test_the_refusal_says_what_to_do_instead(render: Run) -> None:
    _, _, err = render("-u", "u", "--password=x")
    for way in ("list of processes", "--password-stdin", "--password-file", "--password-env", "asked"):
        assert way in err


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        ((), "", "there are no credentials to write"),
        (("-u", "u"), "", "there is no password for u at https://index.docker.io/v1/"),
        (("-u", "u", "--password-stdin"), "\n", "the password of u at https://index.docker.io/v1/ is empty"),
        (("-u", "u", "--password-stdin", "--password-env=P"), "", "one password, please"),
        (("-u", "u", "--password-env=NOT_SET"), "", "the variable NOT_SET is not set"),
        (("-u", "a:b", "--password-env=P"), "", "has a colon in it"),
        (("--password-env=P",), "", "there is no user for"),
        (("-u", "u", "--password-env=P", "--registry", f"server={HUB},username=v,password-env=P"), "", "given twice"),
        (("--registry", "username=v,password-env=P"), "", "--registry needs server="),
        (("--registry", "server=a,server=b,username=v,password-env=P"), "", "--registry has server twice"),
        (
            ("-u", "u", "--password-stdin", "--registry", "server=r.io,username=v,password-stdin"),
            "x",
            "can be read once only",
        ),
        (("-u", "u", "--password-stdin", "-f", "-"), "x", "can be read once only"),
        (("--from-env", "NONE"), "", "the environment has no server for --from-env NONE"),
        (("-u", "u", "--password-env=P", "--name", "A_b"), "", '"A_b" cannot be the name of an object'),
        (("-u", "u", "--password-env=P", "-n", "a.b"), "", '"a.b" cannot be the name of a namespace'),
        (("-u", "u", "--password-env=P", "-l", "a"), "", "--label takes key=value"),
        (("-u", "u", "--password-env=P", "-l", "a=b c"), "", "cannot be the value of the label a"),
        (("-u", "u", "--password-env=P", "--annotation", "a b=c"), "", "cannot be the key of an annotation"),
        (("-u", "u", "--password-env=P", "--style", "x"), "", 'unknown style "x"'),
        (("-u", "u", "--password-env=P", "--only", "r.io"), "", "--only chooses from docker's configuration"),
        (("--from-docker-config",), "", "there is no configuration of docker or podman here"),
        (("--from-docker-config=none.json",), "", "there is no file none.json"),
        (("-u", "u", "--password-env=P", "-o", "/dev/null/x"), "", "cannot write"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(render: Run, words: tuple[str, ...], stdin: str, message: str) -> None:
    code, out, err = render(*words, stdin=stdin, P="p")
    assert (code, out) == (2, "")
    assert message in err


def test_several_registries_stand_in_one_secret(render: Run, tmp_path: Path) -> None:
    (tmp_path / "p").write_text("3")
    _, out, _ = render(
        "-u", "a", "--password-env=P1", "--registry", "server=r.io,username=b,password-stdin,email=e@x",
        "--registry", '"server=a,b",username=c,password-file=p', "--from-env", "CI_REGISTRY",
        stdin="2", P1="1", CI_REGISTRY="gitlab:5050", CI_REGISTRY_USER="gitlab-ci-token", CI_REGISTRY_PASSWORD="4",
    )  # fmt: skip
    assert {server: (each["username"], each["password"]) for server, each in auths(out).items()} == {
        HUB: ("a", "1"),
        "r.io": ("b", "2"),
        "a,b": ("c", "3"),
        "gitlab:5050": ("gitlab-ci-token", "4"),
    }
    assert auths(out)["r.io"]["email"] == "e@x"


def test_namespaces_labels_and_annotations_are_written(render: Run) -> None:
    _, out, _ = render(
        "-u", "u", "--password-env=P", "--name=s", "-n", "a,b", "-n", "a", "-l", "x=1", "-l", "y/z=", "--annotation",
        "n=a=b c", "--string-data", P="p",
    )  # fmt: skip
    documents = load_all(out)
    assert [each["metadata"]["namespace"] for each in documents] == ["a", "b"]
    assert documents[0]["metadata"]["labels"] == {"x": "1", "y/z": ""}
    assert documents[0]["metadata"]["annotations"] == {"n": "a=b c"}
    assert json.loads(documents[1]["stringData"][".dockerconfigjson"])["auths"][HUB]["password"] == "p"


def test_a_file_is_for_its_owner_alone_and_nothing_is_printed(render: Run, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "s.yaml"
    code, out, err = render("-u", "u", "--password-env=P", "-o", str(target), P="c4n4ry")
    assert (code, out) == (0, "")
    assert err == f"wrote {target}: Secret regcred for {HUB}\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert auths(target.read_text())[HUB]["password"] == "c4n4ry"
    target.chmod(0o644)
    render("-u", "u", "--password-env=P", "-o", str(target), P="2")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_failure_leaves_the_file_as_it_was(render: Run, tmp_path: Path) -> None:
    target = tmp_path / "s.yaml"
    target.write_text("old")
    code, _, _ = render("-u", "u", "--password-env=P", "--string-data", "-o", str(target), P="\x7f")
    assert (code, target.read_text(), sorted(tmp_path.iterdir())) == (2, "old", [target])


@pytest.mark.parametrize(
    ("words", "user", "warning"),
    [
        (("--server=https://r.io/v1",), "u", "CK124: the key https://r.io/v1 can match no image"),
        (("--server=123456789012.dkr.ecr.us-east-1.amazonaws.com",), "AWS", "CK126: the credentials for 123456789012"),
        (("--server=gcr.io",), "oauth2accesstoken", "CK126"),
        (("--server=r.io",), "u", ""),
    ],
)
def test_credentials_that_will_not_work_are_warned_of(
    render: Run, words: tuple[str, ...], user: str, warning: str
) -> None:
    code, _, err = render(*words, "-u", user, "--password-env=P", P="p")
    assert code == 0
    assert warning in err
    assert bool(warning) == bool(err)


@pytest.mark.parametrize(
    ("file", "name", "servers"),
    [
        ("method-2-image-credentials.yaml", "orkesregistry", ["https://myregistry.example.com"]),
        (
            "method-3-several-registries.yaml",
            "multi-registry-secret",
            ["registry1.example.com", "registry2.example.com"],
        ),
    ],
)
def test_values_give_the_secret_that_the_chart_renders(
    render: Run, capfd: pytest.CaptureFixture[str], file: str, name: str, servers: list[str]
) -> None:
    values = str(FIXTURES / "orkes" / file)
    code, out, _ = render(values, "--style=chart")
    assert code == 0
    assert list(auths(out)) == servers
    main(["render", values, "-s", "templates/pull-secret.yaml"])
    rendered = load(capfd.readouterr().out.partition("yaml\n")[2])
    assert rendered == load(out)
    _, out, _ = render(values)
    assert load(out)["metadata"] == {"creationTimestamp": None, "name": name}
    assert load(out)["data"] == rendered["data"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("method-1-global-list.yaml", "my-registry-secret"), ("method-4-existing-secret.yaml", "my-existing-secret")],
)
def test_values_that_only_name_a_secret_give_its_name(render: Run, file: str, name: str) -> None:
    values = str(FIXTURES / "orkes" / file)
    code, out, err = render(values)
    assert (code, out) == (2, "")
    assert f"its pods name {name}, and the values hold no credentials" in err
    _, out, _ = render(values, "--server=myregistry.example.com", "-u", "u", "--password-env=P", P="p")
    assert load(out)["metadata"]["name"] == name


def test_of_several_names_one_must_be_chosen(render: Run, tmp_path: Path) -> None:
    folder = chart(tmp_path, "r.io/a:1", names=("a", "b"))
    code, _, err = render(folder, "-u", "u", "--password-env=P", P="p")
    assert code == 2
    assert "the pods name several secrets: a, b" in err
    _, out, _ = render(folder, "-u", "u", "--password-env=P", "--name=b", P="p")
    assert load(out)["metadata"]["name"] == "b"


UNUSABLE = """\
apiVersion: v1
kind: Secret
metadata: {name: made}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths": {"r.io": {"username": "u", "password": "{{ .Values.password }}"}}}'
"""


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "the Secret made that the chart renders has no password for r.io"),
        ('c4n4ry"', "the Secret made that the chart renders is of no use: it is not JSON"),
    ],
)
def test_a_secret_of_the_chart_that_is_of_no_use_is_told(
    render: Run, tmp_path: Path, password: str, message: str
) -> None:
    folder = chart(tmp_path, "r.io/a:1")
    (tmp_path / "c" / "templates" / "secret.yaml").write_text(UNUSABLE)
    code, out, err = render(folder, f"--set=password={password}")
    assert (code, out) == (2, "")
    assert message in err
    assert "c4n4ry" not in err
    # Its name is good all the same, when the credentials come from elsewhere.
    _, out, _ = render(folder, "-u", "u", "--password-env=P", P="p")
    assert load(out)["metadata"]["name"] == "made"


def helper(folder: Path, name: str, script: str) -> None:
    path = folder / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


KEEPER = r"""
[ "$1" = list ] && { echo '{"quay.io":"q"}'; exit; }
read -r server || true
case "$server" in
quay.io) echo '{"ServerURL":"quay.io","Username":"q","Secret":"kept"}' ;;
myacr.azurecr.io) echo '{"ServerURL":"","Username":"<token>","Secret":"jwt"}' ;;
token.io) echo '{"ServerURL":"","Username":"<token>","Secret":"c4n4ry"}' ;;
broken.io) echo 'c4n4ry' ;;
*) echo "credentials not found in native keychain"; exit 1 ;;
esac
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a helper and a configuration."""
    (tmp_path / "bin").mkdir()
    helper(tmp_path / "bin", "keeper", KEEPER)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    folder = tmp_path / "home" / ".docker"
    folder.mkdir(parents=True)
    content = {
        "auths": {"ghcr.io": {"auth": "dTpw"}, "quay.io": {}, HUB: {"auth": "aHViOnB3"}},
        "credHelpers": {"myacr.azurecr.io": "keeper", "token.io": "keeper", "broken.io": "keeper"},
        "credsStore": "keeper",
    }
    (folder / "config.json").write_text(json.dumps(content))
    return folder / "config.json"


def users(text: str) -> dict[str, tuple[str, str]]:
    return {server: (each["username"], each["password"]) for server, each in auths(text).items()}


def test_logins_of_docker_are_taken_with_those_of_helpers(render: Run, docker: Path) -> None:
    content = json.loads(docker.read_text())
    del content["credHelpers"]["broken.io"]
    docker.write_text(json.dumps(content))
    code, out, err = render("--from-docker-config")
    assert code == 0
    assert users(out) == {
        "ghcr.io": ("u", "p"),
        "quay.io": ("q", "kept"),
        HUB: ("hub", "pw"),
        "myacr.azurecr.io": ("00000000-0000-0000-0000-000000000000", "jwt"),
    }
    assert "the credentials for token.io are a token, which no pull secret can carry" in err
    assert "c4n4ry" not in err


def test_a_file_can_be_named(render: Run, docker: Path, tmp_path: Path) -> None:
    other = docker.rename(tmp_path / "other.json")
    _, out, _ = render(f"--from-docker-config={other}", "--only=ghcr.io")
    assert users(out) == {"ghcr.io": ("u", "p")}


@pytest.mark.parametrize(
    ("server", "key", "user"),
    [("quay.io", "quay.io", "q"), ("docker.io", HUB, "hub"), (HUB, HUB, "hub"), ("quay.io/team", "quay.io/team", "q")],
)
def test_one_server_can_be_chosen(render: Run, docker: Path, server: str, key: str, user: str) -> None:
    _, out, _ = render("--from-docker-config", "--only", server)
    assert {name: each[0] for name, each in users(out).items()} == {key: user}


@pytest.mark.parametrize(
    ("server", "message"),
    [
        ("none.io", "there are no credentials for none.io"),
        ("token.io", "the credentials for token.io are a token"),
        ("broken.io", "what docker-credential-keeper answered is not the JSON of its protocol"),
    ],
)
def test_a_server_without_usable_credentials_is_told(render: Run, docker: Path, server: str, message: str) -> None:
    code, out, err = render("--from-docker-config", "--only", server)
    assert (code, out) == (2, "")
    assert message in err
    assert "c4n4ry" not in err


def test_a_helper_that_is_not_installed_is_told_with_the_file_that_names_it(render: Run, docker: Path) -> None:
    docker.write_text('{"credHelpers": {"r.io": "nowhere"}}')
    code, _, err = render("--from-docker-config", "--only=r.io")
    assert code == 2
    assert 'exec: "docker-credential-nowhere": executable file not found in $PATH' in err
    assert f"hint: {docker} names this helper for r.io" in err


def test_with_a_chart_the_logins_are_those_for_its_images(render: Run, docker: Path, tmp_path: Path) -> None:
    folder = chart(
        tmp_path, "quay.io/team/a:1", "nginx:1.27", "none.io/b:2", "registry.k8s.io/pause:3", names=("pull",)
    )
    code, out, err = render(folder, "--from-docker-config")
    assert code == 0
    assert load(out)["metadata"]["name"] == "pull"
    assert users(out) == {"quay.io": ("q", "kept"), HUB: ("hub", "pw")}
    assert "has no credentials for none.io" in err
    assert "k8s.io" not in err


def test_a_configuration_in_the_place_of_values_is_recognised(render: Run, docker: Path) -> None:
    code, _, err = render(str(docker))
    assert code == 2
    assert "say --from-docker-config=FILE" in err
