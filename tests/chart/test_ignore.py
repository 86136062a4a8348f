from __future__ import annotations

import pytest

from chartkit.chart.ignore import InvalidPattern, is_ignored, parse_rules

FILES = {"a.txt": False, "d": True, "d/a.txt": False, "d/e": True, "d/e/f.txt": False, "d/x.bak": False, "b.md": False}


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("a.txt", {"a.txt", "d/a.txt"}),
        ("/a.txt", {"a.txt"}),
        ("d/", {"d"}),
        ("a.txt/", set()),
        ("d/*.bak", {"d/x.bak"}),
        ("d/*", {"d/a.txt", "d/e", "d/x.bak"}),
        ("*/*/*", {"d/e/f.txt"}),
        ("?.txt", {"a.txt", "d/a.txt", "d/e/f.txt"}),
        ("[ab].*", {"a.txt", "d/a.txt", "b.md"}),
        ("[^a].*", {"d/e/f.txt", "d/x.bak", "b.md"}),
        ("[c-a].txt", set()),
        ("# a.txt\n\n  b.md \r\n", {"b.md"}),
        ("\ufeffb.md", {"b.md"}),
        ("!a.txt", {"d", "d/e", "d/e/f.txt", "d/x.bak", "b.md"}),
        ("./a.txt", set()),
        ("/", set()),
    ],
)
def test_rules_leave_out_what_helm_leaves_out(text: str, ignored: set[str]) -> None:
    rules = parse_rules(text)
    assert {path for path, is_folder in FILES.items() if is_ignored(rules, path, is_folder)} == ignored


@pytest.mark.parametrize("pattern", ["[", "[a", "[]", "a[", "\\", "a.tx[t-]", "[a-]"])
def test_malformed_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidPattern, match="syntax error in pattern"):
        parse_rules(pattern)


def test_two_stars_are_refused() -> None:
    with pytest.raises(InvalidPattern, match=r"double-star \(\*\*\) syntax is not supported"):
        parse_rules("d/**")


def test_dot_files_among_templates_are_always_left_out() -> None:
    assert is_ignored(parse_rules(""), "templates/.x.yaml", False)
    assert not is_ignored(parse_rules(""), "templates/sub/.x.yaml", False)
