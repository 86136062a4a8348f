"""`chartkit pull-secret verify`: whether every pod of a render can pull its images.

Each image of each pod is held against the Secrets that the pod names, or else its service account, by the kubelet's own
rules. Secrets that the chart does not render are external: `--secret` brings them in. With `--online` the registries
are asked for each image, with the credentials that the kubelet would use.

| exit code | meaning |
|---|---|
| 0 | every image is covered, needs no secret, or is pulled by one that is not known |
| 1 | an image is uncovered or invalid, a Secret is of no use, or a registry refuses its login or has no such image |
| 2 | the command line, a file or a Secret given by `--secret` makes no sense, or a chart cannot be rendered |
| 3 | a registry could not be asked (`--online`) |

`--format json` adds to the report of other checks:

    "pulls": [{"target", "resource": {"kind", "name", "namespace"}, "container", "image", "verdict", "secrets",
               "serviceAccount", "reason", "answer", "digest"}]

`verdict` is covered, external, uncovered, invalid, local, node, public, anonymous or unknown; `answer` is what
`chartkit exists` says, empty without `--online`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from chartkit.checks.coverage import Coverage, Known, Verdict
from chartkit.checks.levels import Levels
from chartkit.checks.masking import passwords_in
from chartkit.checks.pull_answers import Asked
from chartkit.checks.registry_pattern import Pattern, read_pattern
from chartkit.checks.report import joined
from chartkit.checks.subject import Subject
from chartkit.checks.verify_pull_secrets import Verification, judge, verify
from chartkit.cli.checking import (
    CHECKING,
    Attempt,
    Task,
    attempt,
    chosen_format,
    configuration,
    deliver_report,
    failed,
    tasks_of,
)
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag, Words
from chartkit.cli.network import JOBS
from chartkit.cli.pull_secret.cluster import named_in, read_given
from chartkit.cli.pull_secret.shield import shielded
from chartkit.cli.subject import read_command
from chartkit.cli.tables import as_columns, as_json, as_markdown
from chartkit.errors import ChartkitError

_TITLES: Final = ("pod", "container", "image", "secret", "verdict")
KNOWN: Final = (
    Flag(
        "secret",
        "a Secret or service account of the cluster in YAML or JSON, or a docker config.json, which stands for "
        "all Secrets or for NAME=FILE; may be repeated",
        "repeated",
    ),
    Flag("node-credentials", "a registry, perhaps with a path, that the nodes have credentials for", "list"),
    Flag("public", "a registry, path or image that needs no credentials", "list"),
    Flag(
        "private",
        "a registry, path or image that needs credentials, on a registry that also has public ones",
        "list",
    ),
)
"""The flags that say what is known of the cluster."""


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit pull-secret verify`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form, config = chosen_format(words), configuration(words)
    known = known_by(words)
    with shielded(set()):
        attempts = [_attempt(task) for task in tasks_of(words, profile, config)]
    levels = Levels(settings=config.rules if config else {})
    subjects = [each.subject for each in attempts if each.subject and each.failure is None]
    verified = [_verified(subject, known, levels, words) for subject in subjects]
    reports = [each.report for each in verified] + [failed(each) for each in attempts if each.failure is not None]
    rows = [row for subject, each in zip(subjects, verified, strict=True) for row in _rows(subject, each)]
    return deliver_report(joined(reports), attempts, form, _dress(rows, form))


def _attempt(task: Task) -> Attempt:
    """What came of a task; a failure that is kept for the report has no password in it."""
    found = attempt(task)
    if found.failure is None:
        return found
    passwords = frozenset(passwords_in(found.subject.effective)) if found.subject else frozenset()
    try:
        with shielded(passwords):
            raise found.failure
    except ChartkitError as failure:
        return replace(found, failure=failure)


def known_by(words: Words) -> Known:
    """What the words say of the cluster."""
    secrets, accounts = read_given(words.texts("secret"))
    return Known(
        secrets,
        accounts,
        _patterns(words, "node-credentials"),
        _patterns(words, "public"),
        _patterns(words, "private"),
    )


def _patterns(words: Words, flag: str) -> tuple[Pattern, ...]:
    return tuple(map(read_pattern, words.texts(flag)))


def known_to(subject: Subject, known: Known) -> Known:
    """What is known, where service accounts without a namespace are in that of the release."""
    return replace(known, accounts=named_in(known.accounts, subject.namespace))


def _verified(subject: Subject, known: Known, levels: Levels, words: Words) -> Verification:
    found = judge(subject, known_to(subject, known))
    asked: Sequence[Asked] = ()
    if words.switch("online"):
        from chartkit.cli.pull_secret.online import ask

        asked = ask(found, words)
    return verify(subject, found, levels, asked=asked, external_fails=words.switch("no-external"))


def _rows(subject: Subject, verified: Verification) -> list[dict[str, Any]]:
    outcomes = {id(each.coverage): each.outcome for each in verified.asked}
    return [_row(subject, each, outcomes.get(id(each))) for each in verified.coverages]


def _row(subject: Subject, coverage: Coverage, outcome: Any) -> dict[str, Any]:
    use = coverage.use
    resource = {"kind": use.resource.kind, "name": use.resource.name, "namespace": coverage.names.namespace}
    return {
        "target": subject.target,
        "resource": resource,
        "container": use.container,
        "image": use.text,
        "verdict": str(coverage.verdict),
        "secrets": list(coverage.secrets),
        "serviceAccount": coverage.names.account,
        "reason": coverage.reason,
        "answer": str(outcome.answer) if outcome else "",
        "digest": outcome.digest if outcome else "",
    }


def _dress(rows: Sequence[dict[str, Any]], form: str) -> Callable[[str], str]:
    """What puts the table of images around a report; formats of other tools have no place for it."""

    def dress(text: str) -> str:
        if form == "json":
            from json import loads

            return as_json({**loads(text), "pulls": list(rows)})
        if not rows or form not in ("text", "markdown"):
            return text
        cells = [_cells(row) for row in rows]
        if form == "markdown":
            return f"{text}\n{as_markdown(cells, _TITLES)}"
        return f"{as_columns([[title.upper() for title in _TITLES], *cells])}\n{text}"

    return dress


def _cells(row: dict[str, Any]) -> list[str]:
    resource = row["resource"]
    pod = f"{resource['kind']}/{resource['name']}"
    said = Verdict(row["verdict"]).said
    answer = f", {row['answer']}" if row["answer"] else ""
    named = f"{row['target']}: {pod}" if row["target"] else pod
    return [named, row["container"] or "-", row["image"], _secrets(row), f"{said}{answer}"]


def _secrets(row: dict[str, Any]) -> str:
    names, account = ", ".join(row["secrets"]), row["serviceAccount"]
    # The service account has a say only where the pod lists nothing itself.
    is_by_account = row["verdict"] == Verdict.COVERED and account
    return f"{names} (of ServiceAccount/{account})" if is_by_account else names or "-"


COMMAND: Final = Command(
    name="pull-secret verify",
    usage="[OPTIONS] [VALUES]...",
    help="Check that every pod can pull its images: those of all containers, hooks, image volumes and custom resources "
    "with pods. A Secret must be named by the pod, or by its service account where the pod lists none, and cover the "
    "image by the kubelet's rules. Without VALUES the targets of chartkit.yaml are checked.",
    flags=(
        *KNOWN,
        Flag("no-external", "take Secrets that are neither rendered nor given for findings"),
        Flag("online", "ask the registries for each image, with the credentials of the Secrets"),
        JOBS,
        *CHECKING,
    ),
    run=run,
)
