"""The typer door: help, shell completion and mistyped commands.

The options that typer shows and completes are made from the commands' flag tables; the words themselves are read by
`flags`, so that there is one grammar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command as build_group

from chartkit.cli.command import Command, Group
from chartkit.cli.commands import COMMANDS, SECTIONS, find_command, load_command
from chartkit.cli.flags import Flag
from chartkit.version import __version__

_ABOUT: Final = "Which images does a Helm chart pull, and which key decides that? Without Helm, and without a cluster."
_PLACEHOLDERS: Final = {"integer": "NUMBER", "decimal": "NUMBER", "list": "TEXT[,TEXT]"}
_SETTINGS: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"]}


def run_shell(words: Sequence[str]) -> int:
    """Run chartkit through typer; the result is the exit code, where typer does not exit by itself."""
    app = typer.Typer(
        cls=_LazyGroup, help=_ABOUT, no_args_is_help=True, rich_markup_mode=None, context_settings=_SETTINGS
    )
    app.callback()(_options)
    build_group(app).main(args=list(words), prog_name="chartkit")
    return 0


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chartkit {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Handle the options before a command's name."""


class _LazyGroup(TyperGroup):
    """The commands, each imported only when it is the one that is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _lines_of(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return name, _shown(load_command(name)) if name and found else None, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        # The names padded alike, so that the texts of all sections begin at one column.
        width = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), about) for name, (_, about) in commands.items()])


class _TableGroup(TyperGroup):
    """The commands that share a first word."""

    def __init__(self, group: Group) -> None:
        super().__init__(
            name=group.name, help=group.help, no_args_is_help=True, context_settings=_SETTINGS, rich_markup_mode=None
        )
        self.group = group
        self.commands = _lines_of(group.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        return name, _shown(find_command([self.group.name, name])[0]) if name and found else None, rest


def _lines_of(commands: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {name: TyperCommand(name, help=about, rich_markup_mode=None) for name, (_, about) in commands.items()}


def _shown(command: Command | Group) -> TyperCommand | TyperGroup:
    return _TableGroup(command) if isinstance(command, Group) else _TableCommand(command)


class _TableCommand(TyperCommand):
    """A command whose options come out of its flag table."""

    def __init__(self, command: Command) -> None:
        super().__init__(
            command.name.rpartition(" ")[2],
            params=[_option(flag) for flag in command.flags if flag.help],
            help=command.help,
            context_settings=_SETTINGS,
            rich_markup_mode=None,
        )
        self.command = command

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [self.command.usage]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing or not {"-h", "--help"}.isdisjoint(args):
            args = [word for word in args if ctx.resilient_parsing or word in ("-h", "--help")]
            return super().parse_args(ctx, args)
        ctx.args = args
        return args

    def invoke(self, ctx: Any) -> None:
        raise typer.Exit(self.command.run(ctx.args))


def _option(flag: Flag) -> TyperOption:
    switch = flag.kind == "switch"
    return TyperOption(
        param_decls=[*([f"-{flag.short}"] if flag.short else []), f"--{flag.name}"],
        help=flag.help,
        is_flag=switch,
        metavar=None if switch else _PLACEHOLDERS.get(flag.kind, "TEXT"),
        multiple=flag.kind in ("list", "repeated"),
        expose_value=False,
    )
