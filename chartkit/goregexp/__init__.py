"""Go's regular expressions (RE2) in Python: the same syntax, the same matches, the same error texts, in bounded time.

A pattern is read by `syntax` into a small tree. `translate` writes the tree as a Python pattern wherever Python's
engine finds the same match; `risk` tells which patterns could make a backtracking engine slow on a given text, and
those run on `machine`, which steps through the text once.
"""

from __future__ import annotations

from chartkit.goregexp.errors import InvalidRegexp
from chartkit.goregexp.regexp import Regexp, compile_regexp, quote_meta

__all__ = ["InvalidRegexp", "Regexp", "compile_regexp", "quote_meta"]
