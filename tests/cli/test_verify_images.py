"""The answers of the registry guide's own checks, and what the command says of targets, failures and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[2]
ORKES = ROOT / "fixtures" / "orkes"

_FILES = {
    "c/Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
    "c/values.yaml": "registry: quay.io/org\nhost: h\n",
    "c/templates/t.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    "spec:\n  containers:\n  - {name: a, image: '{{ .Values.registry }}/a:1', "
    "env: [{name: X, value: {{ required \"host is needed\" .Values.host | quote }}}]}\n",
    "ours.yaml": "registry: r.example.com/team\n",
    "theirs.yaml": "registry: quay.io/theirs\n",
    "no-host.yaml": "registry: r.example.com/team\nhost: ''\n",
    "targets.yaml": "chart: c\nexpect: r.example.com\ntargets:\n"
    "- {name: ours, values: [ours.yaml]}\n- {name: theirs, values: [theirs.yaml]}\n"
    "- {name: other, values: [theirs.yaml], expect: quay.io}\n",
}  # fmt: skip


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit verify-images`; gives the exit code and both outputs."""

    def verify(*words: str | Path) -> tuple[int, str, str]:
        code = main(["verify-images", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return verify


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a chart, as the working directory."""
    (tmp_path / ".git").mkdir()
    for name, text in _FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_both_images_of_pattern_one_match(run: Run) -> None:
    code, out, _ = run(ORKES / "p1-global-registry.yaml", "--expect", "myregistry.example.com")
    assert (code, out) == (0, "2/2 images match\n")


def test_mixed_registries_fail_and_name_the_servers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ORKES)
    code, out, _ = run("mixed-public-and-private.yaml", "--expect", "myregistry.example.com")
    assert code == 1
    assert out == (
        "mixed-public-and-private.yaml:8:17: error CK001: orkesio/orkes-conductor-server:5.2.42 is from docker.io, "
        "expected is myregistry.example.com\n"
        "    in: Deployment/release-name-orkes-conductor-server, container server\n"
        "    key: server.image.registry\n"
        "    fix: Set server.image.registry or global.image.registry, or allow it with --allow "
        "docker.io/orkesio/orkes-conductor-server.\n"
        "\n1/2 images match\n1 error\n"
    )


def test_a_repository_may_be_added_and_one_image_allowed(run: Run) -> None:
    mixed = ORKES / "mixed-public-and-private.yaml"
    assert run(mixed, "--expect", "myregistry.example.com", "--expect", "docker.io/orkesio")[0] == 0
    code, out, _ = run(mixed, "--expect", "myregistry.example.com", "--allow", "orkesio/orkes-conductor-server")
    assert (code, out) == (0, "2/2 images match (1 allowed)\n")


@pytest.mark.parametrize(("count", "code"), [("2", 0), ("3", 1)])
def test_count_replaces_counting_lines(run: Run, count: str, code: int) -> None:
    values = ORKES / "p1-global-registry.yaml"
    assert run(values, "--expect", "myregistry.example.com", "--count", count)[0] == code
    assert run(values, "--count", count)[0] == code


@pytest.mark.parametrize("fixture", ["e01", "e05", "e06", "e10", "e11", "e13", "e16"])
def test_what_is_no_reference_never_matches(run: Run, fixture: str) -> None:
    (values,) = ORKES.glob(f"{fixture}-*.yaml")
    code, out, _ = run(values, "--expect", "docker.io", "--expect", "a.example.com")
    assert code == 1
    assert "error CK003" in out


@pytest.mark.parametrize("fixture", ["e09", "e14", "e15", "secrets-incomplete"])
def test_a_chart_that_does_not_render_is_a_failure_of_its_own_kind(run: Run, fixture: str) -> None:
    (values,) = ORKES.glob(f"{fixture}-*.yaml")
    code, out, err = run(values, "--expect", "docker.io")
    assert (code, out) == (2, "not rendered\n")
    assert "\nError: " in err


def test_machines_are_told_of_the_failure_too(run: Run) -> None:
    values = ORKES / "e15-registry-list.yaml"
    content = json.loads(run(values, "--expect", "docker.io", "--format", "json")[1])
    assert (content["exitCode"], [each["rule"] for each in content["findings"]]) == (2, ["CK005"])
    suites = ElementTree.fromstring(run(values, "--expect", "docker.io", "--format", "junit")[1])
    assert suites[0].get("failures") == "1"


def test_lenient_goes_on_and_reports_what_the_chart_refused(run: Run, folder: Path) -> None:
    words = ("no-host.yaml", "--chart", "c", "--expect", "r.example.com")
    assert run(*words)[0] == 2
    code, out, _ = run(*words, "--lenient")
    assert code == 1
    assert out == (
        "c/Chart.yaml: error CK004: the chart refuses its values: host is needed\n"
        "    fix: Give the value that the chart asks for.\n\n1/1 images match\n1 error\n"
    )
    assert run("ours.yaml", "--chart", "c", "--expect", "r.example.com", "--lenient")[0] == 0


def test_without_values_all_targets_are_checked_each_against_its_own(run: Run, folder: Path) -> None:
    (folder / "targets.yaml").rename("chartkit.yaml")
    code, out, _ = run()
    assert code == 1
    assert "theirs.yaml:1:11: error CK001: quay.io/theirs/a:1 is from quay.io, expected is r.example.com" in out
    assert out.endswith("\nours: 1/1 images match\ntheirs: 0/1 images match\nother: 1/1 images match\n1 error\n")


def test_a_target_can_be_named(run: Run, folder: Path) -> None:
    (folder / "targets.yaml").rename("chartkit.yaml")
    assert run("--target", "ours")[:2] == (0, "ours: 1/1 images match\n")


def test_a_target_that_does_not_render_does_not_keep_the_others_from_being_checked(run: Run, folder: Path) -> None:
    (folder / "chartkit.yaml").write_text(
        "chart: c\nexpect: r.example.com\n"
        "targets: [{name: a, values: [no-host.yaml]}, {name: b, values: [ours.yaml]}]\n"
    )
    code, out, err = run()
    assert (code, out) == (2, "a: not rendered\nb: 1/1 images match\n")
    assert "a: Error: execution error at" in err


def test_without_targets_the_chart_found_is_checked(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "c")
    assert run("--expect", "quay.io/org")[:2] == (0, "1/1 images match\n")


def test_the_configuration_can_switch_the_rule_off(run: Run, folder: Path) -> None:
    (folder / "chartkit.yaml").write_text("chart: c\nexpect: r.example.com\nrules: {CK001: off}\n")
    assert run("theirs.yaml")[:2] == (0, "0/1 images match\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "there is nothing to verify"),
        (("--expect", "https://r.example.com"), "https://r.example.com: a registry has no scheme"),
        (("--expect", "r.example.com", "--fail-on", "maybe"), 'unknown fail-on "maybe"'),
        (("--expect", "r.example.com", "--format", "html"), 'unknown format "html"'),
        (("--expect", "r.example.com", "--count", "x"), 'invalid argument "x" for "--count" flag'),
    ],
)
def test_bad_usage_exits_with_two(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run(ORKES / "defaults.yaml", *words)
    assert (code, out) == (2, "")
    assert said in err
