from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.chart.values_file import load_values
from chartkit.cli.app import main
from chartkit.profile import NEWEST

Run = Callable[..., tuple[int, str, str]]

ORKES = Path(__file__).parents[2] / "fixtures/orkes"
DIGEST = "sha256:" + "a" * 64

_POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers:
      - {name: init, image: busybox}
      containers:
      - name: app
        image: "{{ .Values.image }}"
        imagePullPolicy: Always
        args: ["--sidecar-image=quay.io/team/side:1"]
"""
_HOOK = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
spec: {template: {spec: {containers: [{name: job, image: "quay.io/team/job:2"}]}}}
"""
_EXTRA = """\
{{ if .Values.extra.enabled }}
apiVersion: v1
kind: Pod
metadata: {name: extra}
spec: {containers: [{name: extra, image: "ghcr.io/x/extra:3"}]}
{{ end }}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit images` beside a chart `c`; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    files = {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "c/values.yaml": "image: registry.example.com/team/app:1.0\nextra: {enabled: false}\n",
        "c/templates/pod.yaml": _POD,
        "c/templates/job.yaml": _HOOK,
        "c/templates/extra.yaml": _EXTRA,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def images(*words: str) -> tuple[int, str, str]:
        code = main(["images", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return images


def test_images_prints_a_line_for_each_place(run: Run) -> None:
    code, out, err = run("c")
    assert code == 0
    assert err == ""
    assert out.splitlines() == [
        "busybox                            Deployment/web  init",
        "registry.example.com/team/app:1.0  Deployment/web  app",
        "quay.io/team/side:1                Deployment/web  app   args; likely",
        "quay.io/team/job:2                 Job/migrate     job   hook: pre-install, pre-upgrade",
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--registry", "docker.io"], ["busybox"]),
        (["--registry", "registry.example.com/team,docker.io"], ["busybox", "registry.example.com/team/app:1.0"]),
        (["--registry", "registry.example.com/te"], []),
        (["--kind", "job"], ["quay.io/team/job:2"]),
        (["--certainty", "certain", "--registry", "quay.io"], ["quay.io/team/job:2"]),
        (["--set", "image=x:2", "--kind=Deployment", "--certainty=certain"], ["busybox", "x:2"]),
        (["--set", "image=busybox", "--kind=Deployment", "--certainty=certain"], ["busybox"]),
    ],
)
def test_images_in_plain_form_are_the_wanted_names_each_once(run: Run, words: list[str], names: list[str]) -> None:
    assert run("c", "--format", "plain", *words)[:2] == (0, "".join(f"{name}\n" for name in names))


def test_images_takes_the_chart_as_a_word_or_as_a_flag(run: Run) -> None:
    assert run("c")[1] == run("--chart", "c")[1] != ""
    code, _, err = run("c", "--chart", "c")
    assert (code, err) == (2, "Error: one chart at a time: c and c\n")


def test_images_in_json_have_all_fields(run: Run) -> None:
    rows = json.loads(run("c", "--format", "json")[1])["images"]
    assert rows[0] == {
        "image": "busybox",
        "canonical": "docker.io/library/busybox",
        "registry": "docker.io",
        "repository": "library/busybox",
        "tag": "",
        "digest": "",
        "kind": "Deployment",
        "name": "web",
        "namespace": "shop",
        "container": "init",
        "place": "pod",
        "certainty": "certain",
        "file": "c/templates/pod.yaml",
        "line": 8,
        "pointer": "/spec/template/spec/initContainers/0/image",
        "events": [],
        "fault": "",
    }
    assert rows[3]["events"] == ["pre-install", "pre-upgrade"]


def test_images_in_yaml_and_csv_say_the_same_as_in_json(run: Run) -> None:
    rows = json.loads(run("c", "--format", "json")[1])["images"]
    assert load_values(run("c", "--format", "yaml")[1], NEWEST) == {"images": rows}
    table = list(csv.DictReader(io.StringIO(run("c", "--format", "csv")[1])))
    assert [row["image"] for row in table] == [row["image"] for row in rows]
    assert list(table[0]) == list(rows[0])
    assert (table[0]["line"], table[3]["events"]) == ("8", "pre-install pre-upgrade")
    assert run("c", "--format", "csv", "--kind", "None")[1].rstrip() == ",".join(rows[0])
    table = list(csv.DictReader(io.StringIO(run("c", "--format", "csv", "--unrendered")[1])))
    assert (table[-1]["image"], table[-1]["switches"]) == ("ghcr.io/x/extra:3", "extra.enabled")


def test_images_in_markdown_are_a_table(run: Run) -> None:
    assert run("c", "--format", "markdown", "--kind", "Job")[1] == (
        "| image | resource | container | note |\n"
        "| --- | --- | --- | --- |\n"
        "| quay.io/team/job:2 | Job/migrate | job | hook: pre-install, pre-upgrade |\n"
    )


def test_images_with_policy_fill_in_what_kubernetes_would(run: Run) -> None:
    rows = json.loads(run("c", "--format", "json", "--policy")[1])["images"]
    assert [(row["policy"], row["policy_default"]) for row in rows] == [
        ("Always", True),
        ("Always", False),
        ("", False),
        ("IfNotPresent", True),
    ]
    assert "busybox  Deployment/web  init  Always (default)\n" in run("c", "--policy", "--registry", "docker.io")[1]


def test_images_with_keys_name_what_supplies_them(run: Run) -> None:
    rows = json.loads(run("c", "--format", "json", "--keys")[1])["images"]
    assert [row["keys"] for row in rows] == [[], ["image"], [], []]
    line = "registry.example.com/team/app:1.0  Deployment/web  app  from image\n"
    assert run("c", "--keys", "--registry", "registry.example.com")[1] == line


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("busybox", "skopeo inspect docker://docker.io/library/busybox"),
        ("r.example.com:5000/a/b:1", "skopeo inspect docker://r.example.com:5000/a/b:1"),
        (f"r.example.com/a/b:1@{DIGEST}", f"skopeo inspect docker://r.example.com/a/b@{DIGEST}"),
        ("myacr.azurecr.io/a/server:1", "az acr repository show-tags --name myacr --repository a/server"),
        (f"myacr.azurecr.io/a@{DIGEST}", f"az acr manifest show --registry myacr --name a@{DIGEST}"),
        ("gcr.io/my-project/server:v1", "gcloud container images list-tags gcr.io/my-project/server --filter=tags=v1"),
        (
            "us-central1-docker.pkg.dev/p/r/i:v1",
            "gcloud artifacts docker tags list us-central1-docker.pkg.dev/p/r/i --filter=tag=v1",
        ),
        (
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/conductor-server:5.2.42",
            "aws ecr describe-images --repository-name conductor-server --image-ids imageTag=5.2.42"
            " --registry-id 123456789012 --region us-east-1",
        ),
    ],
)  # fmt: skip
def test_images_with_check_commands_speak_the_providers_words(run: Run, image: str, command: str) -> None:
    words = ("c", "--set", f"image={image}", "--check-commands", "--certainty", "certain", "--kind", "Deployment")
    assert command in run(*words)[1].splitlines()
    rows = json.loads(run(*words, "--format", "json")[1])["images"]
    assert rows[1]["check"] == command


def test_images_unrendered_names_the_switch(run: Run) -> None:
    out = run("c", "--unrendered", "--registry", "ghcr.io")[1]
    assert out == "ghcr.io/x/extra:3  if extra.enabled is set\n"
    rows = json.loads(run("c", "--unrendered", "--format", "json")[1])["unrendered"]
    assert rows == [
        {
            "image": "ghcr.io/x/extra:3",
            "canonical": "ghcr.io/x/extra:3",
            "certainty": "likely",
            "switches": ["extra.enabled"],
            "described": "",
        }
    ]


def test_images_say_why_a_text_is_no_reference(run: Run) -> None:
    out = run("c", "--set", "image=https://a.example.com/x", "--certainty", "certain")[1]
    assert "https://a.example.com/x  Deployment/web  app   invalid reference format\n" in out


def test_images_of_a_target_take_its_chart_values_and_release(run: Run) -> None:
    Path("chartkit.yaml").write_text("targets:\n- {name: prod, chart: c, values: prod.yaml, set: [a=1], release: r}\n")
    Path("prod.yaml").write_text("image: prod.example.com/app:1\n")
    code, out, err = run("--target", "prod", "--format", "plain", "--registry", "prod.example.com")
    assert (code, out, err) == (0, "prod.example.com/app:1\n", "")
    assert run("--target", "stage")[0] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--format", "xml"], 'unknown format "xml": must be one of text, json, yaml, csv, markdown, plain'),
        (["--certainty", "sure"], 'unknown certainty "sure": must be one of certain, likely, possible'),
        (["--target", "prod"], "there is no configuration that could have a target prod"),
    ],
)
def test_images_refuses_what_it_does_not_know(run: Run, words: list[str], message: str) -> None:
    code, out, err = run("c", *words)
    assert (code, out) == (2, "")
    assert f"Error: {message}\n" in err


def test_images_of_a_chart_that_does_not_render_is_no_empty_list(run: Run) -> None:
    Path("c/templates/bad.yaml").write_text('{{ fail "no" }}')
    code, out, _ = run("c")
    assert (code, out) == (2, "")


def test_images_answers_the_questions_of_the_registry_guide(run: Run) -> None:
    """The checks that the guide does with grep, on its first pattern."""
    names = [
        "myregistry.example.com/myorg/orkes-conductor-server:5.2.42",
        "myregistry.example.com/myorg/orkes-conductor-workers:5.2.42",
    ]
    values = str(ORKES / "p1-global-registry.yaml")
    assert [line.split()[0] for line in run(values)[1].splitlines()] == names
    assert run(values, "--format", "plain")[1].splitlines() == names
    assert [line.split()[-1] for line in run(values, "--policy")[1].splitlines()] == ["Always", "Always"]
