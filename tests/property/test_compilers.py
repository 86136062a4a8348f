"""The two compilers against each other: templates that hypothesis writes, over values of every kind."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chartkit.errors import ChartkitError
from chartkit.profile import PROFILES

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from tiers import both, chart_of  # noqa: E402

QUICK = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

HELPERS = (
    '{{ define "one" }}{{ . }}{{ end }}{{ define "a" }}{{ .Values.a }}{{ end }}'
    '{{ define "two" }}{{ range . }}{{ include "one" . }};{{ end }}{{ end }}'
)
FIELDS = [
    ".Values.a", ".Values.b", ".Values.m", ".Values.m.k", ".Values.m.j.i", ".Values.l", ".Values.missing",
    ".Values.nil",
    ".Values.missing.x", ".Values.m.nope", ".Values.t", ".Values.n", ".", ".k", ".Values", "$.Values.a", "$.Values.m",
    ".Release.Name", ".Chart.Version", ".Chart.Annotations.x", ".Files.x", ".Template.Name",
    ".Capabilities.KubeVersion",
]  # fmt: skip
LITERALS = [
    '"s"',
    '""',
    '"a"',
    "`raw`",
    "0",
    "1",
    "-3",
    "2.5",
    "true",
    "false",
    "nil",
    "'c'",
    '"%s-%v"',
    '"é\\n"',
    "1e3",
]
UNARY = [
    "quote", "squote", "toYaml", "toJson", "upper", "not", "len", "kindOf", "typeOf", "toString", "empty", "first",
    "int", "trim", "b64enc", "default", "print", "list", "dict", "keys", "sortAlpha", "until", "fromYaml", "float64",
    "required `r`", "nindent 2", "indent 4", "trunc 3", "default `d`", "eq `x`", "hasKey .Values", "tpl .Values.text",
    "ternary 1 2", "join `,`", "printf `%s`", "printf `%v|%d`", "contains `a`", "hasPrefix `s`", "kindIs `map`",
    "trimSuffix `-`", "replace `a` `b`", "include `one`", "include `two`", "get .Values.m", "index .Values.l", "semver",
    "coalesce nil", "and .Values.t", "or .Values.nil", "omit .Values.m", "without .Values.l", "append .Values.l",
]  # fmt: skip
BINARY = [
    "eq", "ne", "lt", "and", "or", "default", "coalesce", "index", "get", "hasKey", "dict", "list", "printf", "add",
    "has",
    "contains", "trimSuffix", "trunc", "nindent", "include", "merge", "set .Values", "ternary 1", "pluck", "append",
    "cat",
    "dig `a`", "print", "join", "mustMerge", "concat", "semverCompare", "splitList", "max", "div", "tpl", "unset",
    "fail",
]  # fmt: skip


SCALARS = [None, True, False, 0.0, 1.0, 2.5, -3.0, "", "x", "s-", "a: 1", "{{ .Values.a }}", "1.2.3", "é"]
TEXTS = ["x", "\n  ", "'\"\\{", "é", "<no value>"]
TPL_TEXTS = ["plain", "{{ .Values.a }}", "{{ include `one` . }}", "{{ .x.y }}"]


SAFE_FIELDS = [
    ".Values.a",
    ".Values.m",
    ".Values.m.k",
    ".Values.l",
    ".Values.missing",
    "$.Values.b",
    ".Values.t",
    ".Release.Name",
]
SAFE_UNARY = [
    "quote",
    "toYaml",
    "not",
    "kindOf",
    "toString",
    "empty",
    "toJson",
    "default `d`",
    "squote",
    "print",
    "list",
]
SAFE_BINARY = ["and", "or", "default", "coalesce", "list", "print", "cat"]


class Writer:
    """Writes a template: each variable that it names has been declared."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pick = chance.choice
        # Most templates fail at once if everything is drawn evenly, and nothing is learnt of what stands behind.
        careful = chance.random() < 0.8
        self.fields = FIELDS + SAFE_FIELDS * (8 * careful)
        self.unary = UNARY + SAFE_UNARY * (12 * careful)
        self.binary = BINARY + SAFE_BINARY * (12 * careful)
        self.variables = ["$"]

    def expression(self, depth: int = 2) -> str:
        """One operand."""
        shape = self.chance.randrange(8) if depth else 0
        if shape < 3:
            named = [*self.variables, *(f"{name}.k" for name in self.variables)]
            return self.pick([*self.fields, *LITERALS, *named, *named])
        inner = self.expression(depth - 1)
        if shape == 3:
            return f"({self.pick(self.unary)} {inner})"
        if shape == 4:
            return f"({inner} | {self.pick(self.unary)})"
        if shape == 5:
            return f"({inner}).k"
        other = self.expression(depth - 1)
        return f"({self.pick(self.binary)} {inner} {other})" if shape == 6 else f"(and {inner} {other} {inner})"

    def body(self, depth: int = 3, *, in_loop: bool = False) -> str:
        """Statements; what they declare is known to them alone."""
        known = len(self.variables)
        kinds = ["text", "action", "action", "pipe", "declare", "assign"]
        kinds += ["branch", "branch", "range", "range_two", "template"] if depth else []
        kinds += ["leave"] if in_loop else []
        parts = [getattr(self, self.pick(kinds))(depth, in_loop) for _ in range(self.chance.randint(1, 4))]
        del self.variables[known:]
        return "".join(parts)

    def text(self, depth: int, in_loop: bool) -> str:
        return self.pick(TEXTS)

    def action(self, depth: int, in_loop: bool) -> str:
        return f"{{{{ {self.expression()} }}}}"

    def pipe(self, depth: int, in_loop: bool) -> str:
        return f"{{{{- {self.expression()} | {self.pick(self.unary)} | {self.pick(self.unary)} -}}}}"

    def declare(self, depth: int, in_loop: bool) -> str:
        value = self.expression()
        self.variables.append(f"$v{len(self.variables)}")
        return f"{{{{ {self.variables[-1]} := {value} }}}}"

    def assign(self, depth: int, in_loop: bool) -> str:
        known = self.variables[1:]
        return f"{{{{ {self.pick(known)} = {self.expression()} }}}}" if known else ""

    def leave(self, depth: int, in_loop: bool) -> str:
        return f"{{{{ {self.pick(['break', 'continue'])} }}}}"

    def template(self, depth: int, in_loop: bool) -> str:
        return f"{{{{ template `{self.pick(['one', 'two', 'a', 'none'])}` {self.expression()} }}}}"

    def branch(self, depth: int, in_loop: bool) -> str:
        value, known = self.expression(), len(self.variables)
        if self.chance.random() < 0.4:
            self.variables.append(f"$w{known}")
            value = f"$w{known} := {value}"
        text = f"{{{{ {self.pick(['if', 'with'])} {value} }}}}{self.body(depth - 1, in_loop=in_loop)}"
        if self.chance.random() < 0.5:
            text += f"{{{{ else }}}}{self.body(depth - 1, in_loop=in_loop)}"
        del self.variables[known:]
        return f"{text}{{{{ end }}}}"

    def range(self, depth: int, in_loop: bool) -> str:
        inside = self.body(depth - 1, in_loop=True)
        return f"{{{{ range {self.expression()} }}}}{inside}{{{{ else }}}}{self.body(depth - 1)}{{{{ end }}}}"

    def range_two(self, depth: int, in_loop: bool) -> str:
        value, known = self.expression(), len(self.variables)
        self.variables += [f"$k{known}", f"$e{known}"]
        inside = self.body(depth - 1, in_loop=True)
        del self.variables[known:]
        return f"{{{{ range $k{known}, $e{known} := {value} }}}}{inside}{{{{ end }}}}"

    def value(self, depth: int = 2) -> Any:
        """A value of a chart."""
        shape = self.chance.randrange(4) if depth else 0
        if shape < 2:
            return self.pick(SCALARS)
        if shape == 2:
            return [self.value(depth - 1) for _ in range(self.chance.randrange(4))]
        return {self.pick("akij"): self.value(depth - 1) for _ in range(self.chance.randrange(4))}

    def values(self) -> dict[str, Any]:
        """The values that the fields of the templates are looked up in."""
        return {
            "a": self.value(0),
            "b": self.value(),
            "m": {"k": self.value(0), "j": {"i": self.value()}},
            "l": [self.value() for _ in range(self.chance.randrange(4))],
            "t": self.pick([True, False]),
            "n": self.pick([0.0, 1.0, 3.0, 1e21]),
            "nil": None,
            "text": self.pick(TPL_TEXTS),
        }


def _check(seed: int, helm: str) -> None:
    writer = Writer(random.Random(seed))
    template, values = writer.body(), writer.values()
    try:
        chart = chart_of({"templates/t.yaml": template, "templates/_h.tpl": HELPERS, "x": "f"}, PROFILES[helm])
    except ChartkitError:
        return
    exact, fast = both(chart, values)
    assert fast == exact, (template, values)


@pytest.mark.property
@QUICK
@given(st.integers(0, 1 << 40), st.sampled_from(["4.3", "3.17"]))
def test_compilers_agree(seed: int, helm: str) -> None:
    _check(seed, helm)


@pytest.mark.property(long=True)
@LONG
@given(st.integers(0, 1 << 40), st.sampled_from(sorted(PROFILES)))
def test_compilers_agree_on_many_templates(seed: int, helm: str) -> None:
    _check(seed, helm)
