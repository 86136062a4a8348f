"""Run the pages of the manual and write what their blocks print into them: `make docs-record`.

Look at the difference before it is kept: a page must say what is right, not only what is printed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pages import DOCS, all_pages, rewritten, run_page


def record(page: Path) -> bool:
    """Run one page; whether it had to be changed."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        new = rewritten(text, list(run_page(text, Path(folder).resolve())))
    if new != text:
        page.write_text(new, encoding="utf-8")
    return new != text


def main(names: list[str]) -> None:
    """Record the pages that are named by a part of their path, or all."""
    os.environ["CHARTKIT_CACHE"] = "off"
    for page in all_pages():
        name = page.relative_to(DOCS).as_posix()
        if not names or any(part in name for part in names):
            print(name, "changed" if record(page) else "as it was")


if __name__ == "__main__":
    main(sys.argv[1:])
