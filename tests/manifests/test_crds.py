from __future__ import annotations

from pathlib import Path

from chartkit.chart.loader import load_chart
from chartkit.manifests.crds import chart_crds


def test_chart_crds_lists_the_chart_before_its_subcharts(tmp_path: Path) -> None:
    files = {
        "Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
        "crds/b.yaml": "b: 1\n",
        "crds/A.YML": "---\na: 1\n",
        "crds/readme.md": "no\n",
        "crds/sub/c.json": "{}",
        "charts/s/Chart.yaml": "apiVersion: v2\nname: s\nversion: 0.1.0\n",
        "charts/s/crds/s.yaml": "s: 1\n",
        "templates/crds/t.yaml": "t: 1\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert chart_crds(load_chart(tmp_path)) == (
        ("tc/crds/A.YML", "---\na: 1\n"),
        ("tc/crds/b.yaml", "b: 1\n"),
        ("tc/crds/sub/c.json", "{}"),
        ("tc/charts/s/crds/s.yaml", "s: 1\n"),
    )
