from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chartkit.checks.expect_registry import Expectation
from chartkit.checks.formats import write
from chartkit.checks.registry_pattern import read_pattern
from chartkit.fleet import Checked, Run, check_all, process_pool
from chartkit.fleet.pool import batches_of
from chartkit.fleet.worker import check_batch

_POD = """\
{{ if eq .Values.tag "die" }}{{ fail "no" }}{{ end }}
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: app, image: "{{ .Values.registry }}/app:{{ .Values.tag }}"}]}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    (tmp_path / "app/templates").mkdir(parents=True)
    (tmp_path / "app/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "app/values.yaml").write_text("registry: quay.io\ntag: '1'\n")
    (tmp_path / "app/templates/pod.yaml").write_text(_POD)
    return tmp_path / "app"


def _runs(chart: Path, *tags: str) -> list[Run]:
    wanted = Expectation((read_pattern("quay.io"),))
    return [
        Run(chart=str(chart), name=f"{number}", given={"set_string": [f"tag={tag}"]}, expectation=wanted)
        for number, tag in enumerate(tags)
    ]


def _told(outcomes: Iterable[Checked]) -> list[str]:
    return [write(each.report, "json") for each in outcomes]


def test_runs_are_checked_one_after_the_other_without_an_executor(chart: Path) -> None:
    checked = list(check_all(_runs(chart, "1", "die", "a b", "2")))
    assert [each.name for each in checked] == ["0", "1", "2", "3"]
    assert [each.report.exit_code for each in checked] == [0, 2, 1, 0]
    assert "no" in checked[1].failure
    assert checked[2].report.findings[0].rule == "CK003"


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_an_executor_gives_the_same_in_the_same_order(chart: Path, batch: int) -> None:
    runs = _runs(chart, *"1234567", "die", "9")
    with ThreadPoolExecutor(2) as executor:
        found = list(check_all(runs, executor=executor, workers=2, batch=batch))
    assert _told(found) == _told(check_all(runs))


def test_processes_give_the_same_and_hold_on_to_no_text(chart: Path) -> None:
    (chart / "values.yaml").write_text("registry: gcr.io\ntag: '1'\n")
    runs = _runs(chart, *"12345")
    with process_pool(2) as pool:
        found = list(check_all(runs, executor=pool, workers=2, batch=2))
    assert _told(found) == _told(check_all(runs))
    finding = found[0].report.findings[0]
    assert finding.location.endswith("values.yaml:1:11")
    assert finding.position is not None
    assert finding.position.source.text == ""


def test_batches_are_of_one_chart_each() -> None:
    runs = [Run(chart=name) for name in "aaabbab"]
    assert [[run.chart for run in part] for part in batches_of(runs, 2)] == [
        ["a", "a"],
        ["a"],
        ["b", "b"],
        ["a"],
        ["b"],
    ]


class _Slow(Executor):
    """Never has more than a few futures; says how many there were at most."""

    def __init__(self) -> None:
        self.open: list[Future[Any]] = []
        self.most = 0

    def submit(self, call: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*arguments))
        self.open = [each for each in self.open if each is not None]
        self.open.append(future)
        self.most = max(self.most, len(self.open))
        return future


def test_only_a_few_batches_are_under_way_at_a_time(chart: Path) -> None:
    taken = 0

    def runs():
        nonlocal taken
        for run in _runs(chart, *"x" * 100):
            taken += 1
            yield run

    outcomes = check_all(runs(), executor=_Slow(), workers=2, batch=1)
    next(outcomes)
    assert taken <= 8
    outcomes.close()


def _die(_runs: Sequence[Run]) -> None:
    os._exit(9)


class _Deadly:
    """A pool in which the batch with a certain run kills its worker."""

    def __init__(self, pool: Executor, name: str) -> None:
        self.pool, self.name = pool, name

    def submit(self, _call: Any, part: Sequence[Run]) -> Future[Any]:
        deadly = any(run.name == self.name for run in part)
        return self.pool.submit(_die if deadly else check_batch, part)


def test_a_worker_that_dies_stops_no_other_run(chart: Path) -> None:
    runs = _runs(chart, *"123456")
    with process_pool(1) as first, process_pool(1) as second:
        found = list(
            check_all(runs, executor=_Deadly(first, "1"), workers=1, batch=2, renew=lambda: second)  # type: ignore[arg-type,return-value]
        )
    # The run itself is harmless: by itself it goes well.
    assert [each.report.exit_code for each in found] == [0] * 6


class _Broken(Executor):
    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(RuntimeError("the cluster is gone"))
        return future


def test_an_executor_that_fails_is_told_of_for_each_run(chart: Path) -> None:
    found = list(check_all(_runs(chart, "1", "2"), executor=_Broken()))
    assert [each.failure for each in found] == ["the executor failed: RuntimeError: the cluster is gone"] * 2


def test_a_chart_that_changed_on_the_way_is_told_of(chart: Path) -> None:
    (found,) = check_all([Run(chart=str(chart), digest="0" * 64)])
    assert "is not the chart that the run began with" in found.failure


def test_a_chart_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    (found,) = check_all([Run(chart=str(tmp_path / "none"), name="x")])
    assert found.report.exit_code == 2
    assert found.report.findings[0].rule == "CK005"


def test_a_seed_makes_runs_repeatable(chart: Path) -> None:
    (chart / "templates/pod.yaml").write_text(_POD.replace("app:", "app-{{ randAlpha 5 | lower }}:"))
    (chart / "values.yaml").write_text("registry: gcr.io\ntag: '1'\n")
    runs = [Run(chart=str(chart), seed=7, expectation=Expectation((read_pattern("quay.io"),))) for _ in range(2)]
    one, other = _told(check_all(runs))
    assert one == other
