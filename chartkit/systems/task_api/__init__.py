"""The Kaapana Task API: processing containers, tasks, and how a task is run.

    json_file (Jinja2, JSON, places) -> reading (dialect, fields, problems) -> models
    models of template and task -> merge -> scaling -> docker (argv) or kubernetes (Pod, Secret)
    dag (Python's syntax tree) -> channels (CK404)

Two dialects are known: `seed`, that of the developer guide, and `0.6`, that of the release; `fields` is their table.
"""

from __future__ import annotations
