"""The compiler and runtime: one table of templates, data, and the output or the error in Go's words."""

import pytest

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.builtins import FUNCTIONS as BUILTINS
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import ExecFailure, Run
from chartkit.gotypes import Function, FunctionError, IntList, StringList
from chartkit.limits import Limits
from chartkit.source import Source


def boom(text):
    raise FunctionError(f"boom {text}")


FUNCTIONS = {
    function.name: function
    for function in (
        *BUILTINS,
        Function("upper", str.upper, ("string",)),
        Function("list", lambda *items: list(items), ("any",), variadic=True),
        Function("until", lambda count: IntList(range(count)), ("int",)),
        Function("names", lambda: StringList(["a", "b"])),
        Function("size", len, ("map",)),
        Function("boom", boom, ("string",)),
    )
}
DATA = {
    "a": 3.0,
    "b": "two",
    "l": ["x", "y"],
    "m": {"k": "v", "j": {"i": "deep"}},
    "nil": None,
    "holes": [None],
    "t": True,
    "empty": {},
}


def render(text, data=DATA, limits=None, ranges_integers=True):
    compiler = Compiler(FUNCTIONS, ranges_integers=ranges_integers)
    templates = {name: compiler.template(tree) for name, tree in parse(Source("t", text), FUNCTIONS).items()}
    ambient = Ambient(limits=limits) if limits else Ambient()
    return Run(ambient, compiler).execute(templates, templates["t"], data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ .b }}", "two"),
        ("{{ .a }}", "3"),
        ("{{ .m.j.i }}", "deep"),
        ("{{ .nope }}|{{ .nil }}", "<no value>|<no value>"),
        ("{{ (.nope).x }}", "<no value>"),
        ("{{ ((.nope).x).y }}", "<no value>"),
        ("{{ $x := .nil }}{{ $x.foo.bar }}", "<no value>"),
        ("{{ if .t }}y{{ else }}n{{ end }}", "y"),
        ("{{ if .empty }}y{{ else if .b }}b{{ else }}n{{ end }}", "b"),
        ("{{ with .m }}{{ .k }}{{ $.b }}{{ end }}", "vtwo"),
        ("{{ with .nil }}{{ else with .b }}{{ . }}{{ end }}", "two"),
        ("{{ range .l }}{{ . }},{{ end }}", "x,y,"),
        ("{{ range $i, $e := .l }}{{ $i }}{{ $e }}{{ end }}", "0x1y"),
        ("{{ range $k, $v := .m }}{{ $k }} {{ end }}", "j k "),
        ("{{ range .empty }}x{{ else }}none{{ end }}", "none"),
        ("{{ range .nil }}x{{ else }}none{{ end }}", "none"),
        ("{{ range 3 }}{{ . }}{{ end }}", "012"),
        (
            "{{ range $i := until 4 }}{{ if eq $i 1 }}{{ continue }}{{ end }}"
            "{{ if eq $i 3 }}{{ break }}{{ end }}{{ $i }}{{ end }}",
            "02",
        ),
        ("{{ $i := 9 }}{{ $e := 9 }}{{ range $i, $e = .l }}{{ end }}{{ $i }}{{ $e }}", "1y"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"),
        ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
        ("{{ ($x := 5) }}{{ $x }}", "55"),
        ("{{ define \"d\" }}[{{ . }}]{{ end }}{{ template \"d\" .b }}{{ template \"d\" }}", "[two][<no value>]"),
        ("{{ block \"d\" .m }}{{ .k }}{{ end }}", "v"),
        ("{{ upper .b | printf \"%s-%s\" \"x\" }}", "x-TWO"),
        ("{{ and .b .a }}{{ and .nil .nil.x }}|{{ or .nil .b (boom \"x\") }}", "3<no value>|two"),
        ("{{ 1e3 }} {{ 0x10 }} {{ 'a' }} {{ 1_000 }} {{ .5 }}", "1000 16 97 1000 0.5"),
        ("{{ until 2.0 }}", "[0 1]"),
        ("{{ (list 1 (list 2)) }}", "[1 [2]]"),
        ("{{ $n := .nil }}{{ size $n }}", "0"),
    ],
)  # fmt: skip
def test_execute_writes(text, expected):
    assert render(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "node", "message"),
    [
        ("{{ .m.x.y }}", "1:5", ".m.x.y", "nil pointer evaluating interface {}.y"),
        ("\t{{ .x.y }}", "1:6", ".x.y", "nil pointer evaluating interface {}.y"),
        ("é{{ .x.y }}", "1:7", ".x.y", "nil pointer evaluating interface {}.y"),
        ("\n{{ .b.foo }}", "2:5", ".b.foo", "can't evaluate field foo in type interface {}"),
        ("{{ (.b).foo }}", "1:4", ".b", "can't evaluate field foo in type string"),
        ("{{ range .holes }}{{ .foo }}{{ end }}", "1:21", ".foo", "nil pointer evaluating interface {}.foo"),
        ("{{ range names }}{{ .foo }}{{ end }}", "1:20", ".foo", "can't evaluate field foo in type string"),
        ("{{ range $v := .holes }}{{ $v.foo }}{{ end }}", "1:29", "$v.foo", "nil pointer evaluating interface {}.foo"),
        ("{{ upper .nope }}", "1:9", ".nope", "wrong type for value; expected string; got interface {}"),
        ("{{ $x := .nope }}{{ upper $x }}", "1:26", "$x", "invalid value; expected string"),
        ("{{ .nope | upper }}", "1:11", "upper", "invalid value; expected string"),
        ("{{ .a | upper }}", "1:8", "upper", "wrong type for value; expected string; got float64"),
        ("{{ upper 5 }}", "1:9", "5", "expected string; found 5"),
        ("{{ upper nil }}", "1:9", "nil", "cannot assign nil to string"),
        ("{{ until 1.5 }}", "1:9", "1.5", "expected integer; found 1.5"),
        ("{{ until .a }}", "1:9", ".a", "wrong type for value; expected int; got float64"),
        ("{{ size .b }}", "1:8", ".b", "wrong type for value; expected map[string]interface {}; got string"),
        ('{{ size "x" }}', "1:8", '"x"', "can't handle \"x\" for arg of type map[string]interface {}"),
        (
            "{{ size .nope }}",
            "1:8",
            ".nope",
            "wrong type for value; expected map[string]interface {}; got interface {}",
        ),
        ("{{ upper }}", "1:3", "upper", "wrong number of args for upper: want 1 got 0"),
        ("{{ eq }}", "1:3", "eq", "wrong number of args for eq: want at least 1 got 0"),
        ("{{ .b 1 }}", "1:3", ".b", "b is not a method but has arguments"),
        ("{{ . 1 }}", "1:3", ".", "can't give argument to non-function ."),
        ("{{ (list 1 2) 3 }}", "1:3", "(list 1 2) 3", "can't give argument to non-function list 1 2"),
        ("{{ nil }}", "1:3", "nil", "nil is not a command"),
        ("{{ $x = 1 }}", "1:8", "1", "undefined variable: $x"),
        ("{{ if false }}{{ $z := 1 }}{{ else }}{{ $z }}{{ end }}", "1:40", "$z", "undefined variable: $z"),
        ("{{ range .b }}{{ end }}", "1:9", ".b", "range can't iterate over two"),
        ("{{ range $i, $j := 3 }}{{ end }}", "1:19", "3", "can't use 3 to iterate over more than one variable"),
        ('{{ template "zz" . }}', "1:12", '{{template "zz" .}}', 'template "zz" not defined'),
        ('{{ boom "a" }}', "1:3", 'boom "a"', "error calling boom: boom a"),
        ('{{ "a" | boom | upper }}', "1:9", "boom", "error calling boom: boom a"),
        ("{{ 9223372036854775808 }}", "1:3", "9223372036854775808", "9223372036854775808 overflows int"),
    ],
)  # fmt: skip
def test_execute_fails_in_gos_words(text, place, node, message):
    with pytest.raises(ExecFailure) as caught:
        render(text)
    assert caught.value.text == f'template: t:{place}: executing "t" at <{node}>: {message}'


