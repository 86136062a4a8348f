"""What the rules say of the registry guide's patterns and mistakes on the bundled chart."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[2]
ORKES = ROOT / "fixtures" / "orkes"
# Not about the mistake at hand: Docker Hub is used by default, and fixtures name no pull secret.
_ASIDE = {"CK120", "CK127"}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit lint`; gives the exit code and both outputs."""

    def lint(*words: str | Path) -> tuple[int, str, str]:
        code = main(["lint", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return lint


def found(run: Run, fixture: str, *words: str) -> tuple[int, set[str]]:
    (values,) = ORKES.glob(f"{fixture}.yaml")
    code, out, _ = run(values, "--format", "json", *words)
    return code, {each["rule"] for each in json.loads(out)["findings"]}


@pytest.mark.parametrize(
    ("fixture", "code", "rules"),
    [
        ("defaults", 0, set()),
        ("p1-global-registry", 0, {"CK105"}),
        ("p2-registry-per-component", 0, set()),
        ("p3-full-name-in-repository", 0, set()),
        ("production", 0, set()),
        ("production-registry", 0, set()),
        ("harbor", 0, set()),
        ("acr", 0, {"CK101", "CK105"}),
        ("development-registry", 0, {"CK101"}),
        ("e01-*", 1, {"CK102"}),
        ("e02-*", 0, set()),
        ("e03-*", 0, set()),
        ("e04-*", 0, {"CK114"}),
        ("e05-*", 1, {"CK113"}),
        ("e06-*", 1, {"CK113"}),
        ("e07-*", 0, {"CK110"}),
        ("e08-*", 0, {"CK115"}),
        ("e09-*", 2, {"CK005", "CK115"}),
        ("e10-*", 1, {"CK113"}),
        ("e11-*", 1, {"CK113"}),
        ("e12-*", 0, set()),
        ("e13-*", 1, {"CK113"}),
        ("e14-*", 2, {"CK005"}),
        ("e15-*", 2, {"CK005", "CK115"}),
        ("e16-*", 1, {"CK113"}),
        ("e17-*", 0, set()),
        ("policy-global", 0, {"CK105"}),
        ("method-1-global-list", 0, set()),
        ("method-2-image-credentials", 0, {"CK122"}),
        ("method-3-several-registries", 0, {"CK122"}),
        ("method-4-existing-secret", 0, set()),
        ("secrets-special-characters", 0, {"CK122"}),
        ("secrets-existing-custom", 0, {"CK121", "CK122"}),
        ("trust-store", 0, {"CK128"}),
    ],
)
def test_lint_knows_the_guides_patterns_and_mistakes(run: Run, fixture: str, code: int, rules: set[str]) -> None:
    exit_code, told = found(run, fixture)
    assert (exit_code, told - _ASIDE) == (code, rules)


def test_the_charts_own_values_are_clean(run: Run) -> None:
    code, out, _ = run("--chart", ROOT / "charts" / "orkes-conductor", "--format", "json", "--fail-on", "warning")
    assert (code, [each["rule"] for each in json.loads(out)["findings"]]) == (0, ["CK127"])


def test_production_makes_moving_tags_and_plain_secrets_errors(run: Run) -> None:
    assert found(run, "acr", "--profile", "prod")[0] == 1
    assert found(run, "method-2-image-credentials", "--profile", "prod")[0] == 1
    assert found(run, "p1-global-registry", "--profile", "prod")[0] == 0


def test_strict_makes_misspelt_keys_errors(run: Run) -> None:
    assert found(run, "e07-*", "--strict")[0] == 1


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on_says_what_counts(run: Run, level: str, code: int) -> None:
    assert found(run, "acr", "--fail-on", level)[0] == code


def test_a_finding_has_its_place_its_key_and_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, _ = run("fixtures/orkes/e05-slash-at-end.yaml")
    assert code == 1
    assert out == (
        "fixtures/orkes/e05-slash-at-end.yaml:4:15: error CK113: global.image.registry has a slash at its end: "
        "a.example.com//orkesio/orkes-conductor-server:5.2.42 is no image reference\n"
        "    in: Deployment/release-name-orkes-conductor-server, container server\n"
        "    key: global.image.registry\n"
        "    fix: Write the registry as host[:port][/path] without scheme and slash at its end, the repository in "
        "lower case and without tag.\n"
        "\n2 images checked\n1 error\n"
    )


def test_a_misspelt_key_is_named_with_the_one_that_is_meant(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ORKES)
    assert (
        "e07-misspelt-key.yaml:4:17: warning CK110: global.image.registries is never read; did you mean "
        "global.image.registry?\n"
    ) in run("e07-misspelt-key.yaml")[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a configuration for the bundled chart, as the working directory."""
    (tmp_path / ".git").mkdir()
    chart = ROOT / "charts" / "orkes-conductor"
    targets = "targets: [{name: dev, values: [a.yaml]}, {name: prod, values: [b.yaml]}]\n"
    (tmp_path / "chartkit.yaml").write_text(f"chart: {chart}\n{targets}", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("global: {image: {registry: quay.io/org, tag: latest}}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("global: {image: {registry: quay.io/org, tag: '5'}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_all_targets_are_checked_and_held_against_each_other(run: Run, folder: Path) -> None:
    code, out, _ = run()
    assert code == 0
    assert "a.yaml:1:46: warning CK101: quay.io/org/orkesio/orkes-conductor-server:latest has the tag latest\n" in out
    assert "info CK107: development and production share registry quay.io/org/orkesio\n" in out
    assert "dev: 2 images checked\nprod: 2 images checked\n" in out


def test_the_configuration_sets_levels(run: Run, folder: Path) -> None:
    with (folder / "chartkit.yaml").open("a", encoding="utf-8") as file:
        file.write("rules: {CK101: error, CK105: off, CK107: off}\n")
    code, out, _ = run()
    assert code == 1
    assert "error CK101" in out
    assert "CK105" not in out
    assert "CK107" not in out


def test_a_comment_keeps_a_rule_from_its_line(run: Run, folder: Path) -> None:
    (folder / "a.yaml").write_text(
        "global:\n  image:\n    registry: quay.io/org\n    tag: latest  # chartkit: ignore CK101, CK105\n"
    )
    assert "CK101" not in run("a.yaml")[1]


@pytest.mark.parametrize("words", [("--profile", "test"), ("--fail-on", "certain"), ("--format", "xml")])
def test_bad_usage_exits_with_two(run: Run, words: tuple[str, str]) -> None:
    code, out, err = run(ORKES / "defaults.yaml", *words)
    assert (code, out) == (2, "")
    assert "must be one of" in err
