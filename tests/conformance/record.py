"""Records the goldens of our own charts anew from real Helm: `make record`.

For every pair of a chart and a values file Helm is run in each version. What is no longer said is deleted, so that a
golden never outlives its values file. Look at the difference before you commit it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from goldens import CHECKSUMS, GOLDENS, ROOT, VERSIONS, Pair, checksums, pairs
from oracle import helm_binary, helm_template


def answers(pair: Pair) -> Iterator[tuple[Path, str]]:
    """Each golden of the pair with its text."""
    newer: tuple[bool, str] | None = None
    for profile, version in VERSIONS.items():
        answer = helm_template(version, pair.chart, pair.values)
        said = (answer.ok, answer.stdout if answer.ok else answer.error.replace(f"{ROOT}/", ""))
        if said != newer:
            yield pair.golden(profile, error=not answer.ok), said[1]
        newer = said


def record() -> int:
    """Write all goldens and their checksums; the result is how many there are."""
    for version in VERSIONS.values():
        helm_binary(version)
    with ThreadPoolExecutor(2) as pool:
        found = dict(golden for several in pool.map(lambda pair: list(answers(pair)), pairs()) for golden in several)
    for path in [path for path in GOLDENS.rglob("*") if path.is_file() and path not in found]:
        path.unlink()
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    CHECKSUMS.write_text(checksums(), encoding="utf-8")
    return len(found)


if __name__ == "__main__":
    sys.stdout.write(f"{record()} goldens in {GOLDENS.relative_to(ROOT)}\n")
