"""How fast chartkit is beside Helm: `make bench`, or `make bench CHARTS=folder` with charts of yours.

    run.py [--charts DIR] [--only warm,cold,matrix,memory,growth] [--quick] [--alone] [--out DIR]

Everything is measured in turns, on one core, in processor time (that of other programs included), and told as ratios:
seconds say more about the machine than about the programs. A ratio above 1 is how many times longer Helm takes. What is
missing is named and left out. This measures; it never fails because something is slow.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from engines import Commands, find_helm, go_engine_missing
from machine import Surroundings, pin_to_one_core
from plot import growth_plot
from report import Report
from sections import QUICK, SMOKE, Bench, Effort, Row, cold, growth, matrix, matrix_memory, warm
from styles import STYLES, write_styles
from subjects import Subject, read_subject

from chartkit.errors import ChartkitError

OWN = Path(__file__).resolve().parents[1] / "charts" / "orkes-conductor"
SECTIONS = ("warm", "cold", "matrix", "memory", "growth")
_ALONE = "Helm, as --alone says"
_MATRIX_STYLES = ("library", "many", "merged", "umbrella")


def main() -> int:
    """Measure, and print; the same is written to results.md."""
    options = _options()
    core = pin_to_one_core()
    no_go = _ALONE if options.alone else go_engine_missing()
    helm, no_helm = (None, "") if options.alone else find_helm()
    report = Report(core, tuple(filter(None, (no_go, no_helm))))
    for text in report.missing:
        _say(f"missing: {text}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        commands = Commands(Surroundings(folder), helm)
        bench = Bench(commands, not no_go, options.effort, folder, _say)
        _measure(bench, options, report)
    options.out.mkdir(parents=True, exist_ok=True)
    if report.growth:
        (options.out / "growth.svg").write_text(growth_plot(report.growth), encoding="utf-8")
    text = report.text()
    (options.out / "results.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _measure(bench: Bench, options: argparse.Namespace, report: Report) -> None:
    """Fill the report, section by section."""
    subjects = list(_subjects(bench, options))
    wanted = options.only or SECTIONS
    if "warm" in wanted:
        report.warm = list(_rows(bench, warm, subjects))
    if "cold" in wanted:
        report.cold = list(_rows(bench, cold, subjects))
    chosen = [each for each in subjects if each.name in _MATRIX_STYLES or each.name not in STYLES]
    if "matrix" in wanted:
        report.matrix = list(_rows(bench, matrix, chosen))
        report.files = bench.effort.matrix
    if "memory" in wanted:
        bench.say(f"memory of {bench.effort.large_matrix} values files")
        report.memory = matrix_memory(bench, next((each for each in subjects if each.keys), subjects[0]))
    if "growth" in wanted:
        report.growth = growth(bench)


def _subjects(bench: Bench, options: argparse.Namespace) -> Iterator[Subject]:
    """Our charts and those given; one that does not render by itself is named and left out."""
    paths = [path for path in write_styles(bench.folder / "charts") if path.name in options.styles]
    paths += [OWN] if options.styles == tuple(STYLES) else []
    if options.charts:
        paths += sorted(
            {file.parent for file in options.charts.resolve().rglob("Chart.yaml") if not _is_subchart(file.parent)}
        )
    for path in paths:
        try:
            yield read_subject(path)
        except ChartkitError as failure:
            _say(f"left out: {path}: {str(failure).splitlines()[0]}")


def _is_subchart(folder: Path) -> bool:
    return folder.parent.name == "charts" and (folder.parent.parent / "Chart.yaml").exists()


def _rows(bench: Bench, measure: Callable[[Bench, Subject], Row], subjects: list[Subject]) -> Iterator[Row]:
    for subject in subjects:
        bench.say(f"{measure.__name__}: {subject.name}")
        try:
            yield measure(bench, subject)
        except Exception as failure:  # Helm may refuse a chart that is given, and the others are still of interest
            _say(f"left out: {subject.name}: {type(failure).__name__}: {str(failure)[:200]}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--charts", type=Path, help="a folder of charts to measure as well")
    parser.add_argument("--only", type=_words(SECTIONS), help=f"some of {', '.join(SECTIONS)}")
    parser.add_argument("--styles", type=_words(tuple(STYLES)), default=tuple(STYLES), help="some of our ten charts")
    parser.add_argument("--alone", action="store_true", help="without Helm: chartkit against itself")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="where results.md is written")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", dest="effort", action="store_const", const=QUICK, help="less of everything")
    effort.add_argument("--smoke", dest="effort", action="store_const", const=SMOKE, help="just see that it runs")
    parser.set_defaults(effort=Effort())
    return parser.parse_args()


def _words(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        words = tuple(text.split(","))
        unknown = [word for word in words if word not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: known are {', '.join(known)}")
        return words

    return read


if __name__ == "__main__":
    sys.exit(main())
