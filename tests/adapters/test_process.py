from __future__ import annotations

import sys

import pytest

from chartkit.adapters.process import filter_text
from chartkit.errors import InputError


def test_filter_text_passes_bytes_through() -> None:
    script = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().replace(b'a', b'b'))"
    assert filter_text([sys.executable, "-c", script], "a\udcffé") == "b\udcffé"


def test_filter_text_of_a_program_that_fails() -> None:
    with pytest.raises(InputError, match=r"error while running command .*\noh no$"):
        filter_text([sys.executable, "-c", "import sys; sys.exit('oh no')"], "a")


def test_filter_text_of_a_program_that_says_nothing() -> None:
    with pytest.raises(InputError, match="produced empty output"):
        filter_text([sys.executable, "-c", "pass"], "a")


def test_filter_text_of_no_program() -> None:
    with pytest.raises(InputError, match='cannot run "no-such-program": No such file'):
        filter_text(["no-such-program"], "a")
