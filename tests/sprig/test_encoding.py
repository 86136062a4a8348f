"""Encodings, check sums, JSON and TOML functions, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.ambient import Ambient
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import FunctionError, NilMap, NilSlice
from chartkit.profile import PROFILES
from chartkit.sprig import encoding, toml

AMBIENT = Ambient(profile=PROFILES["4.2"])
FUNCTIONS = {function.name: function for function in (*encoding.FUNCTIONS, *toml.FUNCTIONS)}

RESULTS = [
    ("b64dec", ("aGVsbG8=x",), "illegal base64 data at input byte 8"),
    ("b64dec", ("aGVsbG8=",), "hello"),
    ("b64dec", ("aGVsbG8==",), "illegal base64 data at input byte 8"),
    ("b64dec", ("aGVs\n\rbG8=",), "hello"),
    ("b64dec", ("aGVs\nbG8",), "illegal base64 data at input byte 5"),
    ("b64dec", ("a",), "illegal base64 data at input byte 0"),
    ("b64dec", ("aG",), "illegal base64 data at input byte 0"),
    ("b64dec", ("aG=",), "illegal base64 data at input byte 3"),
    ("b64dec", ("aG=\n=",), "h"),
    ("b64dec", ("aG==\n",), "h"),
    ("b64dec", ("=",), "illegal base64 data at input byte 0"),
    ("b64dec", ("aGVsb=8=",), "illegal base64 data at input byte 5"),
    ("b64dec", ("aGVsbG9=",), "hello"),
    ("b64dec", ("aGVs bG8=",), "illegal base64 data at input byte 4"),
    ("b64dec", ("_-==",), "illegal base64 data at input byte 0"),
    ("b64dec", ("é",), "illegal base64 data at input byte 0"),
    ("b64dec", ("\n",), ""),
    ("b64dec", ("aGVsbG8=aGVsbG8=",), "illegal base64 data at input byte 8"),
    ("b64dec", ("aG\nV",), "illegal base64 data at input byte 1"),
    ("b64dec", ("a\nG",), "illegal base64 data at input byte 1"),
    ("b64dec", ("a=\nG",), "illegal base64 data at input byte 1"),
    ("b64dec", ("aGV=\n\nx",), "illegal base64 data at input byte 6"),
    ("b32dec", ("NBUQ",), "illegal base32 data at input byte 0"),
    ("b32dec", ("NBUQ===",), "illegal base32 data at input byte 7"),
    ("b32dec", ("NBUQ=====",), "hi"),
    ("b32dec", ("NBUQ==A=",), "illegal base32 data at input byte 5"),
    ("b32dec", ("NB=Q====",), "illegal base32 data at input byte 2"),
    ("b32dec", ("NBU=====",), "illegal base32 data at input byte 3"),
    ("b32dec", ("N=======",), "illegal base32 data at input byte 1"),
    ("b32dec", ("nbuq====",), "illegal base32 data at input byte 0"),
    ("b32dec", ("NBUQ====NBUQ====",), "illegal base32 data at input byte 4"),
    ("b32dec", ("NB\nUQ====",), "hi"),
    ("b32dec", ("NBSWY3DP",), "hello"),
    ("b32dec", ("NBSWY3DPEB3W64TMMQ======",), "hello world"),
    ("b32dec", ("NBSWY3DP1",), "illegal base32 data at input byte 8"),
    ("b32dec", ("NBUQ======",), "hi"),
    ("b32dec", ("========",), "illegal base32 data at input byte 0"),
    ("b32dec", ("NB======",), "h"),
    ("b32dec", ("NBUWA===",), "hi`"),
    ("b32dec", ("NBUWAA==",), "illegal base32 data at input byte 6"),
    ("b32dec", ("NBSWY3D=",), "hell"),
    ("adler32sum", ("hello",), "103547413"),
    ("adler32sum", ("",), "1"),
    ("sha1sum", ("é",), "bf15be717ac1b080b4f1c456692825891ff5073d"),
    ("toPrettyJson", (float("nan"),), ""),
    ("toRawJson", ("<a>&\u2028",), '"<a>&\\u2028"'),
    ("toPrettyJson", ({"a": "<"},), '{\n  "a": "\\u003c"\n}'),
    ("fromJson", ("5",), "map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]"),
    ("fromJson", ('"a"',), "map[Error:json: cannot unmarshal string into Go value of type map[string]interface {}]"),
    ("fromJson", ("true",), "map[Error:json: cannot unmarshal bool into Go value of type map[string]interface {}]"),
    ("fromJson", ("1.5",), "map[Error:json: cannot unmarshal number into Go value of type map[string]interface {}]"),
    ("fromJson", (" [1] ",), "map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]"),
    ("fromJson", ("nul",), "map[Error:invalid character ' ' in literal null (expecting 'l')]"),
    ("fromJsonArray", ("{}",), "[json: cannot unmarshal object into Go value of type []interface {}]"),
    ("fromJsonArray", ("5",), "[json: cannot unmarshal number into Go value of type []interface {}]"),
    ("fromJsonArray", ("[1,",), "[unexpected end of JSON input]"),
    ("fromJsonArray", ('"s"',), "[json: cannot unmarshal string into Go value of type []interface {}]"),
    (
        "fromJson",
        ('{"a":1e400}',),
        "map[Error:json: cannot unmarshal number 1e400 into Go value of type float64 a:<nil>]",
    ),
    ("fromJson", ("[1e400]",), "map[Error:json: cannot unmarshal array into Go value of type map[string]interface {}]"),
    ("fromJsonArray", ("[1e400,2]",), "[json: cannot unmarshal number 1e400 into Go value of type float64]"),
    (
        "fromJson",
        ('{"a":1e400,"b":2}',),
        "map[Error:json: cannot unmarshal number 1e400 into Go value of type float64 a:<nil> b:2]",
    ),
    ("toPrettyJson", ([],), "[]"),
    ("toPrettyJson", ({"a": [], "b": {}},), '{\n  "a": [],\n  "b": {}\n}'),
    ("b64enc", ("hello",), "aGVsbG8="),
    ("b64enc", ("\xe9\n",), "w6kK"),
    ("b32enc", ("hi",), "NBUQ===="),
    ("b32dec", ("NBUQ====",), "hi"),
    ("sha1sum", ("abc",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha256sum", ("abc",), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "sha512sum",
        ("abc",),
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    ("adler32sum", ("abc",), "38600999"),
    ("toJson", ({"b": 1, "a": [1.0, 1e21, None, True, "<x>"]},), '{"a":[1,1e+21,null,true,"\\u003cx\\u003e"],"b":1}'),
    ("toJson", (NilSlice(),), "null"),
    ("mustToJson", ("a\u2028",), '"a\\u2028"'),
    ("toRawJson", (["<a>", "&"],), '["<a>","&"]'),
    ("toPrettyJson", ({"b": [1, 2], "a": {}},), '{\n  "a": {},\n  "b": [\n    1,\n    2\n  ]\n}'),
    ("mustToPrettyJson", ({"a": "<"},), '{\n  "a": "\\u003c"\n}'),
    ("toJson", (float("inf"),), ""),
    ("fromJson", ('{"a":1,"b":[1,2,{"c":null}]}',), "map[a:1 b:[1 2 map[c:<nil>]]]"),
    ("fromJson", ('{"a":12345678}',), "map[a:1.2345678e+07]"),
    ("fromJson", ("bad",), "map[Error:invalid character 'b' looking for beginning of value]"),
    ("fromJson", ("",), "map[Error:unexpected end of JSON input]"),
    ("fromJson", ("null",), "map[]"),
    ("fromJson", ('{"a":1}x',), "map[Error:invalid character 'x' after top-level value]"),
    ("mustFromJson", ('[1,"a"]',), "[1 a]"),
    ("fromJsonArray", ('[1,"a"]',), "[1 a]"),
    ("fromJsonArray", ("bad",), "[invalid character 'b' looking for beginning of value]"),
    ("toToml", ({"a": 1, "b": {"c": "x"}},), 'a = 1\n\n[b]\n  c = "x"\n'),
    ("toToml", ([1, None],), "toml: cannot encode array with nil element"),
    ("fromToml", ('a = 1\n[b]\nc = [1.5, "x"]',), "map[a:1 b:map[c:[1.5 x]]]"),
    ("fromToml", ("a = [",), 'map[Error:toml: line 1 (last key "a"): unexpected EOF; expected value]'),
    (
        "fromToml",
        ("d = 2020-01-01T00:00:00Z\nl = 07:32:00\nm = 1979-05-27",),
        "map[d:2020-01-01 00:00:00 +0000 UTC l:0000-01-01 07:32:00 +0000 time-local m:1979-05-27 00:00:00 +0000 date-local]",  # noqa: E501
    ),
    ("fromToml", ("e = 1979-05-27T07:32:00-08:00",), "map[e:1979-05-27 07:32:00 -0800 -0800]"),
]

FAILURES = [
    ("mustToPrettyJson", (float("nan"),), "json: unsupported value: NaN"),
    ("mustToRawJson", (float("nan"),), "json: unsupported value: NaN"),
    ("mustFromJson", ("",), "unexpected end of JSON input"),
    ("mustFromJson", ("1e400",), "json: cannot unmarshal number 1e400 into Go value of type float64"),
    ("mustToToml", ({"n": [None]},), "toml: cannot encode array with nil element"),
    ("mustToJson", (float("inf"),), "json: unsupported value: +Inf"),
    ("toRawJson", (float("inf"),), "json: unsupported value: +Inf"),
    ("mustFromJson", ("bad",), "invalid character 'b' looking for beginning of value"),
    ("mustToToml", ([1, None],), "toml: cannot encode array with nil element"),
    ("toToml", (None,), "reflect: call of reflect.Value.Type on zero Value"),
    ("mustToToml", (None,), "reflect: call of reflect.Value.Type on zero Value"),
]


def call(name, arguments):
    function = FUNCTIONS[name]
    return function.call(AMBIENT, *arguments) if function.ambient else function.call(*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text


@pytest.mark.parametrize(("name", "arguments", "message"), FAILURES)
def test_failure_is_worded_as_in_helm(name, arguments, message):
    with pytest.raises(FunctionError) as failure:
        call(name, arguments)
    assert str(failure.value) == message


@pytest.mark.parametrize(("helm", "text"), [("4.3", '"\ufffd"'), ("4.2", r'"\ufffd"'), ("3.17", r'"\ufffd"')])
@pytest.mark.parametrize("name", ["toJson", "mustToJson", "toRawJson", "toPrettyJson"])
def test_undecodable_byte_goes_by_the_version(name, helm, text):
    assert FUNCTIONS[name].call(Ambient(profile=PROFILES[helm]), "\udcc3") == text


@pytest.mark.parametrize(
    ("helm", "text", "result"),
    [
        ("4.3", '{"a":1e400,"b":2}', "number 1e400 into Go struct field .a of type float64 a:0 b:2"),
        ("4.2", '{"a":1e400,"b":2}', "number 1e400 into Go value of type float64 a:<nil> b:2"),
        ("4.3", "[1e400]", "array into Go value of type map[string]interface {}"),
    ],
)
def test_json_number_too_large_leaves_the_rest(helm, text, result):
    shown = sprint_value(encoding.from_json(Ambient(profile=PROFILES[helm]), text))
    assert shown == f"map[Error:json: cannot unmarshal {result}]"


@pytest.mark.parametrize(
    ("helm", "text"), [("4.3", "a = 1e+06\nb = 1e-07\n"), ("3.17", "a = 1000000.0\nb = 0.0000001\n")]
)
def test_toml_floats_go_by_the_version(helm, text):
    assert toml.to_toml(Ambient(profile=PROFILES[helm]), {"a": 1e6, "b": 1e-7}) == text


def test_toml_times_are_written_as_they_were_read():
    text = "a = 1979-05-27T07:32:00Z\nb = 1979-05-27T07:32:00.5\nc = 1979-05-27\nd = 07:32:00\n"
    assert toml.to_toml(AMBIENT, toml.from_toml(AMBIENT, text)) == text


def test_json_null_is_a_nil_map_or_list():
    assert type(encoding.from_json(AMBIENT, "null")) is NilMap
    assert type(encoding.from_json_array(AMBIENT, "null")) is NilSlice
