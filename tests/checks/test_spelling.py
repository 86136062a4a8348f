from __future__ import annotations

import pytest

from chartkit.checks.spelling import edit_distance, meant

KNOWN = ("registry", "repository", "tag", "pullPolicy", "pullSecrets", "digest")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("registries", "registry"),
        ("repo", "repository"),
        ("pullSecret", "pullSecrets"),
        ("pullpolicy", "pullPolicy"),
        ("pullPolciy", "pullPolicy"),
        ("Tag", "tag"),
        ("tags", "tag"),
        ("enabled", ""),
        ("name", ""),
        ("pull", "pullPolicy"),
        ("env", ""),
    ],
)
def test_the_nearest_key_is_meant(written: str, key: str) -> None:
    assert meant(written, KNOWN) == key


def test_edit_distance_counts_letters() -> None:
    assert edit_distance("registry", "registry") == 0
    assert edit_distance("registry", "regsitry") == 2
    assert edit_distance("", "tag") == 3
