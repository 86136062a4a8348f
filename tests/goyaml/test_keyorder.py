"""The order of keys, against what the real functions answered for pairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.goyaml.keyorder import natural_order, natural_order_v3

RECORDED = json.loads((Path(__file__).parent / "recorded_order.json").read_text())


def test_natural_order_recorded():
    for first, second, _ in RECORDED:
        assert natural_order([second, first]) == (first, second)


def test_natural_order_v3_recorded():
    for first, second, agree in RECORDED:
        assert natural_order_v3([second, first]) == ((first, second) if agree else (second, first))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["b", "a", "C"], ("C", "a", "b")),
        (["k1", "k_1", "k.1", "k-1"], ("k-1", "k.1", "k_1", "k1")),
        (["a10", "a9", "a1"], ("a1", "a9", "a10")),
        (["001", "01", "1"], ("1", "01", "001")),
        (["a-b", "a", "a_b", "ab"], ("a", "a-b", "a_b", "ab")),
        ([], ()),
    ],
)
def test_natural_order_of_many(keys, expected):
    assert natural_order(keys) == expected
