"""`--show-only`: the documents of some files, cut out of the final text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from chartkit.chart.ignore import InvalidPattern, compile_pattern
from chartkit.errors import InputError
from chartkit.manifests.split import split_documents
from chartkit.pattern import pattern as late_pattern
from chartkit.profile import Layout

_SOURCE: Final = late_pattern(r"# Source: [^/]+/(.+)")


def show_only(text: str, patterns: Sequence[str], layout: Layout) -> str:
    """The documents of a final text whose files match the patterns, pattern by pattern.

    Raises:
        InputError: if no document matches one of the patterns.
    """
    documents = [document for _, document in split_documents(text, layout)]
    sources = [_SOURCE.search(document) for document in documents]
    chosen: list[str] = []
    for pattern in patterns:
        matches = _matcher(pattern)
        found = [doc for doc, source in zip(documents, sources, strict=True) if source and matches(source[1])]
        if not found:
            raise InputError(
                f"could not find template {pattern} in chart",
                hint="patterns are paths relative to the chart, such as templates/deployment.yaml or templates/*.yaml",
            )
        chosen += found
    return "".join(f"---\n{document}\n" for document in chosen)


def _matcher(pattern: str) -> Callable[[str], object]:
    try:
        return compile_pattern(pattern).fullmatch
    except InvalidPattern:
        # Helm overlooks a malformed pattern: it matches nothing.
        return lambda _path: None
