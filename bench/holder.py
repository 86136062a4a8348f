"""A process that renders a chart some times with one engine, so that its memory can be measured."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Render: `holder.py go|ours CHART`; each engine is imported alone."""
    kind, chart = sys.argv[1], sys.argv[2]
    if kind == "go":
        from helm_python.chart import Chart

        loaded = Chart.load(chart)
        for _ in range(20):
            loaded.render(values={}, name="release-name", namespace="default")
        return
    from chartkit import Release, compile_chart, load_chart, read_values

    program = compile_chart(load_chart(Path(chart)), helm="4.2")
    for _ in range(20):
        program.render(read_values(program.chart), Release("release-name", namespace="default"))


if __name__ == "__main__":
    main()
