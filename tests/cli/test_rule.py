from __future__ import annotations

import pytest

from chartkit.cli.app import main
from chartkit.systems.rules import RULES


def test_rule_lists_all_rules(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rule"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line[:5] for line in lines] == list(RULES)
    assert "CK114  warning  two registries in one image" in lines


def test_rule_explains_one(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "ck101"]) == 0
    text = capfd.readouterr().out
    assert text.startswith("CK101: an image that moves: tag latest, or no tag at all\nlevel: warning, error under")
    assert "What to do: Pin a version" in text


def test_rule_knows_what_is_meant(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "CK0101"]) == 2
    assert "hint: did you mean CK101?" in capfd.readouterr().err
