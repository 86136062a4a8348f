"""Compares chartkit with real Helm over templates and values that a generator writes: `make conformance-fuzz`.

    fuzz.py [--pairs N] [--seed N] [--processes N] [--limit SECONDS] [--out FILE]

Each pair of a template and values is rendered by the engine of Helm 4.2.3 in this process and by both of chartkit's
compilers. Their texts must be the same, and so must the errors. A pair that Helm itself answers differently from time
to time (maps that Go walks in random order) is counted apart.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from snippets import HELPERS, Generator, Pair
from workers import Failure, run_all

from chartkit import Release
from chartkit.ambient import Ambient
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.engine.compiled import CompiledChart, Tier
from chartkit.errors import ChartkitError
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.values.inputs import ValuesInput

_METADATA: Final = 'apiVersion: v2\nname: tc\nversion: 0.1.0\nappVersion: "1.2.3"\n'
_PROFILE: Final = PROFILES["4.2"]
_TEMPLATE: Final = "tc/templates/t.yaml"
_BATCH: Final = 250
_TRIES: Final = 20
_ADDRESS: Final = re.compile(r"0x[0-9a-f]{6,}")
_LONE: Final = re.compile("[\ud800-\udfff]")
_UNREADABLE: Final = "'utf-8' codec"
_SHOWN: Final = 300
SAME, RANDOM, DIFFERENT, LOST = "same", "no one answer of Helm", "different", "lost"
Answer = tuple[str, str]
Job = tuple[int, int, int]


def files_of(pair: Pair) -> dict[str, str]:
    """The chart that a pair is rendered in."""
    return {
        "Chart.yaml": _METADATA,
        "values.yaml": pair.values,
        "templates/_helpers.tpl": HELPERS,
        "templates/t.yaml": pair.template,
    }


def by_helm(files: dict[str, str]) -> Answer:
    """What Helm makes of it."""
    from helm_python import chart as engine

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in files.items():
            data = text.encode("utf-8", "surrogateescape")
            member = tarfile.TarInfo(f"tc/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    try:
        loaded = engine.Chart.load_archive(gzip.compress(packed.getvalue(), 0))
    except Exception as failure:  # noqa: BLE001 - the engine's failures have no common class
        return "no chart", str(failure)
    try:
        return "text", str(loaded.render(values={}, name="rel", namespace="default").get(_TEMPLATE))
    except Exception as failure:  # noqa: BLE001 - the engine's failures have no common class
        return "error", str(failure)
    finally:
        loaded.close()


def by_us(files: dict[str, str], tier: Tier) -> Answer:
    """What one of chartkit's compilers makes of it."""
    try:
        read = [File(name, text.encode("utf-8", "surrogateescape")) for name, text in files.items()]
        chart = chart_from_files(read, profile=_PROFILE)
    except ChartkitError as failure:
        return "no chart", str(failure)
    except Exception as failure:  # noqa: BLE001 - a crash is a finding like any other
        return "crash", repr(failure)
    try:
        ambient = Ambient(_PROFILE, limits=Limits(seconds=20))
        rendering = CompiledChart(chart, _PROFILE, tier=tier).render(ValuesInput(), Release("rel"), ambient=ambient)
    except ChartkitError as failure:
        return "error", str(failure)
    except Exception as failure:  # noqa: BLE001 - a crash is a finding like any other
        return "crash", repr(failure)
    return "text", str(rendering.files.get(_TEMPLATE))


def compare(pair: Pair) -> tuple[str, str, dict[str, Any]]:
    """The verdict over a pair, the kind of Helm's answer, and what was said where the sides differ."""
    files = files_of(pair)
    exact, fast, helm = by_us(files, Tier.EXACT), by_us(files, Tier.FAST), by_helm(files)
    if _plain(exact) == _plain(helm) == _plain(fast):
        return SAME, helm[0], {}
    if helm[1].startswith(_UNREADABLE):
        # The bindings cannot hand over an error with bytes that are not UTF-8.
        return RANDOM, helm[0], {}
    others = {_plain(by_helm(files)) for _ in range(_TRIES)}
    if others - {_plain(helm)}:
        return RANDOM, helm[0], {}
    said = {who: [kind, text[-_SHOWN:]] for who, (kind, text) in (("helm", helm), ("exact", exact), ("fast", fast))}
    return DIFFERENT, helm[0], {"kind": pair.kind, "template": pair.template, "values": pair.values, **said}


def _plain(answer: Answer) -> Answer:
    """An answer without addresses in memory, and with bytes that are not UTF-8 as the engine's JSON has them."""
    kind, text = answer
    # A chart whose values cannot be read is refused in other words by the bindings.
    if kind == "no chart":
        return kind, ""
    # An error comes as a text of C, which ends at the first zero byte.
    text = text.partition("\0")[0] if kind == "error" else text
    return kind, _ADDRESS.sub("0x", _LONE.sub("\ufffd", text))


def run_batch(job: Job) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The verdicts over the pairs of a seed from one number to another."""
    seed, start, stop = job
    generator = Generator(seed)
    pairs = [generator.pair() for _ in range(stop)][start:]
    counts: Counter[str] = Counter()
    found = []
    for pair in pairs:
        verdict, answer, said = compare(pair)
        counts[verdict] += 1
        counts[f"Helm: {answer}"] += 1
        counts[f"of {pair.kind.partition(' ')[0]}"] += 1
        if said:
            found.append(said)
    return dict(counts), found


def _results(jobs: list[Job], processes: int, limit_s: float) -> Iterator[tuple[dict[str, int], list[dict[str, Any]]]]:
    """What came of all jobs; one that brought its process down is cut in halves, down to the pair at fault."""
    while jobs:
        lost: list[Job] = []
        for (seed, start, stop), result, _ in run_all(run_batch, jobs, processes=processes, limit_s=limit_s):
            if not isinstance(result, Failure):
                yield result
            elif stop - start > 1:
                middle = (start + stop) // 2
                lost += [(seed, start, middle), (seed, middle, stop)]
            else:
                generator = Generator(seed)
                pair = [generator.pair() for _ in range(stop)][-1]
                yield (
                    {LOST: 1},
                    [{"kind": LOST, "template": pair.template, "values": pair.values, "why": result.reason}],
                )
        jobs = lost


def main() -> int:
    """Run; the result is 1 if the sides differ anywhere."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a batch of pairs")
    parser.add_argument("--out", type=Path, help="where the differences go, one JSON object a line")
    given = parser.parse_args()
    jobs = [(given.seed * 1_000_000 + number, 0, _BATCH) for number in range(max(1, given.pairs // _BATCH))]
    total: Counter[str] = Counter()
    out = given.out.open("w", encoding="utf-8") if given.out else sys.stdout
    for counts, found in _results(jobs, given.processes, given.limit):
        total.update(counts)
        for each in found:
            print(json.dumps(each), file=out, flush=True)
        print(dict(total), file=sys.stderr, flush=True)
    return 1 if total[DIFFERENT] or total[LOST] else 0


if __name__ == "__main__":
    sys.exit(main())
