"""The trace rules: one table of calls with the spans or entries that each rule gives.

Spans are written as in the tests of the tracer: `TEXT = KEY` where characters are copied, `TEXT ~ KEYS` where they are
computed, the consulted keys behind `?`; the spans that nothing is known of are left out.
"""

from __future__ import annotations

import random
from copy import deepcopy
from itertools import product
from typing import Any

import pytest

from chartkit.ambient import Ambient
from chartkit.engine.function_table import functions
from chartkit.engine.trace_rules import BEFORE, RULES
from chartkit.gotemplate.origins import OriginTable
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import StateFunction
from chartkit.gotemplate.traced import TracedRun
from chartkit.gotemplate.tracer import TracingCompiler
from chartkit.gotypes import Function, GoObject
from chartkit.origin import Lookup, Span, pieces
from chartkit.profile import NEWEST
from chartkit.source import Source

DATA = {
    "a": "alpha",
    "b": "beta",
    "n": 3,
    "up": "UP",
    "path": "x/y.z",
    "blank": "",
    "on": True,
    "lines": "one\ntwo",
    "list": ["x", "y", "x"],
    "other": ["z"],
    "map": {"k": "kay", "l": {"m": "em"}},
    "over": {"k": "okay", "p": "pee"},
    "quoted": {"q": "1"},
    "yaml": "r: s\n",
}


def _shown(text: str, span: Span) -> str:
    shown = text[span.start : span.end]
    if span.sources:
        shown += f" {'=' if span.copied else '~'} {_keys(span.sources)}"
    return f"{shown} ? {_keys(span.consulted)}" if span.consulted else shown


def _keys(lookups: tuple[Lookup, ...]) -> str:
    return ", ".join(".".join(map(str, lookup.path)) for lookup in lookups)


def _spans(template: str) -> list[str]:
    table_of_functions = functions(NEWEST)
    compiler = TracingCompiler(table_of_functions, rules=RULES, before=BEFORE)
    made = compiler.template(parse(Source("t", template), table_of_functions)["t"])
    data = deepcopy(DATA)
    table = OriginTable()
    table.register(data, "values", ())
    run = TracedRun(Ambient(random=random.Random(3)), compiler, table=table)
    text = run.execute({"t": made}, made, data)
    return [_shown(text, span) for span in pieces(run.result, text) if span.sources or span.consulted]


