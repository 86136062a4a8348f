"""Templates and values that a random generator writes, to be rendered by both sides.

Most are made of what the recorded cases hold: an action with a literal, a function or a field put in another's place.
Others are written anew: calls with arguments of every kind, whole programs of nested statements, values with YAML's odd
scalars, and texts for the functions that parse: regular expressions, formats, versions, dates, JSON, TOML and addresses.
"""

# ruff: noqa: E501 - the lines are inputs, which are best seen whole

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cases import read_cases

from chartkit.engine.function_table import functions
from chartkit.profile import PROFILES

BANNED: Final = frozenset(
    "now lookup getHostByName genCA genPrivateKey genSelfSignedCert genSignedCert genCAWithKey genSelfSignedCertWithKey "
    "genSignedCertWithKey htpasswd bcrypt derivePassword randAlphaNum randAlpha randNumeric randAscii randInt randBytes "
    "uuidv4 shuffle encryptAES decryptAES env expandenv ago buildCustomCert".split()
)
"""Functions whose answer is another each time, takes long, or asks the machine."""
_GROWING: Final = frozenset("repeat until untilStep seq indent nindent".split())
"""Functions that a large number would make write without end."""

_TEXTS: Final = (
    r'"" "a" "abc" "é" "éx" "1.2.3" "1e3" "0x1F" "true" "null" "a,b,c" "a/b/c.txt" "-1" "~1.2" ">=1.0.0-0" "%s-%d" '
    r'"2020-01-02" "1h30m" "YWJj" "foo_bar-baz" "FooBarBaz" "[a-z]+" "$1" "http://u:p@h:80/p?q=1#f" "\u0000" "0755" '
    r'"1_000" ".5" "Inf" "2006-01-02T15:04:05Z" "a\nb\n" "a\tb" "[1,2]" "\xff" "k1" "x"'
).split() + ['"abc def"', '" x "', r'"{\"a\":1}"', '"a: 1"', '"Hello World"', '"- a\\n- b"', '"^1.x || ~2"']
_NUMBERS: Final = (
    "0 1 -1 2 3 10 255 1.5 -0.5 1e6 1e21 0.1 3.0 9223372036854775807 123456789 0x10 1e3 07 1_000 -9223372036854775808 "
    "0b101 0o17 'a' 2.5e-7"
).split()
_VALUES: Final = (
    "true false nil .Values.l .Values.m .Values.a .Values.b .Values.f .Values.nul .Values.mixed .Values.empty "
    ".Values.big .Values.nope .Values.el .Values.em .Values.neg .Values.mixed.l .Values.mixed.m .Values.m.k1 .Values.t "
    ".Release.Name .Chart.Name .Template.Name (list) (dict)"
).split() + [
    '(list 1 "a" nil 2.5 true)',
    '(dict "a" 1 "b" (dict "c" "d"))',
    '(list "b" "a" "c")',
    "(list 3 1 2)",
    "(int64 5)",
    "(float64 2)",
    '(list (list 1) (dict "x" 1))',
    '(toDate "2006-01-02" "2021-03-04")',
    "(list 1 1 2)",
    '(splitList "," "a,b")',
    '(atoi "7")',
    '(b64enc "x")',
    '(semver "1.2.3-rc.1+b")',
    '(duration "90")',
    "(tuple 1 2)",
    '(int "12")',
]
VALUES: Final = (
    "a: 1\nb: two\nf: 1.5\nt: true\nnul: null\nl: [x, yy, z]\nm: {k1: v1, k2: v2}\n"
    "mixed: {i: 1, f: 2.5, s: str, b: false, z: null, l: [1, null, a, [2]], m: {q: null}}\n"
    'empty: ""\nel: []\nem: {}\nzero: 0\nbig: 12345678\nneg: -7\nbigger: 123456789012\n'
)
HELPERS: Final = (
    '{{ define "one" }}{{ . }}{{ end }}{{ define "h.x" }}x{{ .Values.a }}{{ end }}'
    '{{ define "two" }}{{ range . }}{{ include "one" . }};{{ end }}{{ end }}{{ define "empty" }} {{ end }}'
)
_ACTION: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT: Final = re.compile(r"\{\{-?\s*(define|end|else|/\*|if|range|with|block|template|break|continue)")
_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|[\w.$]+|\s+|.', re.DOTALL)
_WORD: Final = re.compile(r"[A-Za-z]\w*")
# What shows a whole map of Go's own, a function or the machine's clock differs between two runs of Helm itself.
_UNSTABLE: Final = re.compile(r"[( ]\.[ )}|]|Capabilities|\$[ )}|]|HelmVersion|Values[ )}|]|15:04:05|Files[ )}|]")
# A text that is rendered as a template is given the dot.
_OF_TPL: Final = re.compile(r"\{\{ tpl .* \. \}\}", re.DOTALL)
_WHOLE: Final = (
    "{{ toYaml .Values }}", "{{ toJson .Values }}", "{{ .Values | toPrettyJson }}", "{{ toToml .Values }}",
    "{{ range $k, $v := .Values }}{{ $k }}={{ $v }}|{{ kindOf $v }};{{ end }}", '{{ printf "%v %T" .Values.v .Values.v }}',
    '{{ toYaml (merge (dict "w" (dict "a" 9)) .Values) }}', "{{ .Values.v | quote }}{{ .Values.v | squote }}",
)  # fmt: skip
"""Templates that show all values."""
_LARGE: Final = re.compile(r"\d{5,}|\d[eE]\+?\d|0x|\d_\d|big")


