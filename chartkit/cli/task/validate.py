"""`chartkit task validate`: whether the Task API takes a file, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.report import Outcome, Report
from chartkit.cli.checking import chosen, chosen_format
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.task.subject import AUTO, CONTAINER, FILES, chosen_dialect, one_word, read_container, read_file
from chartkit.profile import NEWEST
from chartkit.systems.task_api.partners import check_task
from chartkit.systems.task_api.reading import is_container, read_model
from chartkit.systems.task_api.rules import RULES

_SCHEMAS: Final = {"pc": "ProcessingContainer", "task": "Task"}


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task validate`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen_format(words)
    schema = chosen(words, "schema", (*_SCHEMAS, AUTO), AUTO)
    dialect = chosen_dialect(words)
    file = read_file(words, one_word(words, "processing-container.json or task.json"))
    if schema == AUTO:
        schema = "pc" if is_container(file) else "task"
    reading = read_model(file, _SCHEMAS[schema], dialect)
    findings = reading.findings
    if words.text("processing-container") and schema == "task" and reading.is_valid:
        findings += tuple(check_task(reading, read_container(words, words.text("processing-container"))))
    verdict = "not valid" if any(each.severity is Severity.ERROR for each in findings) else "valid"
    outcome = Outcome("", f"{file.source.name}: {verdict} as a {_SCHEMAS[schema]} of the dialect {reading.dialect}")
    report = Report(findings, (outcome,), rules=RULES)
    put(write(report, form))
    return report.exit_code


COMMAND: Final = Command(
    name="task validate",
    usage="[OPTIONS] FILE",
    help="Check a processing-container.json or a task.json against the models of the Task API; keys that Kaapana "
    "passes over are warned of.",
    flags=(
        Flag("schema", f"what the file is: {', '.join(_SCHEMAS)} or {AUTO} (default: by its keys)", "text"),
        CONTAINER,
        *FILES,
        Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"),
    ),
    run=run,
)
