from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.frozen import chart_name, freeze, thaw
from chartkit.chart.loader import load_chart
from chartkit.errors import LoadError
from chartkit.profile import HELM_3_17, HELM_4_3

FILES = {
    "Chart.yaml": (
        "apiVersion: v2\nname: tc\nversion: 0.1.0\nkeywords: [a]\nannotations: {x: y}\nkubeVersion: '>=1.0'\n"
        "maintainers: [{name: m, email: e}]\n"
        "dependencies: [{name: sub, version: 1.x, condition: sub.enabled, tags: [t], "
        "import-values: [{child: a, parent: b}]}]\n"
    ),
    "Chart.lock": "digest: d\ngenerated: '2024-01-01T00:00:00Z'\ndependencies: [{name: sub, version: 1.0.0}]\n",
    "values.yaml": "a: 1\nb: {c: [x, null, 2.5, {d: true}], big: 1e30}\n",
    "templates/t.yaml": "x",
    "charts/sub/Chart.yaml": "apiVersion: v1\nname: sub\nversion: 1.0.0\n",
    "charts/sub/values.yaml": "s: é\n",
    "charts/sub/requirements.yaml": "dependencies: []\n",
}


class MemoryCache(dict[str, bytes]):
    """A cache in memory."""

    def load(self, name: str) -> bytes | None:
        return self.get(name)

    def store(self, name: str, data: bytes) -> None:
        self[name] = data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "tc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tc"


def _same(one: Chart, other: Chart) -> bool:
    names = ("metadata", "lock", "warnings", "full_path", "location", "templates", "files", "schema", "is_root")
    return (
        all(getattr(one, name) == getattr(other, name) for name in names)
        and repr(one.values) == repr(other.values)
        and (one.values_source and one.values_source.name) == (other.values_source and other.values_source.name)
        and len(one.dependencies) == len(other.dependencies)
        and all(map(_same, one.dependencies, other.dependencies))
    )


@pytest.mark.parametrize("profile", [HELM_4_3, HELM_3_17], ids=["4.3", "3.17"])
def test_thawed_chart_is_the_chart(folder: Path, profile: object) -> None:
    cache = MemoryCache()
    plain = load_chart(folder, profile=profile)  # type: ignore[arg-type]
    first, second = (load_chart(folder, profile=profile, cache=cache) for _ in range(2))  # type: ignore[arg-type]
    assert list(cache) == [f"{first.kept_as}.chart"]
    assert _same(first, plain)
    assert _same(second, plain)
    assert plain.kept_as == ""


def test_name_changes_with_any_file_and_the_profile() -> None:
    files = [File("a", b"1"), File("b", b"2")]
    names = {
        chart_name(files, HELM_4_3),
        chart_name(files, HELM_3_17),
        chart_name([File("a", b"1"), File("b", b"3")], HELM_4_3),
        chart_name([File("a", b"12"), File("b", b"")], HELM_4_3),
    }
    assert len(names) == 4


def test_values_files_are_shown_by_the_path_that_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = MemoryCache()
    load_chart(folder, cache=cache)
    monkeypatch.chdir(folder.parent)
    source = load_chart("tc", cache=cache).values_source
    assert source is not None
    assert source.name == "tc/values.yaml"


def test_faults_are_told_again_each_time(folder: Path) -> None:
    (folder / "values.yaml").write_text("a: [")
    cache = MemoryCache()
    messages = []
    for _ in range(2):
        with pytest.raises(LoadError) as failure:
            load_chart(folder, cache=cache)
        messages.append(str(failure.value))
    assert messages[0] == messages[1]
    assert not cache


def test_fault_in_the_api_version_is_told_before_others(folder: Path) -> None:
    (folder / "Chart.yaml").write_text("apiVersion: v9\nname: x\nversion: 1.0.0\n")
    (folder / ".helmignore").write_text("**\n")
    with pytest.raises(LoadError, match="unsupported chart version"):
        load_chart(folder, cache=MemoryCache())


def test_damaged_entry_is_as_good_as_none(folder: Path) -> None:
    cache = MemoryCache()
    chart = load_chart(folder, cache=cache)
    name = f"{chart.kept_as}.chart"
    cache[name] = cache[name][:-2]
    assert thaw(cache, chart.kept_as) is None
    assert _same(load_chart(folder, cache=cache), chart)
    assert thaw(cache, chart.kept_as) is not None


def test_two_charts_in_one_place_are_not_kept(folder: Path) -> None:
    chart = load_chart(folder)
    twice = type(chart)(chart.metadata, dependencies=(chart.dependencies[0], chart.dependencies[0]))
    with pytest.raises(ValueError, match="one place"):
        freeze(twice)
