"""Every error that chartkit raises on purpose.

    ChartkitError
    |-- InputError              a file, flag or values document that cannot be used
    |-- ChartError              a chart that cannot be used
    |   |-- LoadError           ... cannot be read
    |   |-- DependencyError     ... misses a dependency
    |   `-- SchemaError         ... refuses the values
    |-- TemplateError           a template that cannot be rendered
    |   |-- ParseError          ... at parse time
    |   `-- ExecError           ... at run time
    |       `-- FailError       ... because the chart called `fail` or `required`
    |-- LimitError              a limit on time, output or size was reached
    `-- RegistryError
        |-- Unreachable
        |-- Unauthorized
        `-- NotFound

`str(error)` is the message in Helm's own words (what Helm prints after `Error: `); position and context are kept apart,
so that the command line can show them around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartkit.source import Position


class ChartkitError(Exception):
    """The root of all errors that are the input's fault, or the world's, and not chartkit's.

    Attributes:
        position: where in a source text the fault is, when that is known.
        hint: what to do next, as one sentence, or the empty string.
    """

    def __init__(self, message: str, *, position: Position | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.hint = hint


class InputError(ChartkitError):
    """A values file, flag or configuration that cannot be used."""


class ChartError(ChartkitError):
    """A chart that cannot be used."""


class LoadError(ChartError):
    """A chart folder or archive that cannot be read."""


class DependencyError(ChartError):
    """A chart whose declared dependencies are not there."""


class SchemaError(ChartError):
    """Values that a chart's values.schema.json refuses."""


class TemplateError(ChartkitError):
    """A template that cannot be parsed or rendered.

    Attributes:
        chain: positions from the outermost template inwards to the place of the fault.
    """

    def __init__(
        self,
        message: str,
        *,
        position: Position | None = None,
        chain: tuple[Position, ...] = (),
        hint: str = "",
    ) -> None:
        super().__init__(message, position=position, hint=hint)
        self.chain = chain


class ParseError(TemplateError):
    """A template that is not valid Go template text."""


class ExecError(TemplateError):
    """A template that failed while running."""


class FailError(ExecError):
    """A chart that refused its values by calling `fail` or `required`."""


class LimitError(ChartkitError):
    """A limit on time, output, depth or size that the input reached."""


class RegistryError(ChartkitError):
    """A registry that did not give what was asked."""


class Unreachable(RegistryError):
    """The registry could not be reached."""


class Unauthorized(RegistryError):
    """The registry refused the credentials, or wants some."""


class NotFound(RegistryError):
    """The registry has no such repository, tag or digest."""
