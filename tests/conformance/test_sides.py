"""What the comparison with Helm makes of two answers."""

from __future__ import annotations

import hashlib

import pytest
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
    sections,
    settled,
    unstable,
    verdict,
)

PRINTED = "---\n# Source: c/templates/a.yaml\na: 1\n---\n# Source: c/templates/b.yaml\nb: 2\n"


def test_printed_text_is_cut_by_template_and_keeps_its_order() -> None:
    assert sections(PRINTED) == {
        "0 c/templates/a.yaml": "# Source: c/templates/a.yaml\na: 1\n",
        "1 c/templates/b.yaml": "# Source: c/templates/b.yaml\nb: 2\n",
    }


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param(Side({"a": "x"}), Side({"a": "x"}), SAME, id="same-text"),
        pytest.param(Side({"a": "x"}), Side({"a": "y"}), DIFFERENT, id="other-text"),
        pytest.param(Side({"a": "x"}), Side({}), DIFFERENT, id="text-too-many"),
        pytest.param(Side(error="e"), Side(error="e"), BOTH_FAIL, id="same-error"),
        pytest.param(Side(error="e\n  more"), Side(error="e"), BOTH_FAIL, id="same-error-with-context"),
        pytest.param(Side(error="e"), Side(error="f"), OTHER_ERROR, id="other-error"),
        pytest.param(Side(error="e"), Side(), ONLY_OURS, id="error-here-only"),
        pytest.param(Side(), Side(error="e"), ONLY_HELM, id="error-there-only"),
        pytest.param(Side(error="e", crashed=True), Side(error="e"), CRASH, id="crash"),
    ],
)
def test_verdict_names_what_sets_two_answers_apart(mine: Side, theirs: Side, expected: str) -> None:
    assert verdict(mine, theirs)["verdict"] == expected


def test_verdict_shows_the_first_line_that_differs() -> None:
    found = verdict(Side({"a": "1\n2\n3"}), Side({"a": "1\nzwei\n3"}))
    assert found == {"verdict": DIFFERENT, "template": "a", "line": 2, "ours": "2", "helm": "zwei"}


@pytest.mark.parametrize("name", ["c/templates/a.yaml", "0 c/templates/a.yaml"])
def test_verdict_passes_over_unstable_templates_in_both_forms(name: str) -> None:
    assert verdict(Side({name: "x"}), Side({name: "y"}), {"c/templates/a.yaml"})["verdict"] == SAME


def test_settled_compares_the_lines_that_helm_repeats() -> None:
    first, second = Side({"a": "same\nr1\nend", "b": "x"}), Side({"a": "same\nr2\nend", "b": "x"})
    assert unstable(first, second) == {"a"}
    assert verdict(*settled(Side({"a": "same\nr3\nend"}), first, second))["verdict"] == SAME
    assert verdict(*settled(Side({"a": "other\nr3\nend"}), first, second))["verdict"] == DIFFERENT


def test_digest_is_over_sorted_names_without_the_unstable_ones() -> None:
    expected = hashlib.sha256(b"a\0x\0b\0y\0").hexdigest()
    assert digest({"b": "y", "c": "z", "a": "x"}, {"c"}) == expected
