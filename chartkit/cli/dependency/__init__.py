"""`chartkit dependency`: the charts that a chart depends on, as `helm dependency` has them."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="dependency",
    help="The charts that a chart depends on: what is there, and how to get the rest. Repositories are folders "
    "(file://), chart repositories (http, https) and registries (oci://).",
    commands={
        "list": ("chartkit.cli.dependency.list", "List them, and whether each is there."),
        "update": (
            "chartkit.cli.dependency.update",
            "Get the newest versions that Chart.yaml admits; write Chart.lock.",
        ),
        "build": ("chartkit.cli.dependency.build", "Get the very versions that Chart.lock names."),
    },
)
