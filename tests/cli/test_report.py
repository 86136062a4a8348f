from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

CANARY = "c4n4ry"
CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\nappVersion: '9'\n",
    "c/values.yaml": "image: {registry: quay.io, repository: acme/web, tag: ''}\nfail: false\nlogin: {password: ''}\n",
    "c/templates/pod.yaml": """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  imagePullSecrets: [{name: pull}]
  containers:
    - name: web
{{- if .Values.fail }}{{ fail (printf "no %s" .Values.login.password) }}{{ end }}
{{- with .Values.login }}
      # {{ .password }} {{ .dsn }} {{ .plain }}
      image: {{ if and .password .token .dsn .plain .config .key }}{{ end -}}
        {{ with $.Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
      args: ["--password={{ .Values.login.password }}", "--sidecar=quay.io/acme/sidecar:1"]
{{- if .Values.login.config }}
---
apiVersion: v1
kind: Secret
metadata: {name: pull}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: {{ .Values.login.config | quote }}
{{- end }}
""",
    "v.yaml": "image: {tag: '1'}\n",
    "w.yaml": "image: {tag: '2'}\n",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit report --chart c`; gives the exit code and both outputs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / ".git").mkdir()
    for name, text in CHART.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)

    def report(*words: str, chart: bool = True) -> tuple[int, str, str]:
        code = main(["report", *(("--chart", "c") if chart else ()), *words])
        out, err = capfd.readouterr()
        return code, out, err

    return report


@pytest.mark.parametrize(
    ("name", "begin"), [("r.html", "<!DOCTYPE html>"), ("r.md", "## ✅ Ready"), ("r.json", '{\n  "version": 1')]
)
def test_report_writes_a_file_in_the_format_of_its_name(run: Run, name: str, begin: str) -> None:
    code, out, err = run("v.yaml", "-o", f"new/{name}", "--expect", "quay.io")
    assert (code, out) == (0, "")
    assert Path("new", name).read_text().startswith(begin)
    assert f"new/{name}: Ready to sign off" in err


def test_report_prints_what_has_no_file(run: Run) -> None:
    assert run("v.yaml")[1].startswith("<!DOCTYPE html>")
    assert run("v.yaml", "--format", "markdown", "-o", "-")[1].startswith("## ✅")


def test_report_fails_on_an_image_from_elsewhere_and_is_written(run: Run) -> None:
    code, _, err = run("v.yaml", "--expect", "docker.io", "-o", "r.html")
    assert code == 1
    assert "r.html: Not ready to sign off: 2 errors" in err
    assert "CK001" in Path("r.html").read_text()


@pytest.mark.parametrize(("level", "expected"), [("error", 0), ("warning", 1)])
def test_report_fails_on_what_it_is_told(run: Run, level: str, expected: int) -> None:
    assert run("--set", "image.tag=latest", "--fail-on", level)[0] == expected


def test_report_says_what_it_was_made_of(run: Run) -> None:
    render = json.loads(run("v.yaml", "--set", "image.tag=3", "--format", "json", "--namespace", "n", "--seed", "1")[1])
    about = render["renders"][0]
    assert (about["chart"], about["version"], about["subject"], about["namespace"]) == ("c", "0.1.0", "c", "n")
    assert about["values"] == ["v.yaml"]
    assert about["flags"] == ["--set image.tag=3", "--seed 1"]
    assert (render["helm"], render["made"]) == ("v4.3.1", "")


def test_report_has_a_time_only_if_it_is_given(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("v.yaml")
    assert run("v.yaml") == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "1970-01-02 00:00:00 UTC" in run("v.yaml")[1]
    for wrong in ("soon", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert run("v.yaml")[0] == 2


def test_report_compares_with_other_values(run: Run) -> None:
    both = json.loads(run("v.yaml", "--compare", "w.yaml", "--format", "json")[1])["comparison"]
    assert (both["before"], both["after"], both["same"]) == ("w.yaml", "v.yaml", 1)
    assert [(each["kind"], each["before"], each["after"]) for each in both["changes"]] == [
        ("retagged", "quay.io/acme/web:2", "quay.io/acme/web:1")
    ]


def test_report_compares_with_several_files_together(run: Run) -> None:
    Path("x.yaml").write_text("image: {registry: r.io}\n")
    both = json.loads(run("v.yaml", "--compare", "w.yaml,x.yaml", "--format", "json")[1])["comparison"]
    assert [each["before"] for each in both["changes"]] == ["r.io/acme/web:2"]


def test_report_is_about_all_targets(run: Run) -> None:
    Path("chartkit.yaml").write_text(
        "chart: c\nexpect: quay.io\n"
        "targets: [{name: a, values: [v.yaml]}, {name: b, values: [w.yaml], expect: [r.io]}]\n"
    )
    code, out, _ = run("--format", "json", chart=False)
    page = json.loads(out)
    assert code == 1
    assert [(each["target"], each["outcome"]) for each in page["renders"]] == [
        ("a", "2/2 images match"),
        ("b", "0/2 images match"),
    ]
    assert [(each["target"], each["standing"]) for each in page["images"]] == [
        *[("a", "expected")] * 2,
        *[("b", "elsewhere")] * 2,
    ]
    assert "<b>a</b>: 2/2 images match" in run(chart=False)[1]


def test_report_of_one_target_against_another(run: Run) -> None:
    Path("chartkit.yaml").write_text("chart: c\ntargets: [{name: a, values: [v.yaml]}, {name: b, values: [w.yaml]}]\n")
    code, _, err = run("--compare", "@b", chart=False)
    assert (code, "--compare wants one render" in err) == (2, True)
    both = json.loads(run("--target", "a", "--compare", "@b", "--format", "json", chart=False)[1])["comparison"]
    assert [each["kind"] for each in both["changes"]] == ["retagged"]


def test_report_on_what_is_no_chart(run: Run) -> None:
    Path("Dockerfile").write_text("FROM quay.io/a/b:1\n")
    code, out, _ = run("Dockerfile", "--expect", "docker.io", "--format", "json", chart=False)
    page = json.loads(out)
    assert (code, page["renders"][0]["subject"]) == (1, "Dockerfile")
    assert [(each["text"], each["is_rendered"], each["spot"]["line"]) for each in page["images"]] == [
        ("quay.io/a/b:1", False, 1)
    ]
    assert run("Dockerfile", "--compare", "v.yaml", chart=False)[0] == 2


def test_report_counts_texts_that_are_less_sure_on_demand(run: Run) -> None:
    sure = json.loads(run("--certainty", "certain", "--format", "json")[1])
    assert [each["text"] for each in sure["images"]] == ["quay.io/acme/web:9"]
    assert any("possibly" in each for each in sure["verdict"]["cautions"])


def test_report_knows_secrets_of_the_cluster(run: Run) -> None:
    Path("config.json").write_text(json.dumps({"auths": {"quay.io": {"auth": b64encode(b"u:p").decode()}}}))
    before, after = (
        [each["verdict"] for each in json.loads(run(*more, "--format", "json")[1])["pulls"]]
        for more in ((), ("--secret", "config.json"))
    )
    assert (before, after) == (["external"], ["covered"])


def test_report_says_why_a_chart_does_not_render(run: Run) -> None:
    code, _, err = run("--set", "fail=true", "--set", f"login.password={CANARY}", "-o", "r.html")
    text = Path("r.html").read_text()
    assert code == 2
    assert "Cannot be judged: the chart could not be rendered" in text
    assert CANARY not in text + err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nope.yaml",), "no such file"),
        (("--format", "pdf"), "unknown format"),
        (("--certainty", "some"), "unknown certainty"),
        (("--fail-on", "all"), "unknown fail-on"),
        (("--compare", "nope.yaml"), "nope.yaml"),
        (("--secret", "nope.json"), "nope.json"),
    ],
)
def test_report_leaves_the_file_alone_where_the_words_make_no_sense(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    Path("r.html").write_text("old")
    code, out, err = run(*words, "-o", "r.html")
    assert (code, out, Path("r.html").read_text()) == (2, "", "old")
    assert told in err


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_report_shows_no_secret(run: Run, form: str) -> None:
    config = json.dumps({"auths": {"quay.io": {"username": "u", "password": f"{CANARY}1"}}})
    login = {
        "password": f"{CANARY}2",
        "token": f"{CANARY}3",
        "dsn": f"postgres://u:{CANARY}4@db/x",
        "plain": f"{CANARY}5",
        "config": config,
        "key": f"-----BEGIN PRIVATE KEY-----\n{CANARY}6\n-----END PRIVATE KEY-----",
    }
    Path("s.yaml").write_text(json.dumps({"login": login}))
    flags = (f"login.apiKey={CANARY}7", f"other={CANARY}8", "image.tag=2")
    code, out, err = run("s.yaml", *(word for flag in flags for word in ("--set", flag)), "--format", form)
    assert (code, "CK122" in out, "login.password" in out) == (0, True, True)
    encoded = b64encode(f"u:{CANARY}1".encode()).decode()[3:-4]
    assert not re.search(f"{CANARY}|{encoded}", out + err)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_report_shows_no_secret_of_other_values(run: Run, form: str) -> None:
    Path("s.yaml").write_text(
        json.dumps({"login": {"password": f"{CANARY}1", "plain": f"{CANARY}2"}, "image": {"tag": "5"}})
    )
    _, out, err = run("v.yaml", "--compare", "s.yaml", "--format", form)
    assert "quay.io/acme/web:5" in re.sub(r"<[^>]*>", "", out)
    assert CANARY not in out + err