@dataclass(frozen=True, slots=True)
class Pair:
    """A template and values for it."""

    kind: str
    template: str
    values: str = VALUES


class Generator:
    """Writes pairs; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = sorted(set(functions(PROFILES["4.2"])) - BANNED - _GROWING)
        self.known = frozenset(functions(PROFILES["4.2"]))
        self.actions = _recorded_actions()
        self.ways: list[tuple[str, int, Callable[[], Pair]]] = [
            ("mutation", 34, self._mutation),
            ("call", 22, self._call),
            ("program", 20, self._program),
            ("parsing", 12, self._parsing),
            ("values", 12, self._values),
        ]

    def pair(self) -> Pair:
        """The next pair."""
        ways, weights = [way for _, _, way in self.ways], [weight for _, weight, _ in self.ways]
        while True:
            pair = self.random.choices(ways, weights)[0]()
            if _harmless(pair.template):
                return pair

    def _mutation(self) -> Pair:
        tokens = _TOKEN.findall(self.random.choice(self.actions))
        for _ in range(self.random.choice([1, 1, 2, 3])):
            places = [i for i, token in enumerate(tokens) if re.match(r'["`\d\w.$]', token)]
            if not places:
                break
            at = self.random.choice(places)
            if tokens[at] in self.known:
                tokens[at] = self.random.choice(self.names)
            elif tokens[at][0] in '"`.$' or tokens[at][0].isdigit() or tokens[at] in ("true", "false", "nil"):
                tokens[at] = self._atom()
        return Pair("mutation", "".join(tokens))

    def _atom(self) -> str:
        return self.random.choice(self.random.choice((_TEXTS, _TEXTS, _NUMBERS, _VALUES, _VALUES)))

    def _call(self) -> Pair:
        return Pair("call", f"{{{{ {self._expression(self.random.choice([1, 1, 1, 2, 2, 3]))} }}}}")

    def _expression(self, depth: int, variables: tuple[str, ...] = ()) -> str:
        if depth == 0:
            if variables and self.random.random() < 0.3:
                return self.random.choice(variables)
            return self._atom()
        name = self.random.choice(self.names)
        arguments = [self._inner(depth, variables) for _ in range(self.random.choice([1, 1, 2, 2, 3]))]
        if self.random.random() < 0.25:
            return f"{arguments[-1]} | {' '.join([name, *arguments[:-1]])}"
        return " ".join([name, *arguments])

    def _inner(self, depth: int, variables: tuple[str, ...]) -> str:
        if self.random.random() < 0.6:
            return self._expression(0, variables)
        inner = self._expression(depth - 1, variables)
        return f"({inner})" if depth > 1 else inner

    def _program(self) -> Pair:
        return Pair("program", self._body(3, ("$.Values.a",), in_loop=False), self._values_text())

    def _body(self, depth: int, variables: tuple[str, ...], *, in_loop: bool) -> str:
        parts: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            part, variables = self._statement(depth, variables, in_loop=in_loop)
            parts.append(part)
        return "".join(parts)

    def _statement(self, depth: int, variables: tuple[str, ...], *, in_loop: bool) -> tuple[str, tuple[str, ...]]:
        simple = ["text", "action", "action", "trimmed", "declare", "assign", "template", *["jump"] * in_loop]
        kind = self.random.choice([*simple, *["if", "with", "range", "pairs"] * (depth > 0)])
        value = self._expression(self.random.choice([0, 0, 1, 1, 2]), variables)
        name = f"$v{len(variables)}"
        if kind == "text":
            return self.random.choice(["x", "\n  ", "'\"\\{", "é ", "<no value>", " - "]), variables
        if kind == "declare":
            return f"{{{{ {name} := {value} }}}}", (*variables, name)
        if kind == "assign" and len(variables) > 1:
            return f"{{{{ {self.random.choice(variables[1:])} = {value} }}}}", variables
        if kind == "template":
            called = self.random.choice(["one", "two", "h.x", "empty", "none"])
            return f'{{{{ template "{called}" {self._expression(0, variables)} }}}}', variables
        if kind == "jump":
            jump = self.random.choice(["break", "continue"])
            return f"{{{{ if {self._expression(0, variables)} }}}}{{{{ {jump} }}}}{{{{ end }}}}", variables
        if kind in ("if", "with", "range", "pairs"):
            return self._block(kind, value, depth, variables, in_loop=in_loop), variables
        left, right = self.random.choice([("- ", " -"), ("- ", " "), (" ", " -")]) if kind == "trimmed" else (" ", " ")
        return f"{{{{{left}{value}{right}}}}}", variables

    def _block(self, kind: str, value: str, depth: int, variables: tuple[str, ...], *, in_loop: bool) -> str:
        key, element = f"$v{len(variables)}", f"$v{len(variables) + 1}"
        inner, head = variables, value
        if kind == "pairs":
            inner, head, kind = (*variables, key, element), f"{key}, {element} := {value}", "range"
        elif self.random.random() < 0.3:
            inner, head = (*variables, key), f"{key} := {value}"
        body = self._body(depth - 1, inner, in_loop=in_loop or kind == "range")
        other = ""
        if self.random.random() < 0.4:
            joined = f" {self.random.choice(['if', 'with'] if kind != 'range' else [''])}".rstrip()
            # Go accepts `else if` after if, and `else with` after with.
            joined = f" {kind} {self._expression(0, variables)}" if joined and self.random.random() < 0.5 else ""
            other = f"{{{{ else{joined} }}}}{self._body(depth - 1, variables, in_loop=in_loop)}"
        return f"{{{{ {kind} {head} }}}}{body}{other}{{{{ end }}}}"

    def _parsing(self) -> Pair:
        """A function that parses a text, with a text of its own alphabet."""
        name, alphabet, form = self.random.choice(_PARSERS)
        text = "".join(self.random.choice(alphabet) for _ in range(self.random.randint(1, 9)))
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        return Pair(f"parsing {name}", form.replace("TEXT", quoted))

    def _values(self) -> Pair:
        return Pair("values", self.random.choice(_WHOLE), self._values_text())

    def _values_text(self) -> str:
        if self.random.random() < 0.3:
            return VALUES
        lines = [f"{key}: {self._yaml(3)}" for key in ("a", "b", "l", "m", "v", "w")]
        return "\n".join(["mixed: {l: [1, a], m: {q: ~}}", *lines]) + "\n"

    def _yaml(self, depth: int) -> str:
        """A value in YAML's flow style."""
        kind = self.random.random()
        if depth == 0 or kind < 0.55:
            return self.random.choice(_SCALARS)
        if kind < 0.75:
            return f"[{', '.join(self._yaml(depth - 1) for _ in range(self.random.randint(0, 3)))}]"
        keys = self.random.sample(_KEYS, self.random.randint(0, 3))
        return "{" + ", ".join(f"{key}: {self._yaml(depth - 1)}" for key in keys) + "}"