TEXTS = {
    "trim": ('printf " %s " .a | trim', ["alpha = a"]),
    "trimAll": ('.a | trimAll "a"', ["lph = a"]),
    "trimSuffix": ('.a | trimSuffix "pha"', ["al = a"]),
    "trimSuffix by key": ("trimSuffix .b .a", ["alpha = a ? b"]),
    "trimPrefix": ('.a | trimPrefix "al"', ["pha = a"]),
    "trunc": ("trunc 3 .a", ["alp = a"]),
    "trunc at end": ("trunc -3 .a", ["pha = a"]),
    "trunc by key": ("trunc (int .n) .a", ["alp = a ? n"]),
    "substr": ("substr 1 3 .a", ["lp = a"]),
    "base": ("base .path", ["y.z = path"]),
    "dir": ("dir .path", ["x = path"]),
    "ext": ("ext .path", [".z = path"]),
    "regexFind": ('regexFind "p." .a', ["ph = a"]),
    "nospace": ('nospace "a b"', []),
    "nospace of key": ("nospace .a", ["alpha = a"]),
    "quote": ("quote .a", ["alpha = a"]),
    "quote of number": ("quote .n", ["3 ~ n"]),
    "quote with escapes": ("quote .lines", ['"one\\ntwo" ~ lines']),
    "squote": ("squote .a", ["alpha = a"]),
    "quote of two": ("quote .a .b", ['"alpha" "beta" ~ a, b']),
    "indent": ("indent 2 .a", ["alpha = a"]),
    "indent of lines": ("indent 2 .lines", ["one\n = lines", "   ~ lines", "two = lines"]),
    "nindent": ("nindent 1 .a", ["alpha = a"]),
    "replace": ('replace "ph" "-" .a', ["al = a", "- ? a", "a = a"]),
    "replace by key": ('replace "ph" .b .a', ["al = a", "beta = b ? a", "a = a"]),
    "lower": ("lower .up", ["up ~ up"]),
    "lower, unchanged": ("lower .a", ["alpha = a"]),
    "upper": ("upper .a", ["ALPHA ~ a"]),
    "title": ("title .a", ["Alpha ~ a"]),
    "toString": ("toString .a", ["alpha = a"]),
    "toString of number": ("toString .n", ["3 ~ n"]),
    "join": ('join "" .list', ["x = list.0 ? list", "y = list.1 ? list", "x = list.2 ? list"]),
    "join by key": ("join .a .other", ["z = other.0 ? other"]),
    "printf": ('printf "%s/%s" .a .b', ["alpha = a", "beta = b"]),
    "printf, quoted": ('printf "%q" .a', ["alpha = a"]),
    "printf, number": ('printf "%d" .n', ["3 ~ n"]),
    "printf, width": ('printf "%6s" .a', [" alpha ~ a"]),
    "printf, percent": ('printf "%d%%" .n', ["3 ~ n"]),
    "printf, too few": ('printf "%s %s" .a', ["alpha %!s(MISSING) ~ a"]),
    "print": ("print .a .b", ["alpha = a", "beta = b"]),
    "println": ("println .a", ["alpha\n ~ a"]),
    "cat": ("cat .a .b", ["alpha = a", "beta = b"]),
    "regexReplaceAll": ('regexReplaceAll "l" .a "L"', ["aLpha ~ a"]),
    "regexReplaceAll, no match": ('regexReplaceAll "q" .a "L"', ["alpha = a"]),
    "b64enc": ("b64enc .a", ["YWxwaGE= ~ a"]),
    "sha256sum of map": ("toJson .map | sha256sum | trunc 4", ["5d54 ~ map.k, map.l.m"]),
    "split": ('(split "/" .path)._1', ["y.z = path"]),
    "splitList": ('splitList "/" .path | first', ["x = path ? path"]),
    "splitn": ('(splitn "/" 2 .path)._0', ["x = path"]),
    "regexSplit": ('regexSplit "/" .path -1 | last', ["y.z = path ? path"]),
    "regexFindAll": ('regexFindAll "[xy]" .path -1 | join ""', ["x = path ? path", "y = path ? path"]),
}
CONTAINERS = {
    "default": ('.blank | default "x"', ["x ? blank"]),
    "coalesce": ("coalesce .blank .a", ["alpha = a ? blank"]),
    "coalesce, nothing": ('coalesce .blank "" | default "x"', ["x ? blank"]),
    "ternary": ("ternary .a .b .on", ["alpha = a ? on"]),
    "required": ('required "m" .a', ["alpha = a"]),
    "dict": ('(dict "x" .a).x', ["alpha = a"]),
    "dict, dynamic": ('get (dict "x" .a) "x"', ["alpha = a"]),
    "dict of map": ('(dict "x" .map).x.k', ["kay = map.k"]),
    "list": ("index (list .a .b) 1", ["beta = b"]),
    "set": ('(set .map "k" .a).k', ["alpha = a"]),
    "set, seen later": ('set .map "k" .a | len }}{{ .map.k', ["2 ~ map", "alpha = a"]),
    "set by key": ("(set .map .b .a).beta", ["alpha = a ? b"]),
    "unset": ('(unset .map "k").k', ["<no value> ? map.k"]),
    "get": ('get .map "k"', ["kay = map.k"]),
    "get, missing": ('get .map "zz" | default .a', ["alpha = a ? map.zz"]),
    "hasKey": ('hasKey .map "k"', ["true ~ map.k"]),
    "index": ('index .map "l" "m"', ["em = map.l.m"]),
    "dig": ('dig "l" "m" "x" .map', ["em = map.l.m"]),
    "dig, missing": ('dig "l" "zz" .a .map', ["alpha = a ? map.l.zz"]),
    "pluck": ('pluck "k" .map .over | first', ["kay = map.k ? map.k, over.k"]),
    "keys": ("keys .over | sortAlpha | first", ["k ~ over, over.k, over.p ? over, over.k, over.p"]),
    "values": ('values (dict "x" .a) | first', ["alpha = a"]),
    "pick": ('(pick .map "k").k', ["kay = map.k"]),
    "omit": ('(omit .map "k").l.m', ["em = map.l.m"]),
    "omit, gone": ('(omit .map "k").k | default .a', ["alpha = a ? map.k"]),
    "deepCopy": ("(deepCopy .map).l.m", ["em = map.l.m"]),
    "merge, first wins": ("(merge .map .over).k", ["kay = map.k ? over.k"]),
    "merge, second": ("(merge .map .over).p", ["pee = over.p"]),
    "merge of copy": ("(merge (deepCopy .map) .over).l.m", ["em = map.l.m"]),
    "merge into new": ("(merge (dict) .map .over).k", ["kay = map.k ? over.k"]),
    "mergeOverwrite": ("(mergeOverwrite .map .over).k", ["okay = over.k ? map.k"]),
    "mergeOverwrite, kept": ("(mergeOverwrite .map .over).l.m", ["em = map.l.m"]),
    "first": ("first .list", ["x = list.0 ? list"]),
    "last": ("last .list", ["x = list.2 ? list"]),
    "rest": ("rest .list | last", ["x = list.2 ? list"]),
    "initial": ("initial .list | last", ["y = list.1 ? list"]),
    "reverse": ("reverse .list | first", ["x = list.2 ? list"]),
    "slice": ("slice .list 1 2 | first", ["y = list.1 ? list"]),
    "append": ("append .list .a | last", ["alpha = a ? list, a"]),
    "prepend": ("prepend .list .a | first", ["alpha = a ? list, a"]),
    "concat": ("concat .list .other | last", ["z = other.0 ? list, other"]),
    "uniq": ("uniq .list | last", ["y = list.1 ? list.0, list.1, list.2"]),
    "compact": ("compact (list .blank .a) | first", ["alpha = a ? blank, a"]),
    "without": ('without .list "x" | first', ["y = list.1 ? list.0, list.1, list.2"]),
    "sortAlpha": ("sortAlpha .list | last", ["y = list.1 ? list.0, list.1, list.2"]),
    "chunk": ("index (chunk 2 .list) 1 0", ["x = list.2"]),
    "toStrings": ("toStrings .list | first", ["x = list.0 ? list.0, list.1, list.2"]),
    "lookup": ('lookup "v1" "Pod" .a .b | len', []),
    "unstable": ("randAlpha 3 | len", ["3 ~ randAlpha"]),
    "unstable by key": ("randNumeric (int .n) | len", ["3 ~ randNumeric ? n"]),
}
THROUGH_YAML = {
    "toYaml": ("toYaml .map", ["kay = map.k", "em = map.l.m"]),
    "toYaml, quoted": ("toYaml .quoted", ["1 = quoted.q"]),
    "toYaml of text": ("toYaml .a", ["alpha = a"]),
    "toYaml of list": ("toYaml .other", ["z = other.0"]),
    "toJson": ("toJson .over", ["okay = over.k", "pee = over.p"]),
    "fromYaml": ("(fromYaml .yaml).r", ["s = yaml"]),
    "there and back": ("(.map | toYaml | fromYaml).l.m", ["em = map.l.m"]),
    "there and back, missing": ("(.map | toYaml | fromYaml).zz | default .a", ["alpha = a ? map.zz"]),
    "fromJson": ('(fromJson (printf `{"x":"%s"}` .a)).x', ["alpha = a"]),
    "fromYamlArray": ('fromYamlArray (printf "- %s" .a) | first', ["alpha = a ? a"]),
    "no YAML": ('(fromYaml (printf "- %s" .a)).x | default .b', ["beta = b ? a"]),
}
TABLE = {
    f"{family}: {name}": row
    for family, table in (("text", TEXTS), ("container", CONTAINERS), ("yaml", THROUGH_YAML))
    for name, row in table.items()
}


