"""Compares chartkit with real Helm over charts that lie in a folder: `make conformance CHARTS=folder`.

    compare.py DIR [REPO...]                    render every chart with both, raw texts (4.2) and printed text (4.3)
    compare.py DIR --catalogue FILE [REPO...]   compare with what a catalogue recorded; Helm runs only for what differs

Every pair of a chart and a values file is counted. Templates that Helm itself renders differently twice are left out of
a pair's comparison, and such pairs are counted apart. Of those templates the lines are compared that Helm writes the
same way twice (`settled`): a hint only, as a certificate may have equal lines by chance. With `--state` a run that was
broken off goes on, and a later run looks only at what was not identical.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from oracle import NEWEST, HelmEngine, helm_binary
from sides import (
    BOTH_FAIL,
    CRASH,
    DIFFERENT,
    ONLY_HELM,
    ONLY_OURS,
    OTHER_ERROR,
    SAME,
    Side,
    digest,
    helm,
    helm_print,
    our_print,
    ours,
    printed,
    relative,
    sections,
    settled,
    unstable,
    verdict,
)
from subjects import Subject, chosen, find_subjects, recorded_subjects
from workers import Failure, run_all

from chartkit.engine.render import Rendering

LOST = "no result"
STALE = "as Helm answers now"
AS_PRINTED = "as helm template"
GOOD = {SAME, BOTH_FAIL, STALE, AS_PRINTED}
AGREED = [SAME, BOTH_FAIL, STALE, AS_PRINTED, OTHER_ERROR]
ORDER = [*AGREED, DIFFERENT, ONLY_OURS, ONLY_HELM, CRASH, LOST]
COUNTED = ["raw", "printed"]
VIEWS = [*COUNTED, "settled"]
_engines: list[HelmEngine] = []


def compare_live(subject: Subject) -> dict[str, Any]:
    """Both comparisons of one pair with Helm as it answers now."""
    views = _views(subject)
    if not _verdicts(views) <= GOOD:
        # What a template writes of the clock shows only when a second has passed between Helm's two renders.
        views = _views(subject, pause_s=1.1)
    return views


def _views(subject: Subject, pause_s: float = 0.0) -> dict[str, Any]:
    theirs, again = helm(subject, _engine(), pause_s)
    mine, left_out = ours(subject), unstable(theirs, again)
    views = {
        "raw": verdict(mine, theirs, left_out),
        "printed": verdict(our_print(subject), helm_print(subject), left_out),
        "unstable": sorted(left_out),
    }
    if left_out and mine.error is None:
        views["settled"] = verdict(*settled(mine, theirs, again))
    return views


def compare_recorded(subject: Subject) -> dict[str, Any]:
    """The comparison of one pair with its recorded row."""
    row = subject.recorded or {}
    left_out = set(row.get("unstable", []))
    mine = ours(subject)
    if not row["ok"] and mine.error is not None and not mine.crashed:
        # Catalogues cut long errors.
        same = relative(mine.error, subject.chart).strip().startswith(row["error"])
        raw = {"verdict": BOTH_FAIL if same else OTHER_ERROR, "ours": mine.error, "helm": row["error"]}
    elif row["ok"] and mine.error is None and digest(mine.files, left_out) == row["sha256_stable"]:
        raw = {"verdict": SAME}
    else:
        raw = _explained(subject, left_out)
    views = {"raw": raw, "unstable": sorted(left_out)}
    if mine.rendering is not None and row["helm"]["ok"] and not left_out:
        views["printed"] = _printed(subject, mine.rendering, row["helm"]["sha256"])
    return views


def _printed(subject: Subject, rendering: Rendering, recorded: str) -> dict[str, Any]:
    mine = printed(rendering)
    if mine.error is None and hashlib.sha256(mine.files[""].encode("utf-8", "surrogateescape")).hexdigest() == recorded:
        return {"verdict": SAME}
    cut = mine if mine.error is not None else Side(sections(mine.files[""]))
    return verdict(cut, helm_print(subject, HelmEngine.version))


def _explained(subject: Subject, left_out: set[str]) -> dict[str, Any]:
    """What differs from Helm's answer, asked anew; a difference that Helm does not show now is told as such."""
    theirs, again = helm(subject, _engine())
    mine = ours(subject)
    found = verdict(mine, theirs, left_out | unstable(theirs, again))
    if found["verdict"] == ONLY_OURS and _is_refused(subject):
        return {"verdict": AS_PRINTED, "ours": mine.error, "helm": "refused by the command line"}
    if found["verdict"] in GOOD:
        return {"verdict": STALE, "ours": theirs.error or "rendered", "helm": "recorded otherwise"}
    return found


