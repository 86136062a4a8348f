"""`chartkit task`: processing containers and tasks of the Kaapana Task API."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="task",
    help="Processing containers and tasks of the Kaapana Task API: check their files, show what is run in the end, run "
    "it by docker or podman, or render it for Kubernetes, and check how the tasks of a DAG pass their data on.",
    commands={
        "validate": ("chartkit.cli.task.validate", "Check a processing-container.json or a task.json."),
        "show": ("chartkit.cli.task.show", "Show a processing container, or what a task comes to."),
        "plan": ("chartkit.cli.task.plan", "Show the tasks of a DAG, and check their channels."),
        "run": ("chartkit.cli.task.run", "Run a task by docker or podman, or render it for Kubernetes."),
        "logs": ("chartkit.cli.task.logs", "Print what a task that was run has said."),
        "status": ("chartkit.cli.task.status", "Say how far a task that was run is."),
    },
)
