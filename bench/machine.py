"""Other programs: what they print, how long they take, and the most memory that they hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A process inherits the peak of the one it was forked from, so that a large one cannot measure a small one: a bare
# interpreter in between starts it and tells.
_BETWEEN = """
import os, resource, subprocess, sys
with open(os.devnull, "wb") as nowhere:
    code = subprocess.run(sys.argv[1:], stdout=nowhere, stderr=nowhere).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where programs run: away from the settings of the user, with a cache of their own."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "KUBECONFIG": "/nonexistent",
            "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }

    def run(self, words: Sequence[str], more: Mapping[str, str] | None = None) -> str:
        """What a program prints.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        environment = {**self.environment, **(more or {})}
        # Not from here: a chartkit.yaml of the user's must not count.
        done = subprocess.run(words, env=environment, cwd=self.home, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "replace")

    def peak(self, words: Sequence[str]) -> float | None:
        """The most memory that a program holds, in MB; `None` if it fails."""
        between = [sys.executable, "-I", "-S", "-c", _BETWEEN, *words]
        code, kilobytes = self.run(between).split()
        return int(kilobytes) / 1024 if code == "0" else None


def pin_to_one_core() -> str:
    """Stay on one core from here on, other programs that are started too; says which."""
    if not hasattr(os, "sched_setaffinity"):
        return "all cores (this system cannot pin)"
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"core {core} alone"
