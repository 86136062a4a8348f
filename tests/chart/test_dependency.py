from __future__ import annotations

import pytest

from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.chart.presence import check_installable, missing_dependencies
from chartkit.errors import DependencyError, LoadError
from chartkit.profile import HELM_3_17, HELM_4_1, HELM_4_3, Profile

WANTS = (
    b"apiVersion: v2\nname: tc\nversion: 1.0.0\n"
    b"dependencies: [{name: a, version: 1.x}, {name: s, version: 9.x}, {name: b, repository: 'file://../b'}]\n"
)
FILES = [File("Chart.yaml", WANTS), File("charts/s/Chart.yaml", b"name: s\nversion: 1.0.0\n")]


def test_missing_dependencies_go_by_name_only() -> None:
    assert missing_dependencies(chart_from_files(FILES)) == ("a", "b")


@pytest.mark.parametrize(
    ("profile", "start"),
    [
        (HELM_4_3, "an error occurred while checking for chart dependencies. You may need to run 'helm dependency"),
        (HELM_4_1, "an error occurred while checking for chart dependencies. You may need to run `helm dependency"),
        (HELM_3_17, "An error occurred while checking for chart dependencies. You may need to run `helm dependency"),
    ],
    ids=["4.3", "4.1", "3.17"],
)
def test_missing_dependency_is_told_in_helms_words(profile: Profile, start: str) -> None:
    with pytest.raises(DependencyError) as caught:
        check_installable(chart_from_files(FILES, profile=profile))
    assert str(caught.value).startswith(start)
    assert str(caught.value).endswith(": found in Chart.yaml, but missing in charts/ directory: a, b")


def test_library_is_not_installable() -> None:
    chart = chart_from_files([File("Chart.yaml", b"name: tc\nversion: 1.0.0\ntype: library\n")])
    with pytest.raises(LoadError, match="library charts are not installable"):
        check_installable(chart)