def _is_refused(subject: Subject) -> bool:
    """Whether `helm template` refuses a chart that the bare engine renders: it checks more before it renders."""
    return helm_print(subject, HelmEngine.version).error is not None


def _engine() -> HelmEngine:
    if not _engines:
        _engines.append(HelmEngine())
    return _engines[0]


def main() -> int:
    """Run the comparison; 0 if everything was identical, 1 otherwise."""
    options = _options()
    os.environ["TZ"] = "UTC"
    time.tzset()
    if find_spec("helm_python") is None:
        sys.exit("Helm's engine is not installed: pip install helm-python-sdk")
    folder = options.charts.resolve()
    if options.catalogue:
        subjects, target = recorded_subjects(folder, options.catalogue, options.repos), compare_recorded
    else:
        helm_binary(NEWEST)
        subjects = find_subjects(folder, options.repos, all_values=options.values_files == "all")
        target = compare_live
    results = list(_results(chosen(subjects, options.only), target, options))
    if options.report:
        options.report.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(_table(results))
    return 0 if all(_verdicts(each) <= GOOD for each in results) else 1


def _results(
    subjects: list[Subject], target: Callable[[Subject], dict[str, Any]], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """Each pair's result, known from earlier or new."""
    known = _read_state(options.state)
    fresh = [each for each in subjects if each.id not in known]
    yield from (known[each.id] for each in subjects if each.id in known)
    state = options.state.open("a", encoding="utf-8") if options.state else None
    for subject, answer, seconds in run_all(target, fresh, processes=options.jobs, limit_s=options.limit):
        found = {"raw": {"verdict": LOST, "ours": answer.reason, "helm": ""}} if isinstance(answer, Failure) else answer
        result = {"id": subject.id, **found, "seconds": round(seconds, 2)}
        if state:
            state.write(json.dumps(result) + "\n")
            state.flush()
        if not _verdicts(result) <= GOOD:
            sys.stdout.write(_told(result))
            sys.stdout.flush()
        yield result


def _read_state(state: Path | None) -> dict[str, dict[str, Any]]:
    """The identical pairs of earlier runs; what was not identical is tried again."""
    if state is None or not state.exists():
        return {}
    with state.open(encoding="utf-8") as lines:
        rows = {row["id"]: row for row in map(json.loads, lines)}
    return {key: row for key, row in rows.items() if _verdicts(row) <= GOOD}


def _verdicts(result: dict[str, Any]) -> set[str]:
    return {result[view]["verdict"] for view in COUNTED if view in result}


def _told(result: dict[str, Any]) -> str:
    lines = [result["id"]]
    for view in COUNTED:
        found = result.get(view, {"verdict": SAME})
        if found["verdict"] not in GOOD:
            place = f" {found['template']}:{found['line']}" if "template" in found else ""
            lines += [f"  {view}: {found['verdict']}{place}", *(f"    {who}: {found[who]}" for who in ("ours", "helm"))]
    return "\n".join(lines) + "\n"


def _table(results: list[dict[str, Any]]) -> str:
    """How many pairs came to which verdict, in each view, with unstable pairs apart."""
    lines = [f"\n{len(results)} pairs"]
    for view in VIEWS:
        rows = [each for each in results if view in each]
        stable = Counter(each[view]["verdict"] for each in rows if not each.get("unstable"))
        unstable = Counter(each[view]["verdict"] for each in rows if each.get("unstable"))
        if rows:
            good = sum(stable[word] + unstable[word] for word in AGREED)
            lines.append(f"{view:<24}{'stable':>8}{'unstable':>10}   agree on {good / len(rows):.2%}")
            seen = [word for word in ORDER if stable[word] + unstable[word]]
            lines += [f"  {word:<22}{stable[word]:>8}{unstable[word]:>10}" for word in seen]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("charts", type=Path, metavar="DIR", help="the folder that holds the charts")
    parser.add_argument("repos", nargs="*", metavar="REPO", help="only these subfolders of it")
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="compare with recorded rows (JSON lines)")
    parser.add_argument("--values-files", choices=["ci", "all"], default="ci", help="which values files beside a chart")
    parser.add_argument("--only", action="append", default=[], metavar="GLOB", help="only pairs whose id fits")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many processes")
    parser.add_argument("--limit", type=float, default=120.0, metavar="SECONDS", help="the time limit of one pair")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write all results as JSON")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep results here; do not repeat identical pairs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
