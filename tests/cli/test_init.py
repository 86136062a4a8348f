from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartkit.cli.app import main
from chartkit.cli.init_files import HOOK_FILES, add_hooks, configuration
from chartkit.cli.repository import FoundChart, find_charts
from chartkit.config import load_config
from chartkit.version import __version__

Run = Callable[..., tuple[int, str]]

TOP = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a chart and values files, as the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    _write("deploy/app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 0.1.0\n")
    for name in ("values.yaml", "values-prod.yaml", "ci/small-values.yaml", "templates/values-map.yaml"):
        _write(f"deploy/app/{name}")
    return tmp_path


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit init`; gives the exit code and what it said."""

    def init(*words: str) -> tuple[int, str]:
        code = main(["init", *words])
        out, err = capfd.readouterr()
        assert out == ""
        return code, err

    return init


def _write(name: str, text: str = "") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _yaml(name: str) -> Any:
    return yaml.safe_load(Path(name).read_text(encoding="utf-8"))


def test_find_charts_passes_over_libraries_and_subcharts(root: Path) -> None:
    _write("deploy/app/charts/sub/Chart.yaml", "name: sub\n")
    _write("lib/Chart.yaml", "name: lib\ntype: library\n")
    _write(".cache/Chart.yaml", "name: hidden\n")
    _write("envs/values-stage.yaml")
    assert find_charts(Path()) == [
        FoundChart(
            Path("deploy/app"),
            tuple(
                Path(name)
                for name in ("deploy/app/ci/small-values.yaml", "deploy/app/values-prod.yaml", "envs/values-stage.yaml")
            ),
        )
    ]


def test_find_charts_gives_values_files_to_the_chart_they_name(root: Path) -> None:
    _write("deploy/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n")
    _write("envs/web/values-eu.yaml")
    _write("envs/values-nobodys.yaml")
    web = find_charts(Path())[1]
    assert (web.path, web.values) == (Path("deploy/web"), (Path("envs/web/values-eu.yaml"),))


def test_init_writes_a_configuration_that_can_be_read(run: Run) -> None:
    assert run("--expect", "registry.example.com") == (0, "wrote chartkit.yaml\n")
    config = load_config(Path())
    assert config is not None
    assert (config.chart, config.expect) == (Path("deploy/app"), ("registry.example.com",))
    assert [(target.name, target.values) for target in config.targets] == [
        ("default", ()),
        ("small", ("deploy/app/ci/small-values.yaml",)),
        ("prod", ("deploy/app/values-prod.yaml",)),
    ]


def test_init_expects_the_registries_of_today(run: Run) -> None:
    _write("deploy/app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 0.1.0\n")
    _write("deploy/app/values-prod.yaml", "image: quay.io/team/app:1\n")
    _write("deploy/app/ci/small-values.yaml", "image:\n")
    _write(
        "deploy/app/templates/pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n"
        '    image: {{ required "no image" .Values.image }}\n',
    )
    _write("deploy/app/values.yaml", "image: busybox:1\n")
    code, said = run()
    assert code == 0
    assert "warning: deploy/app with deploy/app/ci/small-values.yaml does not render: " in said
    config = load_config(Path())
    assert config is not None
    assert config.expect == ("docker.io", "quay.io")


def test_init_names_the_targets_of_several_charts_after_them(run: Run) -> None:
    _write("deploy/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n")
    _write("deploy/web/values-prod.yaml")
    assert run()[0] == 0
    config = load_config(Path())
    assert config is not None
    assert config.chart is None
    names = ["app", "app-small", "app-prod", "web", "web-prod"]
    assert [target.name for target in config.targets] == names
    assert config.target("web-prod").chart == Path("deploy/web")


def test_init_without_charts_still_writes_and_says_so(run: Run) -> None:
    Path("deploy/app/Chart.yaml").unlink()
    assert run() == (0, "no chart was found in .: name one in chartkit.yaml\nwrote chartkit.yaml\n")
    assert load_config(Path()) is not None


@pytest.mark.parametrize("name", ["1.20", "on", "a b", "a: b", "- x", "é", "x #y", "'q'", "null"])
def test_configuration_quotes_names_where_yaml_would_read_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _write("chartkit.yaml", configuration([FoundChart(Path(name), (Path(f"{name}/values-{name}.yaml"),))], [name]))
    config = load_config(Path())
    assert config is not None
    assert (config.chart, config.expect) == (Path(name), (name,))
    assert config.targets[1].values == (f"{name}/values-{name}.yaml",)


def test_init_works_on_the_root_of_the_repository(run: Run, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "deploy/app")
    assert run()[0] == 0
    assert (root / "chartkit.yaml").is_file()


def test_init_never_overwrites_without_force(run: Run) -> None:
    _write("chartkit.yaml", "# mine\n")
    code, said = run("--github")
    assert code == 0
    assert said == (
        "left alone: chartkit.yaml (it is there already; --force overwrites it)\nwrote .github/workflows/chartkit.yml\n"
    )
    assert Path("chartkit.yaml").read_text() == "# mine\n"
    code, said = run("--github")
    assert code == 2
    assert said.endswith("Error: nothing was written: all files are there already\n\nhint: --force overwrites them\n")
    assert run("--force")[0] == 0
    assert Path("chartkit.yaml").read_text() != "# mine\n"


def test_init_writes_files_for_pre_commit_and_ci(run: Run) -> None:
    assert run("--pre-commit", "--github", "--gitlab")[0] == 0
    hooks = _yaml(".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert [(hook["id"], hook["entry"]) for hook in hooks] == [
        ("chartkit-verify-images", "chartkit hook verify-images"),
        ("chartkit-lint", "chartkit hook lint"),
    ]
    assert {hook["additional_dependencies"][0] for hook in hooks} == {f"chartkit=={__version__}"}
    steps = _yaml(".github/workflows/chartkit.yml")["jobs"]["images"]["steps"]
    assert [step["run"] for step in steps[2:5]] == [
        f"pip install chartkit=={__version__}",
        "chartkit verify-images --format github",
        "chartkit lint --format github",
    ]
    assert _yaml(".gitlab-ci.yml")["chartkit"]["script"][1:] == ["chartkit verify-images", "chartkit lint"]


def test_init_installs_from_where_it_is_told(run: Run) -> None:
    source = "chartkit @ git+https://git.example.com/tools/chartkit@v1#egg=chartkit"
    assert run("--pre-commit", "--github", "--gitlab", "--from", source)[0] == 0
    assert _yaml(".pre-commit-config.yaml")["repos"][0]["hooks"][0]["additional_dependencies"] == [source]
    assert _yaml(".github/workflows/chartkit.yml")["jobs"]["images"]["steps"][2]["run"] == f"pip install '{source}'"
    assert _yaml(".gitlab-ci.yml")["chartkit"]["script"][0] == f"pip install '{source}'"


@pytest.mark.parametrize("indent", ["", "  "])
def test_init_adds_hooks_to_a_pre_commit_configuration(run: Run, indent: str) -> None:
    _write(".pre-commit-config.yaml", f"# ours\nrepos:\n{indent}- repo: meta\n{indent}  hooks: [{{id: identity}}]")
    assert "added the hooks to .pre-commit-config.yaml\n" in run("--pre-commit")[1]
    assert Path(".pre-commit-config.yaml").read_text().startswith("# ours\n")
    assert [repo["repo"] for repo in _yaml(".pre-commit-config.yaml")["repos"]] == ["meta", "local"]
    assert "left alone: .pre-commit-config.yaml" in run("--pre-commit", "--gitlab")[1]


@pytest.mark.parametrize(
    "text",
    ["repos: []\n", "repos: [{repo: meta, hooks: []}]\n", "repos:\n- repo: meta\nci: {skip: [a]}\n", "repos: [\n", ""],
    ids=["none", "flow", "keys after", "broken", "empty"],
)
def test_add_hooks_leaves_alone_what_it_does_not_understand(text: str) -> None:
    assert add_hooks(text, "chartkit") is None


@pytest.mark.parametrize(
    ("file", "fits"),
    [
        ("Chart.yaml", True),
        ("a/b/Chart.yaml", True),
        ("a/values.yaml", True),
        ("a/values-prod.yml", True),
        ("a/prod-values.yaml", True),
        ("a/templates/x.tpl", True),
        ("chartkit.yaml", True),
        ("a/.chartkit.yaml", True),
        ("a/values.schema.json", True),
        ("a/charts/sub-1.0.tgz", True),
        ("requirements.yaml", True),
        ("requirements.txt", False),
        ("a/MyChart.yaml", False),
        ("README.md", False),
        ("src/values.py", False),
    ],
)
def test_the_hooks_run_on_files_of_charts(file: str, fits: bool) -> None:
    assert bool(re.search(HOOK_FILES, file)) is fits


def test_the_hooks_that_come_along_are_those_that_init_writes() -> None:
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [(hook["id"], hook["entry"]) for hook in hooks] == [
        ("chartkit-verify-images", "chartkit hook verify-images"),
        ("chartkit-lint", "chartkit hook lint"),
        ("chartkit-render", "chartkit hook render"),
    ]
    assert {(hook["files"], hook["language"], hook["require_serial"]) for hook in hooks} == {
        (HOOK_FILES, "python", True)
    }


def test_init_takes_no_other_words(run: Run) -> None:
    assert run("prod.yaml") == (2, "Error: init takes no words beside its flags: prod.yaml\n")
