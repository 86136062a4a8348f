from __future__ import annotations

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Outcome, Report
from chartkit.fleet.run import Checked
from chartkit.fleet.tally import Tally, line_of


def _checked(name: str, *messages: str, broken: bool = False) -> Checked:
    findings = tuple(
        Finding("CK001", Severity.ERROR, message, file=name, target=name, key="a.b", fix="mend it")
        for message in messages
    )
    return Checked(name, Report(findings, (Outcome(name, "1/2 images match"),), is_broken=broken))


def test_each_finding_is_told_once_with_the_runs_that_have_it() -> None:
    tally = Tally()
    for number in range(5):
        tally.add(_checked(f"{number}.yaml", "from elsewhere", *(["odd"] if number == 2 else [])))
    tally.add(_checked("clean.yaml"))
    tally.add(_checked("bad.yaml", "no YAML", broken=True))
    assert list(tally.lines()) == [
        "error CK001 in 5 of 7 runs: from elsewhere",
        "    key: a.b",
        "    at: 0.yaml, 1.yaml, 2.yaml and 2 more",
        "    fix: mend it",
        "error CK001 in 1 of 7 runs: odd",
        "    key: a.b",
        "    at: 2.yaml",
        "    fix: mend it",
        "error CK001 in 1 of 7 runs: no YAML",
        "    key: a.b",
        "    at: bad.yaml",
        "    fix: mend it",
        "",
        "7 runs: 1 clean, 5 with findings, 1 not rendered",
    ]


def test_a_finding_that_a_run_has_twice_counts_once() -> None:
    tally = Tally()
    tally.add(_checked("a.yaml", "same", "same"))
    assert next(tally.lines()) == "error CK001 in 1 of 1 runs: same"


def test_nothing_found_is_one_line() -> None:
    tally = Tally()
    tally.add(_checked("a.yaml"))
    assert list(tally.lines()) == ["1 runs: 1 clean, 0 with findings, 0 not rendered"]


def test_an_outcome_in_a_line() -> None:
    assert line_of(_checked("a.yaml", "x", "y")) == "a.yaml: 1/2 images match: 2 errors"
    assert line_of(_checked("a.yaml")) == "a.yaml: 1/2 images match"
