"""A headless Chromium, as Debian packs it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

SECONDS = 60


class Browser:
    """Opens pages of this machine; every call is a browser of its own."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder

    def dom(self, page: Path, address: str = "", *flags: str, width: int = 1280) -> str:
        """The document after its scripts have run."""
        return self._run(page, address, "--dump-dom", f"--window-size={width},900", *flags).stdout.decode()

    def dom_and_console(self, page: Path, address: str = "") -> tuple[str, list[str]]:
        """The same, with what the page had to say: refusals of its own policy and faults of its script."""
        done = self._run(page, address, "--dump-dom", "--enable-logging=stderr", "--v=0")
        return done.stdout.decode(), re.findall(r"CONSOLE.*", done.stderr.decode())

    def picture(self, page: Path, address: str = "", *, width: int, height: int = 900) -> bytes:
        """A picture of the page, PNG."""
        target = self._folder / "picture.png"
        self._run(page, address, f"--screenshot={target}", f"--window-size={width},{height}")
        return target.read_bytes()

    def printed(self, page: Path, address: str = "", *flags: str) -> bytes:
        """The page on paper, PDF."""
        target = self._folder / "page.pdf"
        self._run(page, address, f"--print-to-pdf={target}", "--no-pdf-header-footer", *flags)
        return target.read_bytes()

    def _run(self, page: Path, address: str, *flags: str) -> subprocess.CompletedProcess[bytes]:
        command = [
            self._program,
            *(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
                "--hide-scrollbars",
            ),
            f"--user-data-dir={self._folder / 'profile'}",
            *flags,
            f"{page.as_uri()}{address}",
        ]
        return subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A browser; the test is skipped where there is none."""
    program = which("chromium") or which("chromium-browser") or which("google-chrome")
    if program is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    return Browser(program, tmp_path_factory.mktemp("browser"))
