"""`chartkit pull-secret verify`: the table, the findings and the exit codes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[3]
ORKES = ROOT / "fixtures" / "orkes"

# A chart that does with pull secrets what the chart of the registry guide really does: it renders its own Secret in
# any case, names only that, and reads none of the lists.
_CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: guide\nversion: 0.1.0\n",
    "c/values.yaml": "global: {image: {registry: '', pullSecrets: []}}\nserver: {image: {pullSecrets: []}}\n"
    "imageCredentials: {registry: 'https://index.docker.io/v1/', username: hub, password: ''}\n",
    "c/templates/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: orkesregistry}\n"
    "type: kubernetes.io/dockerconfigjson\n{{ with .Values.imageCredentials }}"
    "data: {.dockerconfigjson: {{ printf `{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}` "
    ".registry .username .password | b64enc }}}\n{{ end }}",
    "c/templates/pod.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: server}\n"
    "spec:\n  template:\n    spec:\n      imagePullSecrets: [{name: orkesregistry}]\n      containers:\n"
    "      - name: server\n"
    "        image: '{{ with .Values.global.image.registry }}{{ . }}/{{ end }}orkesio/server:1'\n",
    "p1.yaml": "global:\n  image:\n    registry: myregistry.example.com\n    pullSecrets:\n"
    "      - name: my-registry-secret\n",
}  # fmt: skip


def config(*servers: str, auth: str = "") -> str:
    login = auth or b64encode(b"u:pass:word").decode()
    return json.dumps({"auths": {server: {"auth": login} for server in servers}})


def secret(name: str, text: str, namespace: str = "default") -> str:
    data = b64encode(text.encode()).decode()
    head = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"{head}type: kubernetes.io/dockerconfigjson\ndata: {{.dockerconfigjson: {data}}}\n"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit pull-secret verify`; gives the exit code and both outputs."""

    def verify(*words: str | Path) -> tuple[int, str, str]:
        code = main(["pull-secret", "verify", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return verify


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The chart, as the working directory."""
    for name, text in _CHART.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pulls(out: str) -> dict[str, tuple[str, list[str]]]:
    return {each["image"]: (each["verdict"], each["secrets"]) for each in json.loads(out)["pulls"]}


def test_a_list_that_the_chart_ignores_is_found(run: Run, folder: Path) -> None:
    code, out, _ = run("c", "p1.yaml")
    assert code == 1
    assert out == (
        "POD                CONTAINER  IMAGE                                    SECRET         VERDICT\n"
        "Deployment/server  server     myregistry.example.com/orkesio/server:1  orkesregistry  uncovered\n"
        "\n"
        "p1.yaml:3:15: error CK120: myregistry.example.com/orkesio/server:1 needs credentials, and none of the pod's "
        "pull secrets (orkesregistry) covers its registry\n"
        "    in: Deployment/server, container server\n"
        "    key: global.image.registry\n"
        "    fix: global.image.pullSecrets (my-registry-secret) does not reach the pod: name the secret where the "
        "chart reads it.\n"
        "\n"
        "1 image in pods: 1 uncovered\n"
        "1 error\n"
    )


def test_a_secret_that_the_chart_renders_covers_its_registry(run: Run, folder: Path) -> None:
    values = ["--set", "imageCredentials.registry=myregistry.example.com", "--set", "imageCredentials.password=p"]
    code, out, _ = run("c", "p1.yaml", *values)
    assert code == 0
    assert out.splitlines()[1].split("  ")[-2:] == ["orkesregistry", "covered"]


@pytest.mark.parametrize(
    ("name", "code", "server", "workers"),
    [
        ("method-1-global-list", 0, ("external", ["my-registry-secret"]), ("external", ["my-registry-secret"])),
        ("method-2-image-credentials", 0, ("anonymous", []), ("anonymous", [])),
        ("method-4-existing-secret", 0, ("external", ["my-existing-secret"]), ("external", ["my-existing-secret"])),
        ("docker-hub-credentials", 0, ("covered", ["orkesregistry"]), ("covered", ["orkesregistry"])),
        ("mixed-public-and-private", 0, ("anonymous", []), ("external", ["my-registry-secret"])),
        ("production", 0, ("external", ["jfrog-prod-creds"]), ("external", ["jfrog-prod-creds"])),
        ("production-registry", 1, ("uncovered", []), ("uncovered", [])),
    ],
)
def test_the_methods_of_the_guide(run: Run, name: str, code: int, server: object, workers: object) -> None:
    found, out, _ = run(ORKES / f"{name}.yaml", "--format", "json")
    assert (found, list(pulls(out).values())) == (code, [server, workers])


def test_all_registries_of_one_secret_count(run: Run) -> None:
    values = ["--set", "server.image.registry=registry1.example.com,workers.image.registry=registry2.example.com"]
    code, out, _ = run(ORKES / "method-3-several-registries.yaml", *values, "--format", "json")
    assert code == 0
    assert set(map(str, pulls(out).values())) == {"('covered', ['multi-registry-secret'])"}


@pytest.mark.parametrize(
    ("file", "text", "code", "verdict"),
    [
        ("s.yaml", secret("my-registry-secret", config("myregistry.example.com")), 0, "covered"),
        ("s.yaml", secret("my-registry-secret", config("myregistry.example.com"), "other"), 0, "external"),
        ("s.yaml", secret("my-registry-secret", config("quay.io")), 1, "uncovered"),
        ("s.yaml", secret("else", config("myregistry.example.com")), 0, "external"),
        ("config.json", config("myregistry.example.com"), 0, "covered"),
        ("my-registry-secret=config.json", config("myregistry.example.com"), 0, "covered"),
        ("else=config.json", config("myregistry.example.com"), 0, "external"),
        (
            "s.json",
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "List",
                    "items": [
                        {
                            "apiVersion": "v1",
                            "kind": "Secret",
                            "metadata": {"name": "my-registry-secret"},
                            "type": "kubernetes.io/dockerconfigjson",
                            "stringData": {".dockerconfigjson": config("myregistry.example.com")},
                        }
                    ],
                }
            ),
            0,
            "covered",
        ),
    ],
)
def test_secrets_of_the_cluster_can_be_given(
    run: Run, folder: Path, file: str, text: str, code: int, verdict: str
) -> None:
    (folder / file.rpartition("=")[2]).write_text(text)
    found, out, err = run(ORKES / "method-1-global-list.yaml", "--secret", file, "--format", "json")
    assert (found, {each[0] for each in pulls(out).values()}) == (code, {verdict})
    assert "pass:word" not in out + err


def test_a_service_account_can_be_given_too(run: Run, folder: Path) -> None:
    (folder / "sa.yaml").write_text(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: release-name-orkes-conductor}\n"
        "imagePullSecrets: [{name: sa}]\n"
    )
    values = ORKES / "production-registry.yaml"
    flags = ["--set", "serviceAccount.create=false,serviceAccount.name=release-name-orkes-conductor"]
    code, out, _ = run(values, *flags, "--format", "json")
    assert (code, {str(each) for each in pulls(out).values()}) == (
        0,
        {"('external', ['ServiceAccount release-name-orkes-conductor'])"},
    )
    code, out, _ = run(values, *flags, "--secret", "sa.yaml", "--format", "json")
    assert (code, {str(each) for each in pulls(out).values()}) == (0, {"('external', ['sa'])"})
    (folder / "config.json").write_text(config("*.example.com"))
    code, out, _ = run(values, *flags, "--secret", "sa.yaml", "--secret", "sa=config.json")
    assert "  sa (of ServiceAccount/release-name-orkes-conductor)  covered\n" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no pull secret in s.yaml"),
        ("a: [", "s.yaml"),
        (secret("a", '{"auths":{"r":{"password":"a"b"}}}'), "it is not JSON"),
        (secret("a", "{}"), "it has no auths"),
        (config("r", auth="bm9jb2xvbg=="), "auth of r is not the base64 of user:password"),
        ('{"auths": {"r": {}}, "credsStore": "pass"}', "s.yaml has no credentials itself"),
        ("apiVersion: v1\nkind: Pod\n", "there is no pull secret in s.yaml"),
    ],
    ids=["empty", "yaml", "json", "auths", "auth", "helper", "other"],
)
def test_a_faulty_secret_is_named_with_its_fault(run: Run, folder: Path, text: str, said: str) -> None:
    (folder / "s.yaml").write_text(text)
    code, out, err = run("c", "p1.yaml", "--secret", "s.yaml")
    assert (code, out) == (2, "")
    assert said in err
    assert "s.yaml:1:" in err or ":5:" in err


def test_a_secret_that_is_not_there_is_bad_input(run: Run, folder: Path) -> None:
    code, out, err = run("c", "p1.yaml", "--secret", "none.yaml")
    assert (code, out) == (2, "")
    assert "cannot read none.yaml: No such file or directory" in err


@pytest.mark.parametrize(
    ("flags", "code", "verdict"),
    [
        (["--node-credentials", "myregistry.example.com"], 0, "node"),
        (["--node-credentials", "other.example.com"], 1, "uncovered"),
        (["--public", "myregistry.example.com/orkesio"], 0, "public"),
        ([], 1, "uncovered"),
    ],
)
def test_nodes_and_public_registries_are_taken_at_their_word(
    run: Run, folder: Path, flags: list[str], code: int, verdict: str
) -> None:
    found, out, _ = run("c", "p1.yaml", *flags, "--format", "json")
    assert (found, {each[0] for each in pulls(out).values()}) == (code, {verdict})


def test_images_of_a_public_registry_can_be_private(run: Run) -> None:
    code, out, _ = run(ORKES / "defaults.yaml", "--private", "docker.io/orkesio")
    assert code == 1
    assert out.count("uncovered") == 3


def test_external_secrets_fail_where_they_must_not_be(run: Run) -> None:
    code, out, _ = run(ORKES / "method-1-global-list.yaml", "--no-external")
    assert code == 1
    assert "needs my-registry-secret, which is neither rendered nor given" in out


def test_a_secret_that_is_broken_is_shown_with_the_value_to_blame(run: Run, folder: Path) -> None:
    (folder / "v.yaml").write_text("imageCredentials:\n  username: u\n  password: 'a\"b'\n")
    code, out, _ = run("c", "v.yaml")
    assert code == 1
    assert "v.yaml:3:13: error CK123: the pull secret orkesregistry is of no use: it is not JSON" in out
    assert "CK120" not in out
    assert 'a"b' not in out


def test_sarif_and_junit_and_the_others_have_the_findings(run: Run, folder: Path) -> None:
    sarif = json.loads(run("c", "p1.yaml", "--format", "sarif")[1])["runs"][0]["results"]
    assert [(each["ruleId"], each["locations"][0]["physicalLocation"]["region"]) for each in sarif] == [
        ("CK120", {"startLine": 3, "startColumn": 15})
    ]
    assert ElementTree.fromstring(run("c", "p1.yaml", "--format", "junit")[1]).find(".//failure") is not None
    assert run("c", "p1.yaml", "--format", "github")[1].startswith("::error file=p1.yaml,line=3,")
    markdown = run("c", "p1.yaml", "--format", "markdown")[1]
    assert (
        "| Deployment/server | server | myregistry.example.com/orkesio/server:1 | orkesregistry | uncovered |"
        in markdown
    )


def test_json_says_all_about_each_image(run: Run, folder: Path) -> None:
    content = json.loads(run("c", "p1.yaml", "--format", "json")[1])
    assert content["exitCode"] == 1
    assert content["pulls"] == [
        {
            "target": "",
            "resource": {"kind": "Deployment", "name": "server", "namespace": "default"},
            "container": "server",
            "image": "myregistry.example.com/orkesio/server:1",
            "verdict": "uncovered",
            "secrets": ["orkesregistry"],
            "serviceAccount": "",
            "reason": "none of the pod's pull secrets (orkesregistry) covers its registry",
            "answer": "",
            "digest": "",
        }
    ]


def test_targets_are_verified_each(run: Run, folder: Path) -> None:
    (folder / "chartkit.yaml").write_text(
        "chart: c\ntargets:\n- {name: private, values: [p1.yaml]}\n- {name: hub, values: []}\n"
    )
    code, out, _ = run()
    assert code == 1
    assert "private: 1 image in pods: 1 uncovered\nhub: 1 image in pods: 1 covered\n" in out
    assert "hub: Deployment/server" in out


def test_a_chart_that_does_not_render_is_bad_input(run: Run, folder: Path) -> None:
    (folder / "c/templates/pod.yaml").write_text("{{ fail `no` }}")
    code, _, err = run("c", "p1.yaml")
    assert code == 2
    assert "no" in err


def test_a_pattern_with_a_scheme_is_refused(run: Run, folder: Path) -> None:
    code, _, err = run("c", "p1.yaml", "--public", "https://r.example.com")
    assert code == 2
    assert "a registry has no scheme" in err


def test_an_image_that_is_no_reference_can_be_pulled_by_no_pod(run: Run) -> None:
    code, out, _ = run(ORKES / "e06-scheme.yaml")
    assert code == 1
    assert "error CK003: https://a.example.com/orkesio/orkes-conductor-server:5.2.42 is no image reference" in out
    assert "2 images in pods: 2 invalid" in out


def test_a_registry_that_is_not_there_is_no_finding_but_a_failure(run: Run, folder: Path) -> None:
    registry = "global.image.registry=127.0.0.1:1,imageCredentials.registry=127.0.0.1:1"
    flags = ["--set", registry, "--set", "imageCredentials.password=secret-word", "--online", "--retries", "0"]
    code, out, err = run("c", *flags)
    assert code == 3
    assert "covered, unreachable" in out
    assert "CK134: 127.0.0.1:1: connection refused" in out
    assert "secret-word" not in out + err