def test_execute_names_the_template_that_failed():
    with pytest.raises(ExecFailure) as caught:
        render('{{ define "p" }}\n {{ .foo.bar }}{{ end }}{{ template "p" .m }}')
    assert caught.value.text.startswith('template: t:2:8: executing "p" at <.foo.bar>: ')


def test_range_over_an_integer_fails_where_the_profile_has_none():
    with pytest.raises(ExecFailure, match="range can't iterate over 3"):
        render("{{ range 3 }}{{ end }}", ranges_integers=False)


def test_execute_stops_at_the_limit_of_loop_passes():
    with pytest.raises(LimitError, match="loop passes"):
        render("{{ range 100000 }}{{ end }}", limits=Limits(loop_steps=10_000))


def test_execute_stops_at_the_limit_of_output():
    doubling = '{{ $x := "0123456789abcdef" }}{{ range 40 }}{{ $x = printf "%s%s" $x $x }}{{ end }}'
    with pytest.raises(LimitError, match="characters"):
        render(doubling, limits=Limits(output_characters=1_000_000))


def test_execute_stops_at_the_limit_of_time():
    with pytest.raises(LimitError, match="seconds"):
        render("{{ range 100000000 }}{{ end }}", limits=Limits(seconds=0.05))


def test_execute_keeps_recursion_to_gos_depth_out_of_python():
    with pytest.raises(RecursionError):
        render('{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}')
