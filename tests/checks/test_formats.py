from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.report import Outcome, Report, joined
from chartkit.checks.rules import RULES
from chartkit.images.use import Resource
from chartkit.source import Position, Source

VALUES = Source("env/prod,eu.yaml", "image:\n  tag: latest\n")
FLAG = Source("--set", "image.tag=5")
FINDINGS = (
    Finding(
        "CK101",
        Severity.ERROR,
        "x|y:latest has 100%\nof <it>",
        image="x:latest",
        file="env/prod,eu.yaml",
        position=Position(VALUES, 14),
        fix="Pin it.",
        resource=Resource("Deployment", "server"),
        container="server",
        key="image.tag",
        chart="app",
        target="prod",
    ),
    Finding("CK105", Severity.WARNING, "moves", file="app/templates/a b.yaml", chart="app", target="prod"),
    Finding("CK115", Severity.INFO, "a \x01 number", file="app/Chart.yaml", position=Position(FLAG, 0), target="dev"),
)
REPORT = Report(FINDINGS, (Outcome("prod", "2 images checked"), Outcome("qa", "1 images checked")))


def test_every_format_is_there_and_takes_an_empty_report() -> None:
    for form in FORMATS:
        assert isinstance(write(Report(()), form), str)
    with pytest.raises(KeyError):
        write(REPORT, "html")


def test_the_exit_code_follows_the_level() -> None:
    assert REPORT.exit_code == 1
    assert Report(FINDINGS[1:]).exit_code == 0
    assert Report(FINDINGS[1:], fail_level=Severity.WARNING).exit_code == 1
    assert Report((), is_broken=True).exit_code == 2
    assert joined([Report(FINDINGS[:1]), Report((), is_broken=True)]).exit_code == 2


def test_text_puts_the_place_first() -> None:
    assert write(REPORT, "text") == (
        "env/prod,eu.yaml:2:8: error CK101: x|y:latest has 100%\nof <it>\n"
        "    target: prod\n    in: Deployment/server, container server\n    key: image.tag\n    fix: Pin it.\n"
        "app/templates/a b.yaml: warning CK105: moves\n    target: prod\n"
        "--set image.tag=5: info CK115: a \x01 number\n    target: dev\n"
        "\nprod: 2 images checked\nqa: 1 images checked\n1 error, 1 warning, 1 info\n"
    )


def test_json_has_every_field_of_every_finding() -> None:
    content = json.loads(write(REPORT, "json"))
    assert (content["version"], content["exitCode"]) == (1, 1)
    assert content["counts"] == {"error": 1, "warning": 1, "info": 1}
    first, second, third = content["findings"]
    assert first.keys() == second.keys() == third.keys()
    assert (first["file"], first["line"], first["column"], first["key"]) == ("env/prod,eu.yaml", 2, 8, "image.tag")
    assert (third["file"], third["line"]) == ("app/Chart.yaml", None)


def test_sarif_has_the_structure_of_the_standard() -> None:
    log = json.loads(write(REPORT, "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["chartkit/v1"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0]["region"] == {"startLine": 2, "startColumn": 8}
    assert "region" not in places[1]
    assert [place["artifactLocation"]["uri"] for place in places] == [
        "env/prod%2Ceu.yaml",
        "app/templates/a%20b.yaml",
        "app/Chart.yaml",
    ]


def test_fingerprints_stay_when_lines_move_and_differ_between_findings() -> None:
    moved = Finding(**{**_fields(FINDINGS[0]), "position": Position(Source("env/prod,eu.yaml", "#\n" * 9), 9)})
    assert moved.fingerprint == FINDINGS[0].fingerprint
    assert len({each.fingerprint for each in FINDINGS}) == 3


def _fields(finding: Finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in Finding.__slots__}


def test_junit_reads_back() -> None:
    root = ElementTree.fromstring(write(REPORT, "junit"))
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["prod", "dev", "qa"]
    assert [suite.get("tests") for suite in root] == ["2", "1", "1"]
    assert [suite.get("failures") for suite in root] == ["1", "0", "0"]
    failure = suites["prod"][0].find("failure")
    assert failure is not None
    assert failure.get("type") == "CK101"
    assert "x|y:latest has 100%" in (failure.text or "")
    assert suites["dev"][0].findtext("system-out") == "info: --set image.tag=5: a \ufffd number"
    assert suites["qa"][0].get("name") == "1 images checked"


def test_github_commands_are_escaped_and_the_worst_comes_first() -> None:
    report = Report(tuple(reversed(FINDINGS)))
    assert write(report, "github").splitlines() == [
        "::error file=env/prod%2Ceu.yaml,line=2,endLine=2,col=8,title=chartkit CK101::"
        "x|y:latest has 100%25%0Aof <it> (in Deployment/server, container server)%0APin it.",
        "::warning file=app/templates/a b.yaml,title=chartkit CK105::moves",
        "::notice file=app/Chart.yaml,title=chartkit CK115::a \x01 number",
    ]


def test_markdown_escapes_cells_and_stays_below_the_limit() -> None:
    text = write(REPORT, "markdown")
    assert text.startswith("### chartkit: failed, 1 error, 1 warning, 1 info\n\n- prod: 2 images checked\n")
    assert (
        "| error | CK101 | `env/prod,eu.yaml:2:8` | x\\|y:latest has 100% of \\<it\\><br>in Deployment/server" in text
    )
    long = Report((Finding("CK101", Severity.ERROR, "x" * 10_000),) * 200)
    assert len(write(long, "markdown")) < 1_000_000
    assert write(long, "markdown").endswith("more\n")
