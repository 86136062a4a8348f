"""Many renders in one run: many charts, many values files, in this process or in many.

    from chartkit.fleet import Run, check_all

    runs = [Run(chart="charts/app", given={"files": [file]}, expectation=wanted) for file in files]
    for checked in check_all(runs, executor=any_concurrent_futures_executor):
        print(checked.name, checked.report.exit_code)

What goes to a worker and what comes back is plain data: paths and settings one way, reports the other. A worker
compiles a chart when it first meets it, and keeps it for the batches that follow.
"""

from __future__ import annotations

from chartkit.fleet.pool import check_all, process_pool
from chartkit.fleet.run import Checked, Run

__all__ = ["Checked", "Run", "check_all", "process_pool"]
