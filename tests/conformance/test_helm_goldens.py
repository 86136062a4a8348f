"""Every recorded case, at every recorded version of Helm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import (
    ENGINE_VERSION,
    PROFILE_OF,
    Outcome,
    engine_message,
    inside,
    read_cases,
    recorded_engine,
    render_case,
    run_case,
    write_case,
)

from chartkit.errors import ChartkitError

CASES = read_cases()


def _versions(level: str) -> list[Any]:
    """Each case of the level at each version, with a readable id."""
    return [
        pytest.param(case, version, id=f"{case['name']}-{PROFILE_OF[version]}")
        for case in CASES
        if case["level"] == level
        for version in PROFILE_OF
        if not recorded_engine(case, version).get("nondeterministic")
    ]


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The cases were recorded in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("case", "version"), _versions("engine"))
def test_engine_gives_what_helm_gave_when_case_is_rendered(case: dict[str, Any], version: str, tmp_path: Path) -> None:
    recorded = recorded_engine(case, version)
    write_case(case, tmp_path)
    with inside(tmp_path):
        if "error_text" in recorded:
            with pytest.raises(ChartkitError) as failure:
                render_case(case, PROFILE_OF[version])
            _check_message(str(failure.value), recorded)
            return
        files = render_case(case, PROFILE_OF[version])
    exact = version == ENGINE_VERSION
    if exact and "expect" in recorded:
        assert files == recorded["expect"]
    else:
        # Other versions are recorded from the command line, which leaves out blank templates and outer space.
        wanted = recorded["expect"] if "expect" in recorded else recorded["expect_rstrip"]
        assert _visible(files) == _visible(wanted)


@pytest.mark.parametrize(("case", "version"), _versions("cli"))
def test_command_line_prints_what_helm_printed_when_case_is_run(
    case: dict[str, Any], version: str, tmp_path: Path
) -> None:
    recorded = case["cli"][version]
    write_case(case, tmp_path)
    with inside(tmp_path):
        outcome = run_case(case, PROFILE_OF[version])
    _check_outcome(outcome, recorded, str(tmp_path))


def _check_message(message: str, recorded: dict[str, Any]) -> None:
    if "error_text_tail" in recorded:
        tail = engine_message({"error_text": recorded["error_text_tail"]})
        assert message.startswith(engine_message(recorded))
        assert message.endswith(tail)
    else:
        assert message == engine_message(recorded)


def _check_outcome(outcome: Outcome, recorded: dict[str, Any], folder: str) -> None:
    if "error_text" in recorded:
        assert outcome.code != 0
        assert recorded["error_text"].replace("$CWD", folder).rstrip("\n") in outcome.stderr
    else:
        assert outcome.stderr == "" or outcome.code == 0, outcome.stderr
    assert outcome.stdout == recorded["stdout"].replace("$CWD", folder)


def _visible(files: dict[str, str]) -> dict[str, str]:
    return {name: text.rstrip() for name, text in files.items() if text.strip()}