_KEYS: Final = ["a", "k1", "x-y", "B", '"a b"', "'1'", "1", "true", "a.b", "é", "null", "1.5"]
_SCALARS: Final = (
    "~ null true False yes off 0 1 -7 1.0 1.50 1e3 1e21 0x1F 0o17 017 09 1_000 .5 5. .inf -.Inf .nan 123456789012 "
    "9223372036854775807 9223372036854775808 18446744073709551616 12345678901234567890123 -0 +1 0b11 2020-01-02 "
    '2020-01-02T03:04:05Z a é \'\' "" \'it\'\'s\' "a\\tb" "\\u00e9" "\\x41" y n = << 1:30 12e03 1e-7 0.1 3.14159'
).split() + ["!!str 1", "!!int '7'", "!!float 1", "!!bool 'yes'", "a b", "'a: b'"]
_PARSERS: Final = [
    ("regex", r"ab.*+?()[]^$|\dwsb{},12-:iPz", '{{ regexFindAll TEXT "abc ab12 b-a zz" -1 }}'),
    ("regex", r"ab.*+?()[]^$|\dwsbAQE{},12-", '{{ regexReplaceAll TEXT "abc ab12" "<$1>" }}'),
    ("regex", r"ab.*+?()[]^$|", '{{ regexSplit TEXT "ab,abc,b" 2 }}{{ regexMatch TEXT "aab" }}'),
    ("replacement", "$12{}ab_\\", '{{ regexReplaceAll "(a)(b)?" "abcab" TEXT }}'),
    ("printf", "%vsdqxXtTbcoUeEgGf+-# 0.123*[]", "{{ printf TEXT 1 }}|{{ printf TEXT `s` }}|{{ printf TEXT 2.5 }}"),
    ("printf", "%vsdqxTb+-# 0.123*[]", "{{ printf TEXT .Values.l }}|{{ printf TEXT .Values.mixed.m }}|{{ printf TEXT true nil }}"),
    ("semver", "0123.-+vxab*^~<>=!|, ", '{{ semverCompare TEXT "1.2.3" }}{{ semverCompare TEXT "1.2.3-rc.1" }}'),
    ("version", "0123.-+vab", "{{ (semver TEXT).Major }}|{{ semver TEXT }}"),
    ("layout", ["2006", "01", "02", "15", "04", "Jan", "Mon", "PM", "Z07:00", "MST", ".000", "-", "_2", "2", "1", " "],
     "{{ toDate `2006-01-02 15:04` `2021-03-04 05:06` | date TEXT }}"),
    ("duration", "0123.hmsnµu-", "{{ duration TEXT }}{{ durationRound TEXT }}"),
    ("json", '{}[]":,1e.-\\ntrufalse ', "{{ fromJson TEXT }}|{{ fromJsonArray TEXT }}"),
    ("yaml", "ab: -\n[]{},'\"#&*!|>1.~?", "{{ fromYaml TEXT | toJson }}|{{ fromYamlArray TEXT | toJson }}"),
    ("toml", "ab=\n[].\"1-: '#", "{{ fromToml TEXT | toJson }}"),
    ("url", "htp:/@?#%2[]ab.&= ", "{{ urlParse TEXT | toJson }}"),
    ("number", "0123456789.eE-+xXbo_aF", "{{ int TEXT }}|{{ int64 TEXT }}|{{ float64 TEXT }}|{{ atoi TEXT }}|{{ toDecimal TEXT }}"),
    ("case", "aB-_ 1éÉ.x", "{{ snakecase TEXT }}|{{ camelcase TEXT }}|{{ kebabcase TEXT }}|{{ title TEXT }}|{{ initials TEXT }}|{{ untitle TEXT }}|{{ swapcase TEXT }}"),
    ("path", "a/.b\\", "{{ base TEXT }}|{{ dir TEXT }}|{{ ext TEXT }}|{{ clean TEXT }}|{{ isAbs TEXT }}|{{ osBase TEXT }}"),
    ("wrap", "ab c\n é", "{{ wrap 3 TEXT }}|{{ wrapWith 2 `/` TEXT }}|{{ abbrev 5 TEXT }}|{{ trunc 3 TEXT }}|{{ nospace TEXT }}"),
    ("base", "aGVsbG8=-_/+\n", "{{ b64dec TEXT }}|{{ b32dec TEXT }}"),
    ("template", "{}-. \"`|()$ax1/*", "a{{TEXT}}b"),
    ("tpl", ["{{", "}}", ".Values.a", " ", "-", "|", "quote", "(", ")", "$x", ":=", "1", "end", "if", '"a"', "/*", "*/"], "{{ tpl TEXT . }}"),
]  # fmt: skip


def _recorded_actions() -> list[str]:
    """The actions of the recorded cases."""
    found: set[str] = set()
    for case in read_cases():
        if case["level"] == "engine" and "values" not in case:
            for name, text in case["files"].items():
                if name.startswith("templates/"):
                    found.update(each for each in _ACTION.findall(text) if not _STATEMENT.match(each))
    return sorted(found)


def _harmless(template: str) -> bool:
    words = set(_WORD.findall(template))
    if words & BANNED or (_UNSTABLE.search(template) and template not in _WHOLE and not _OF_TPL.fullmatch(template)):
        return False
    return not (words & _GROWING and _LARGE.search(template))