@pytest.mark.parametrize(("expression", "wanted"), TABLE.values(), ids=TABLE.keys())
def test_rule_tells_where_characters_come_from(expression, wanted):
    assert _spans(f"{{{{ {expression} }}}}") == wanted


COARSE = set("fromToml until untilStep urlParse buildCustomCert".split())
"""Functions whose containers hold nothing as it went in: each entry has the union of all that went in."""
SAMPLES: dict[str, list[Any]] = {
    "string": ["k", "a/b", '{"k": "v"}', '["v"]', "v1"],
    "int": [1, 3],
    "map": [{"k": "v", "m": {"n": "o"}}],
    "any": [{"k": "v"}, ["b", "a"], "k", 2],
    "bool": [True],
    "value": [{"k": "v"}, "k", 0],
}


def _samples(function: Function) -> list[tuple[Any, ...]]:
    parameters = list(function.params)
    kinds = [SAMPLES.get(parameter, [None]) for parameter in parameters]
    more = [[*kinds, kinds[-1]]] if function.variadic else []
    return [deepcopy(values) for every in (kinds, *more) for values in product(*every)]


def _handles_containers(function: Function) -> bool:
    """Whether some call of a function gives a container, or changes one that went in."""
    for values in _samples(function):
        before = deepcopy(values)
        extra = (Ambient(random=random.Random(1)),) if function.ambient else ()
        try:
            result = function.call(*extra, *values)
        except Exception:  # noqa: BLE001, S112 - most samples fit no function
            continue
        if values != before or (isinstance(result, (dict, list)) and not isinstance(result, GoObject)):
            return True
    return False


def test_every_function_that_makes_or_changes_containers_has_a_rule():
    table = functions(NEWEST)
    # `and` and `or` have closures of their own; the others are slow, and give no container of what went in.
    special = {
        "and",
        "or",
        "genPrivateKey",
        "genCA",
        "genSelfSignedCert",
        "htpasswd",
        "bcrypt",
        "getHostByName",
        "derivePassword",
    }
    found = {
        name
        for name in table
        if not isinstance(table[name], StateFunction) and name not in special and _handles_containers(table[name])
    }
    assert {"dict", "set", "merge", "fromYaml", "splitList", "append"} <= found
    assert found - RULES.keys() == COARSE & found


def test_rules_belong_to_functions():
    assert set(RULES) <= set(functions(NEWEST))
    assert set(BEFORE) <= set(RULES)
