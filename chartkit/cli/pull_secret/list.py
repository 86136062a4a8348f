"""`chartkit pull-secret list`: which pull secrets each pod names, and what those that the chart renders hold.

`--format json` gives

    {"pods": [{"kind", "name", "namespace", "secrets", "serviceAccount"}],
     "rendered": [{"name", "namespace", "entries": [{"server", "username", "password"}], "fault"}]}

`serviceAccount` is the one whose secrets the pod gets, as it lists none itself. Passwords are `********`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chartkit.checks.pods import pull_names
from chartkit.checks.rendered_secrets import Secret, rendered_secrets
from chartkit.checks.subject import Subject
from chartkit.cli.checking import attempt, chosen, configuration, tasks_of
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import Flag
from chartkit.cli.pipeline import put
from chartkit.cli.subject import SUBJECT, read_command
from chartkit.cli.tables import as_columns, as_json
from chartkit.oci.credential import MASK

_FORMATS: Final = ("text", "json")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit pull-secret list`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form, config = chosen(words, "format", _FORMATS, "text"), configuration(words)
    pods: list[dict[str, Any]] = []
    rendered: list[dict[str, Any]] = []
    for task in tasks_of(words, profile, config):
        tried = attempt(task)
        if tried.failure is not None:
            raise tried.failure
        if tried.subject is not None:
            pods += _pods(tried.subject)
            rendered += map(_rendered, rendered_secrets(tried.subject))
    if form == "json":
        put(as_json({"pods": pods, "rendered": rendered}))
    else:
        put(as_columns(list(_secret_lines(rendered) if words.switch("rendered") else map(_pod_line, pods))))
    return CLEAN


def _pods(subject: Subject) -> list[dict[str, Any]]:
    """The pods, each once, in the order of the render."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for use in subject.likely:
        names = pull_names(use, subject)
        if names is not None:
            resource = use.resource
            row = {"kind": resource.kind, "name": resource.name, "namespace": names.namespace}
            given = {"secrets": list(names.names), "serviceAccount": names.account}
            found.setdefault((resource.kind, resource.name, names.namespace), {**row, **given})
    return list(found.values())


def _rendered(secret: Secret) -> dict[str, Any]:
    entries = [
        {
            "server": server,
            "username": entry.credential.username,
            "password": MASK if entry.credential.password else "",
        }
        for server, entry in secret.auths.items()
    ]
    return {"name": secret.name, "namespace": secret.namespace, "entries": entries, "fault": secret.fault}


def _pod_line(pod: dict[str, Any]) -> list[str]:
    account = pod["serviceAccount"]
    names = ", ".join(pod["secrets"]) or "-"
    return [f"{pod['kind']}/{pod['name']}", names, f"of ServiceAccount/{account}" if account else ""]


def _secret_lines(secrets: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    for secret in secrets:
        if secret["fault"]:
            yield [f"Secret/{secret['name']}", secret["fault"], "", ""]
        for entry in secret["entries"]:
            login = [f"user {entry['username'] or '-'}", f"password {entry['password'] or '-'}"]
            yield [f"Secret/{secret['name']}", entry["server"], *login]


COMMAND: Final = Command(
    name="pull-secret list",
    usage="[OPTIONS] [VALUES]...",
    help="List the pods with the pull secrets that they name, or get from their service accounts. With --rendered list "
    "the pull secrets that the chart makes, with their servers and users. Whether it all fits together says "
    "chartkit pull-secret verify.",
    flags=(
        Flag("rendered", "list the Secrets that are rendered, with masked passwords", "switch"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        *SUBJECT,
    ),
    run=run,
)
