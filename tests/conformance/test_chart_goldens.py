"""Our own charts come out exactly as real Helm printed them, and nothing but `make record` changes what it printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import captured
from goldens import CHECKSUMS, GOLDENS, RELEASE, ROOT, VERSIONS, Pair, checksums, is_error, pairs

from chartkit.cli.app import main

PAIRS = [pytest.param(pair, profile, id=f"{pair.id}-{profile}") for pair in pairs() for profile in VERSIONS]


@pytest.mark.parametrize(("pair", "profile"), PAIRS)
def test_chart_prints_what_helm_printed_when_rendered_with_values(pair: Pair, profile: str) -> None:
    golden = pair.recorded(profile)
    with captured() as (stdout, stderr):
        code = main(["template", RELEASE, str(pair.chart), "-f", str(pair.values), "--helm", profile])
    wanted = golden.read_bytes().decode("utf-8", "surrogateescape")
    if is_error(golden):
        assert code != 0
        assert wanted.rstrip("\n") in stderr.text().replace(f"{ROOT}/", "")
    else:
        assert stdout.text() == wanted, stderr.text()
        assert code == 0


def test_goldens_are_as_recorded_when_checked_by_checksum() -> None:
    assert CHECKSUMS.read_text(encoding="utf-8") == checksums(), "goldens come from real Helm only: make record"


def test_every_golden_belongs_to_a_pair_when_values_files_are_gone() -> None:
    known = {pair.golden(profile, error=error) for pair in pairs() for profile in VERSIONS for error in (False, True)}
    assert {path for path in GOLDENS.rglob("*") if path.is_file()} - known == {CHECKSUMS}


def test_no_snapshot_lies_among_the_goldens_when_snapshots_are_updated() -> None:
    # Syrupy writes into `__snapshots__` beside a test, and to files with its own endings.
    goldens = [path for path in GOLDENS.rglob("*") if path.is_file()]
    assert goldens
    assert not [path for path in goldens if path.suffix in {".ambr", ".raw"} or "__snapshots__" in path.parts]
    assert not list(Path(__file__).parent.rglob("__snapshots__"))
