from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ORKES = Path(__file__).parents[2] / "fixtures/orkes"

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {version: "{{ .Values.image.tag }}"}}
spec:
  containers:
  - name: app
    image: {{ include "image" . }}
  - name: fixed
    image: quay.io/team/side:1
"""
_IMAGE = """\
{{- define "image" -}}
{{ .Values.image.registry | default .Values.global.registry }}/{{ .Values.image.name }}:{{ .Values.image.tag }}
{{- end -}}
"""
_VALUES = (
    "global: {registry: r.example.com}\nimage: {registry: '', name: team/app, tag: '1.0'}\nextra: {enabled: false}\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit explain` on a chart `c`; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    files = {
        "c/Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
        "c/values.yaml": _VALUES,
        "c/templates/pod.yaml": _POD,
        "c/templates/_image.tpl": _IMAGE,
        "c/templates/extra.yaml": "{{ if .Values.extra.enabled }}{{ .Values.extra.text }}{{ end }}",
        "c/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\n",
        "prod.yaml": "global:\n  registry: prod.example.com\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def explain(*words: str) -> tuple[int, str, str]:
        code = main(["explain", "--chart", "c", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return explain


def _json(run: Run, *words: str) -> dict[str, Any]:
    code, out, _ = run("--format", "json", *words)
    assert code == 0
    content = json.loads(out)
    assert isinstance(content, dict)
    return content


def test_explain_prints_the_chain_and_the_way_of_a_part(run: Run) -> None:
    code, out, err = run("prod.yaml", "--image", "team/app", "--part", "registry")
    assert (code, err) == (0, "chart: c (from --chart)\n")
    assert out.splitlines() == [
        "prod.example.com/team/app:1.0",
        "  Pod/web, container app, demo/templates/pod.yaml:7 as rendered",
        '  registry: image.registry "" -> global.registry "prod.example.com" (won)',
        "    image.registry   empty  chart default  c/values.yaml:2:19",
        "    global.registry  won    -f prod.yaml   prod.yaml:2:13",
        "    written by    c/templates/_image.tpl:2:4  {{ .Values.image.registry | default .Values.global.registry }}"
        "/{{ .Values.image.name }}:{{ .Values.image.tag }}",
        "    reached from  c/templates/pod.yaml:7:15",
    ]


def test_explain_says_what_is_the_templates_own_text(run: Run) -> None:
    out = run("--image", "side")[1]
    assert '  registry: "quay.io", the template\'s own text\n' in out
    assert "digest" not in out


def test_explain_answers_the_question_of_the_registry_guide(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    chart = Path(__file__).parents[2] / "charts/orkes-conductor"
    assert main(["explain", str(chart), str(ORKES / "p1-global-registry.yaml"), "--image", "server"]) == 0
    out = capfd.readouterr()[0]
    line = '  registry: server.image.registry "" -> global.image.registry "myregistry.example.com" (won)\n'
    assert line in out


def test_explain_in_json_has_all_parts_and_fields(run: Run) -> None:
    content = _json(run, "prod.yaml", "--image", "team/app")
    assert list(content) == ["images"]
    (row,) = content["images"]
    assert row["image"] == "prod.example.com/team/app:1.0"
    assert list(row["parts"]) == ["registry", "repository", "tag", "digest"]
    assert row["parts"]["tag"] == {
        "text": "1.0",
        "keys": [
            {
                "path": "image.tag",
                "layer": "chart default",
                "copied": True,
                "file": "c/values.yaml",
                "line": 2,
                "column": 44,
            }
        ],
        "consulted": [
            {
                "path": "image.tag",
                "held": "value",
                "shown": "1.0",
                "layer": "chart default",
                "won": True,
                "beside": False,
                "file": "c/values.yaml",
                "line": 2,
                "column": 44,
            }
        ],
        "template": [
            {
                "file": "c/templates/_image.tpl",
                "line": 2,
                "column": _IMAGE.splitlines()[1].index(".Values.image.tag") + 1,
                "text": _IMAGE.splitlines()[1],
            },
            {"file": "c/templates/pod.yaml", "line": 7, "column": 15, "text": 'image: {{ include "image" . }}'},
        ],
    }
    assert row["parts"]["digest"]["text"] == ""


@pytest.mark.parametrize(
    ("words", "images"),
    [
        ([], ["r.example.com/team/app:1.0", "quay.io/team/side:1"]),
        (["--image", "quay"], ["quay.io/team/side:1"]),
        (["--image", "fixed"], ["quay.io/team/side:1"]),
        (["--resource", "pod/web"], ["r.example.com/team/app:1.0", "quay.io/team/side:1"]),
    ],
)
def test_explain_takes_the_images_that_are_asked_for(run: Run, words: list[str], images: list[str]) -> None:
    assert [row["image"] for row in _json(run, *words)["images"]] == images


def test_explain_of_an_image_that_is_no_reference_has_one_part(run: Run) -> None:
    (row,) = _json(run, "--set", "image.tag=a b", "--image", "team/app")["images"]
    assert list(row["parts"]) == ["whole"]
    assert [key["path"] for key in row["parts"]["whole"]["keys"]] == ["global.registry", "image.name", "image.tag"]


def test_explain_of_a_key_tells_what_it_reaches(run: Run) -> None:
    code, out, _ = run("--key", ".Values.image.tag", "--set-string", "image.tag=2")
    assert code == 0
    assert out.splitlines() == [
        'image.tag "2": --set-string, --set-string:1:11',
        "images",
        "  r.example.com/team/app:2  Pod/web  app  tag",
        "other lines with its value",
        '  demo/templates/pod.yaml:3  metadata: {name: web, labels: {version: "2"}}',
    ]
    content = _json(run, "--key", "image.tag")
    assert [(row["supplies"], row["decides"]) for row in content["images"]] == [(["tag"], ["digest"])]
    assert content["fields"][0]["line"] == 3


def test_explain_of_a_key_that_only_decides_says_so(run: Run) -> None:
    assert run("--key", "image.registry")[1].splitlines() == [
        'image.registry "": chart default, c/values.yaml:2:19',
        "images",
        "  r.example.com/team/app:1.0  Pod/web  app  decides registry",
    ]
    assert run("--key", "extra")[1].splitlines() == [
        "extra",
        "other lines that it decides on",
        "  demo/templates/extra.yaml:1  (nothing)",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--key", "extra.text", "--set", "extra.text=x"], "what reads it is not reached"),
        (["--key", "image.tagg", "--set", "image.tagg=1"], "image.tagg is never read; did you mean image.tag?"),
    ],
)
def test_explain_of_a_key_that_nothing_reads_says_why(run: Run, words: list[str], told: str) -> None:
    code, out, _ = run(*words)
    assert (code, told in out) == (0, True)
    assert _json(run, *words)["read"] is False


def test_explain_names_unread_keys_and_on_verbose_those_that_are_all_right(run: Run) -> None:
    Path("mine.yaml").write_text("image:\n  registries: x\nextra:\n  text: y\n")
    wrong = "mine.yaml:2:3: image.registries is never read; did you mean image.registry?\n"
    known = "mine.yaml:4:3: extra.text is never read with these values: what reads it is not reached\n"
    assert run("mine.yaml", "--unread")[:2] == (0, wrong)
    assert run("mine.yaml", "--unread", "--verbose")[:2] == (0, wrong + known)
    assert run("mine.yaml")[1].endswith(f"\nNothing reads\n{wrong}")
    assert _json(run, "mine.yaml", "--unread") == {
        "unread": [
            {
                "key": "image.registries",
                "layer": "-f mine.yaml",
                "file": "mine.yaml",
                "line": 2,
                "column": 3,
                "known": "",
                "meant": "image.registry",
            }
        ]
    }


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["--image", "sidee"], "no image has sidee in it", "did you mean side?"),
        (["--resource", "Pod/wob"], "nothing that is rendered is called Pod/wob", "did you mean Pod/web?"),
        (["--resource", "ConfigMap/cm"], "ConfigMap/cm has no image", ""),
        (["--resource", "web"], "--resource wants KIND/NAME, such as Deployment/web, not web", ""),
        (["--key", "image.tagg"], "the chart has no key image.tagg", "did you mean image.tag?"),
        (["--part", "host"], 'unknown part "host": must be one of registry, repository, tag, digest', ""),
        (["--format", "xml"], 'unknown format "xml": must be one of text, json', ""),
        (["--key", "a", "--image", "b"], "one question at a time: --image and --key", ""),
    ],
)
def test_explain_refuses_what_it_does_not_know(run: Run, words: list[str], message: str, hint: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert f"Error: {message}\n" in err
    assert not hint or f"hint: {hint}\n" in err


def test_explain_tells_no_password_that_a_template_looks_at(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c/templates").mkdir(parents=True)
    (tmp_path / "c/Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tmp_path / "c/values.yaml").write_text("db: {password: hunter2}\nimage: {repository: nginx, tag: '1'}\n")
    (tmp_path / "c/templates/p.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: "
        "{{ with .Values.db }}{{ if .password }}{{ $.Values.image.repository }}:1{{ end }}{{ end }}\n"
    )
    (tmp_path / "c/templates/s.yaml").write_text(
        "# a comment\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  p: "
        "{{ .Values.db.password | b64enc }}\n"
    )
    for words in ((), ("--format", "json"), ("--key", "db.password"), ("--key", "db")):
        assert main(["explain", str(tmp_path / "c"), *words]) == 0
        out, err = capfd.readouterr()
        assert "db" in out
        assert "hunter2" not in out + err
        assert "aHVudGVyMg" not in out
