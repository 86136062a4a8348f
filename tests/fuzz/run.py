"""Throws spoilt inputs at the fuzz targets for as long as one likes: `make fuzz`.

    run.py [--seconds N] [--engine atheris|own] [--out FOLDER] [--figures FILE] [TARGET...]

Each target runs in a process of its own, with a bound on its memory and on each input's time. With atheris the inputs
are led by what code they reach; without it, they are spoilt seeds. An input that breaks a target is kept in the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from budget import SECONDS, TookTooLong, hold_memory, within
from mutation import LONGEST, mutate

if TYPE_CHECKING:
    from targets import Target

_MEMORY_MIB: Final = 3000
_STATS: Final = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def run_own(target: Target, seconds: float, out: Path, seed: int) -> dict[str, Any]:
    """Try spoilt seeds; gives the figures."""
    choice, end = random.Random(seed), time.monotonic() + seconds
    tried, slowest, found = 0, 0.0, set[str]()
    while time.monotonic() < end:
        data = mutate(choice, target.seeds, target.words)
        started = time.monotonic()
        try:
            with within():
                target.attempt(data)
        except (Exception, TookTooLong) as failure:  # noqa: BLE001 - whatever it is, it is a finding
            frame = traceback.extract_tb(failure.__traceback__)[-1]
            kind = f"{type(failure).__name__}-{Path(frame.filename).stem}-{frame.lineno}"
            if kind not in found:
                found.add(kind)
                (out / f"{target.name}-{kind}").write_bytes(data)
        tried += 1
        slowest = max(slowest, time.monotonic() - started)
    return {"target": target.name, "tried": tried, "crashes": sorted(found), "slowest": round(slowest, 1)}


def run_atheris(name: str, seconds: float, out: Path) -> None:
    """Let atheris lead the inputs; it ends the process by itself."""
    import atheris

    with atheris.instrument_imports(include=["chartkit"]):
        from targets import TARGETS

        target = TARGETS[name]
        for seed in target.seeds:
            # What is imported late is instrumented too when it is imported here.
            target.attempt(seed)
    corpus = out / f"corpus-{target.name}"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = out / f"words-{target.name}"
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in target.words if word))
    flags = [
        f"-max_total_time={seconds:.0f}",
        f"-timeout={SECONDS:.0f}",
        f"-rss_limit_mb={_MEMORY_MIB}",
        "-print_final_stats=1",
    ]
    flags += [f"-max_len={LONGEST}", f"-artifact_prefix={out}/{target.name}-", f"-dict={words}", str(corpus)]
    atheris.Setup([sys.argv[0], *flags], lambda data: _attempt(target, data))
    atheris.Fuzz()


def _attempt(target: Target, data: bytes) -> None:
    target.attempt(data)


def _figures(target: str, given: argparse.Namespace) -> dict[str, Any]:
    """One target in a process of its own."""
    command = [sys.executable, __file__, "--one", target, "--engine", given.engine, "--seconds", str(given.seconds)]
    command += ["--out", str(given.out), "--seed", str(given.seed)]
    before = set(given.out.iterdir())
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=here, check=False)
    if given.engine == "own" and done.returncode == 0:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
    kept = [path.name for path in set(given.out.iterdir()) - before if path.name.startswith(f"{target}-")]
    count = _STATS.search(done.stderr)
    crashes = kept or ([f"ended with {done.returncode}"] if done.returncode else [])
    return {"target": target, "tried": int(count[1]) if count else 0, "crashes": crashes, "slowest": 0.0}


def main() -> int:
    """Run; the result is 1 if anything broke."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--engine", choices=("atheris", "own"), default="atheris" if find_spec("atheris") else "own")
    parser.add_argument("--out", type=Path, default=Path(".fuzz"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.one:
        if given.engine == "atheris":
            run_atheris(given.one, given.seconds, given.out)
            return 0
        from targets import TARGETS

        hold_memory(_MEMORY_MIB)
        print(json.dumps(run_own(TARGETS[given.one], given.seconds, given.out, given.seed)))
        return 0
    from targets import TARGETS

    total, broken = 0, 0
    print("| target | inputs | crashes |\n|---|---:|---|")
    for name in given.targets or TARGETS:
        found = _figures(name, given)
        total, broken = total + found["tried"], broken + len(found["crashes"])
        print(f"| {name} | {found['tried']:,} | {', '.join(found['crashes']) or 'none'} |", flush=True)
    print(f"| all | {total:,} | {broken or 'none'} |")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
