from __future__ import annotations

from fractions import Fraction

import pytest

from chartkit.systems.task_api.quantity import InvalidQuantity, as_bytes, is_foreign, read_quantity


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("512", 512), ("0", 0), ("50Mi", 50 * 1024**2), ("1.5Gi", 3 * 1024**3 // 2), ("2G", 2 * 10**9), ("100", 100),
        ("500m", Fraction(1, 2)), ("1e3", 1000), ("1E-3", Fraction(1, 1000)), ("1k", 1000), ("1Ki", 1024),
        ("1n", Fraction(1, 10**9)), ("1u", Fraction(1, 10**6)), ("1E", 10**18), ("1Ei", 1024**6),
        (".5", Fraction(1, 2)), ("5.", 5),
        ("+1", 1), ("-1", -1), ("512B", 512), ("512.0B", 512), ("1Zi", 1024**7), ("1Yi", 1024**8), (7, 7),
    ],
)  # fmt: skip
def test_an_amount_is_a_number(text: str | int, number: int | Fraction) -> None:
    assert read_quantity(text) == number


@pytest.mark.parametrize(
    "text", ["", "Mi", "1 Mi", "1mi", "1KB", "1MiB", "one", "1e", "0x10", "1_000", "1e9999", "NaN"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuantity, match="is no amount"):
        read_quantity(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(512), "512"),
        (Fraction(1023, 2), "512"),
        (Fraction(1024), "1Ki"),
        (Fraction(50 * 1024**2), "50Mi"),
        (Fraction(3 * 1024**3), "3Gi"),
        (Fraction(1024**2 + 1), "1048577"),
    ],
)
def test_bytes_are_written_so_that_kubernetes_reads_them(number: Fraction, text: str) -> None:
    assert as_bytes(number) == text
    assert not is_foreign(text)


@pytest.mark.parametrize(("text", "is_so"), [("512B", True), ("1Yi", True), ("1Gi", False), ("1e3", False), (3, False)])
def test_amounts_that_only_kaapana_takes_are_known(text: str | int, is_so: bool) -> None:
    assert is_foreign(text) is is_so
