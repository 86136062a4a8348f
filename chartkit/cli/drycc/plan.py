"""`chartkit drycc plan`: what values say of the registry, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.drycc.places import position_of
from chartkit.cli.drycc.subject import SUBJECT, SYSTEM, settings_of, system_of, values_files, values_of
from chartkit.cli.exits import CLEAN, FINDINGS, tell
from chartkit.cli.flags import Flag, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_columns, as_json
from chartkit.profile import NEWEST

if TYPE_CHECKING:
    from chartkit.systems.drycc.app_images import Cluster
    from chartkit.systems.drycc.plan import App, Plan
    from chartkit.values.inputs import ValuesInput


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit drycc plan`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", ("text", "json"), "text")
    from chartkit.systems.drycc.plan import make_plan

    values = values_of(words)
    plan = make_plan(
        settings_of(words, values),
        _app(words),
        values_files=values_files(words),
        cluster=_cluster(words),
        system=system_of(words),
    )
    put(as_json(plan.row()) if form == "json" else _text(plan))
    return _tell_findings(values, words.text("location"))


def _app(words: Words) -> App:
    from chartkit.systems.drycc.plan import App

    usual = App()
    given = (words.text(flag) for flag in ("app", "sha", "process-type"))
    return App(*(text or default for text, default in zip(given, usual.words, strict=True)))


def _cluster(words: Words) -> Cluster:
    from chartkit.systems.drycc.app_images import Cluster

    usual = Cluster()
    return Cluster(words.text("registry-service") or usual.registry, words.text("registry-proxy") or usual.proxy)


def _text(plan: Plan) -> str:
    from chartkit.systems.drycc.plan import shown_fields

    settings = plan.settings
    rows = [
        ("keys", f"generation {settings.generation} ({settings.generation.about})"),
        ("location", settings.location),
        *((f"  {name}", text or "-") for name, text in shown_fields(settings).items()),
        ("app image", plan.image or f"unknown: {plan.reason}"),
        *(("secret", f"{name}: {', '.join(keys)}") for name, keys in plan.secrets.items()),
        ("pull secret", plan.pull_secret or "none: the proxy of the registry wants no login"),
    ]
    return as_columns(rows) + "".join(_environment(plan)) + "\n" + "".join(f"{each}\n" for each in plan.commands)


def _environment(plan: Plan) -> Iterator[str]:
    for component, variables in plan.environment.items():
        yield f"\n{component}\n"
        yield from (f"  {variable}\n" for variable in variables)


def _tell_findings(values: ValuesInput, location: str) -> int:
    """Say on standard error what `check` would; the result is the exit code."""
    from chartkit.checks.finding import Severity
    from chartkit.systems.drycc.check import check_values

    # The plan stands on standard output; what is wrong with it goes beside it.
    worst = Severity.INFO
    for rule, remark in check_values(values.data, location):
        severity = remark.severity or rule.severity
        position = position_of(values, remark.path)
        tell(f"{position or '.'.join(remark.path) or location}: {severity} {rule.id}: {remark.message}. {rule.fix}")
        worst = max(worst, severity)
    return FINDINGS if worst is Severity.ERROR else CLEAN


COMMAND: Final = Command(
    name="drycc plan",
    usage="[OPTIONS] [VALUES]...",
    help="Say what values for Drycc Workflow come down to, whatever their generation: where the registry is, how the "
    "images of apps are called, which Secrets there are, what builder and controller are told, and the commands to "
    "run. The exit code is 1 where something mandatory is missing.",
    flags=(
        Flag("format", "text (default) or json", "text"),
        *SUBJECT,
        SYSTEM,
        Flag("app", "the app whose image is named (default: myapp)", "text"),
        Flag("sha", "the commit of the app (default: abcdef1)", "text"),
        Flag("process-type", "the process type of the app (default: web)", "text"),
        Flag("registry-service", "host and port of the in-cluster registry (default: drycc-registry:5000)", "text"),
        Flag("registry-proxy", "host and port of its proxy on the nodes (default: 127.0.0.1:5555)", "text"),
    ),
    run=run,
)
