from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.charts import choose_chart
from chartkit.errors import InputError


def _write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository's root, which is the working directory; nothing above it is looked at."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_choose_chart_takes_the_named_one_first(repository: Path) -> None:
    _write(repository / "chartkit.yaml", "chart: other\n")
    (repository / "c").mkdir()
    assert str(choose_chart("c", ["v.yaml"])) == "chart: c (from --chart)"


def test_choose_chart_takes_the_configured_one_relative_to_the_configuration(repository: Path) -> None:
    _write(repository / "env/chartkit.yaml", "chart: ../charts/app\n")
    values = _write(repository / "env/prod/values.yaml")
    (repository / "charts/app").mkdir(parents=True)
    chosen = choose_chart("", [str(values)])
    assert chosen.path.resolve() == repository / "charts/app"
    assert chosen.reason.endswith("env/chartkit.yaml")


def test_choose_chart_searches_from_the_working_directory_without_values_files(repository: Path) -> None:
    _write(repository / ".chartkit.yaml", "chart: app\n")
    (repository / "app").mkdir()
    assert choose_chart("", ["-"]).path == Path("app")
    assert choose_chart("", []).reason == ".chartkit.yaml"


def test_choose_chart_takes_the_nearest_chart_around_the_values_file(repository: Path) -> None:
    _write(repository / "Chart.yaml")
    _write(repository / "charts/sub/Chart.yaml")
    assert choose_chart("", ["charts/sub/ci/values.yaml"]).path.resolve() == repository / "charts/sub"
    assert choose_chart("", ["ci/values.yaml"]).path.resolve() == repository
    assert choose_chart("", []).path.resolve() == repository


def test_choose_chart_overlooks_a_configuration_without_a_chart(repository: Path) -> None:
    _write(repository / "chartkit.yaml", "# nothing yet\n")
    _write(repository / "Chart.yaml")
    assert choose_chart("", []).path.resolve() == repository


def test_choose_chart_stops_at_the_root_of_the_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chartkit.cli.charts._PACKAGE", repository / "chartkit")
    _write(repository / "Chart.yaml")
    (repository / "inner/.git").mkdir(parents=True)
    with pytest.raises(InputError, match="no chart was named or found"):
        choose_chart("", ["inner/values.yaml"])


@pytest.mark.parametrize("place", ["chartkit/_charts", "charts"])
def test_choose_chart_falls_back_on_the_bundled_one(
    repository: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("chartkit.cli.charts._PACKAGE", repository / "chartkit")
    _write(repository / place / "orkes-conductor/Chart.yaml")
    assert choose_chart("", []).path == repository / place / "orkes-conductor"


@pytest.mark.parametrize("text", ["- a\n", "chart: [1]\n", "chart: {a: b\n"])
def test_choose_chart_of_a_configuration_that_is_none(repository: Path, text: str) -> None:
    _write(repository / "chartkit.yaml", text)
    with pytest.raises(InputError, match=r"^chartkit\.yaml: "):
        choose_chart("", [])


def test_choose_chart_of_a_chart_that_is_not_there(repository: Path) -> None:
    with pytest.raises(InputError, match=r"^there is no chart c \(from --chart\)$"):
        choose_chart("c", [])
    _write(repository / "chartkit.yaml", "chart: other\n")
    with pytest.raises(InputError, match=r"^there is no chart other \(from chartkit\.yaml\)$"):
        choose_chart("", [])
