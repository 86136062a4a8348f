from __future__ import annotations

import pytest

from chartkit.cli.flags import Flag, UsageError, Words, as_integer, read_words
from chartkit.cli.helm_flags import HELM

_LIST_PROBLEM = "parse error on line 1, column"

GIVEN = {
    "nothing": ([], {}, []),
    "words": (["rel", "./c"], {}, ["rel", "./c"]),
    "separate value": (["-n", "foo", "c"], {"namespace": "foo"}, ["c"]),
    "joined value": (["-nfoo"], {"namespace": "foo"}, []),
    "value after equals sign": (["-n=foo"], {"namespace": "foo"}, []),
    "long with equals sign": (["--namespace=a=b"], {"namespace": "a=b"}, []),
    "empty value": (["--namespace="], {"namespace": ""}, []),
    "value that looks like a flag": (["--set", "--no-hooks"], {"set": ["--no-hooks"]}, []),
    "anywhere": (["rel", "--no-hooks", "c"], {"no-hooks": True}, ["rel", "c"]),
    "switch off": (["--no-hooks=false", "c"], {"no-hooks": False}, ["c"]),
    "switch takes no word": (["--no-hooks", "false"], {"no-hooks": True}, ["false"]),
    "joined switches": (["-gnfoo"], {"generate-name": True, "namespace": "foo"}, []),
    "end of flags": (["--", "rel", "--no-hooks"], {}, ["rel", "--no-hooks"]),
    "a dash is a word": (["-f", "-", "-"], {"values": ["-"]}, ["-"]),
    "list": (["-f", "a,b", "--values", "c"], {"values": ["a", "b", "c"]}, []),
    "list with quotes": (["-a", '"x,y",z', "-a", "w"], {"api-versions": ["x,y", "z", "w"]}, []),
    "empty list": (["-f", ""], {"values": []}, []),
    "repeated keeps commas": (["--set", "a=1,b=2", "--set", ""], {"set": ["a=1,b=2", ""]}, []),
    "last one counts": (["-n", "a", "-n", "b"], {"namespace": "b"}, []),
    "value may be left out": (["--dry-run", "c", "--wait"], {"dry-run": "client", "wait": "watcher"}, ["c"]),
    "duration": (["--timeout", "1h5m0.5s"], {"timeout": "1h5m0.5s"}, []),
    "pairs": (["-l", "a=b,c=d"], {"labels": "a=b,c=d"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "given", "others"), GIVEN.values(), ids=GIVEN)
def test_read_words(arguments: list[str], given: dict[str, object], others: list[str]) -> None:
    words = read_words(arguments, HELM, 4)
    assert words.given == given
    assert words.others == others


REFUSED = {
    "unknown flag": (["--nosuchflag"], "unknown flag: --nosuchflag"),
    "unknown flag with a value": (["--nope=1"], "unknown flag: --nope"),
    "unknown letter": (["-q"], "unknown shorthand flag: 'q' in -q"),
    "unknown letter behind another": (["-gq"], "unknown shorthand flag: 'q' in -q"),
    "no name": (["--=x"], "bad flag syntax: --=x"),
    "three dashes": (["---x"], "bad flag syntax: ---x"),
    "letter of several bytes": (["-gé"], "unknown shorthand flag: 'Ã' in -é"),
    "missing value": (["c", "--set"], "flag needs an argument: --set"),
    "missing value of a letter": (["-f"], "flag needs an argument: 'f' in -f"),
    "no switch": (
        ["--no-hooks=x"],
        'invalid argument "x" for "--no-hooks" flag: strconv.ParseBool: parsing "x": invalid syntax',
    ),
    "open quote": (
        ["-f", 'a.yaml,"b.yaml'],
        r'invalid argument "a.yaml,\"b.yaml" for "-f, --values" flag: '
        f'{_LIST_PROBLEM} 15: extraneous or missing " in quoted-field',
    ),
    "stray quote": (
        ["-a", 'x"y'],
        rf'invalid argument "x\"y" for "-a, --api-versions" flag: {_LIST_PROBLEM} 2: bare " in non-quoted-field',
    ),
    "unit of a duration": (
        ["--timeout", "5x"],
        'invalid argument "5x" for "--timeout" flag: time: unknown unit "x" in duration "5x"',
    ),
    "no unit": (["--timeout", "5"], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'),
    "no duration": (["--timeout", "x"], 'invalid argument "x" for "--timeout" flag: time: invalid duration "x"'),
    "second unit": (
        ["--timeout", "1e5s"],
        'invalid argument "1e5s" for "--timeout" flag: time: unknown unit "e" in duration "1e5s"',
    ),
    "two points": (
        ["--timeout", "1.5.5s"],
        'invalid argument "1.5.5s" for "--timeout" flag: time: missing unit in duration "1.5.5s"',
    ),
    "quotes in a value": (
        ["--no-hooks=a\"b\\c"],
        r'invalid argument "a\"b\\c" for "--no-hooks" flag: strconv.ParseBool: parsing "a\"b\\c": invalid syntax',
    ),
    "strategy": (
        ["--wait=foo"],
        'invalid argument "foo" for "--wait" flag: '
        'invalid wait input "foo". Valid inputs are watcher, hookOnly, and legacy',
    ),
    "blank before a number": (
        ["--burst-limit", " 1"],
        'invalid argument " 1" for "--burst-limit" flag: strconv.ParseInt: parsing " 1": invalid syntax',
    ),
    "number out of range": (
        ["--burst-limit", "9" * 20],
        'invalid argument "99999999999999999999" for "--burst-limit" flag: '
        'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    ),
    "no number": (
        ["--burst-limit", "x"],
        'invalid argument "x" for "--burst-limit" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ),
    "no decimal": (
        ["--qps", "x"],
        'invalid argument "x" for "--qps" flag: strconv.ParseFloat: parsing "x": invalid syntax',
    ),
    "no pair": (["--labels", "a"], 'invalid argument "a" for "-l, --labels" flag: a must be formatted as key=value'),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_read_words_refuses_in_the_words_of_helm(arguments: list[str], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_words(arguments, HELM, 4)
    assert str(raised.value) == message


@pytest.mark.parametrize("arguments", [["--validate"], ["--verify"]], ids=lambda words: words[0])
def test_read_words_says_why_a_flag_is_refused(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match=rf"^{arguments[0]} (asks|needs) "):
        read_words(arguments, HELM, 4)


def test_read_words_takes_a_refused_switch_that_is_off() -> None:
    assert read_words(["--validate=false"], HELM, 4).given == {"validate": False}


def test_read_words_of_another_major_version() -> None:
    assert read_words(["--server-side"], HELM, 4).switch("server-side")
    with pytest.raises(UsageError, match="unknown flag: --server-side"):
        read_words(["--server-side"], HELM, 3)


def test_read_words_notes_deprecated_flags_in_helm_4_only() -> None:
    assert read_words(["--atomic"], HELM, 4).notices == [
        "Flag --atomic has been deprecated, use --rollback-on-failure instead"
    ]
    assert read_words(["--atomic"], HELM, 3).notices == []


def test_words_answer_with_the_default_for_a_flag_that_is_not_given() -> None:
    words = Words()
    assert (words.switch("x"), words.text("x", "y"), words.texts("x")) == (False, "y", [])


@pytest.mark.parametrize("major", [3, 4])
def test_flags_have_unique_names_and_letters(major: int) -> None:
    known = [flag for flag in HELM if major in flag.majors]
    names = [flag.name for flag in known]
    letters = [flag.short for flag in known if flag.short]
    assert len(names) == len(set(names))
    assert len(letters) == len(set(letters))


def test_wait_is_a_switch_in_helm_3() -> None:
    assert read_words(["--wait"], HELM, 3).switch("wait")
    with pytest.raises(UsageError, match="ParseBool"):
        read_words(["--wait=watcher"], HELM, 3)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-12", -12), ("0x10", 16), ("010", 8), ("1_0", 10), ("0b11", 3)]
)
def test_as_integer(text: str, number: int) -> None:
    assert as_integer(text) == number


def test_label_of_a_flag() -> None:
    assert Flag("values", short="f").label == "-f, --values"
    assert Flag("set").label == "--set"
