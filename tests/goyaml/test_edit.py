from __future__ import annotations

import pytest

from chartkit.errors import InputError
from chartkit.goyaml.edit import load_document, remove_values, rewrite, set_values
from chartkit.goyaml.load import load

_TEXT = """\
# head
image:   # main image
  repository: nginx
  tag: "1.25"   # the tag
  pullPolicy: 'IfNotPresent'

env:
- name: A
  value: 1
- name: B   # b
empty:
nothing: ~   # none
flow: {a: 1, b: [x, y]}
text: |
  line one
  line two

args: []
resources: {}   # {}
"""


def _changed(new: str, text: str = _TEXT) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that came."""
    old_lines, new_lines = text.split("\n"), new.split("\n")
    head = _common(old_lines, new_lines)
    tail = _common(old_lines[head:][::-1], new_lines[head:][::-1])
    return old_lines[head : len(old_lines) - tail], new_lines[head : len(new_lines) - tail]


def _common(first: list[str], second: list[str]) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(first), len(second)))


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        pytest.param(("image", "tag"), "1.26", '  tag: "1.25"   # the tag', '  tag: "1.26"   # the tag', id="double"),
        pytest.param(("image", "repository"), "redis", "  repository: nginx", "  repository: redis", id="plain"),
        pytest.param(("image", "repository"), "1.10", "  repository: nginx", '  repository: "1.10"', id="number-like"),
        pytest.param(("image", "repository"), "yes", "  repository: nginx", '  repository: "yes"', id="bool-like"),
        pytest.param(
            ("image", "repository"), "2001-01-01", "  repository: nginx", '  repository: "2001-01-01"', id="date"
        ),
        pytest.param(("image", "repository"), "a: b", "  repository: nginx", '  repository: "a: b"', id="colon"),
        pytest.param(("image", "repository"), "a #b", "  repository: nginx", '  repository: "a #b"', id="comment-like"),
        pytest.param(("image", "repository"), "=", "  repository: nginx", '  repository: "="', id="equals-sign"),
        pytest.param(("image", "repository"), "", "  repository: nginx", '  repository: ""', id="empty-text"),
        pytest.param(
            ("image", "pullPolicy"), "it's", "  pullPolicy: 'IfNotPresent'", "  pullPolicy: 'it''s'", id="single"
        ),
        pytest.param(("env", 0, "value"), 2, "  value: 1", "  value: 2", id="number-in-list"),
        pytest.param(("env", 1, "name"), "C", "- name: B   # b", "- name: C   # b", id="first-key-of-item"),
        pytest.param(("empty",), "x", "empty:", "empty: x", id="empty"),
        pytest.param(("nothing",), False, "nothing: ~   # none", "nothing: false   # none", id="null"),
        pytest.param(("flow", "a"), "x, y", "flow: {a: 1, b: [x, y]}", 'flow: {a: "x, y", b: [x, y]}', id="flow"),
        pytest.param(("flow", "b", 2), 3, "flow: {a: 1, b: [x, y]}", "flow: {a: 1, b: [x, y, 3]}", id="flow-append"),
        pytest.param(
            ("flow", "c", "d"), 1, "flow: {a: 1, b: [x, y]}", "flow: {a: 1, b: [x, y], c: {d: 1}}", id="flow-new"
        ),
        pytest.param(("image", "tag"), 1.5, '  tag: "1.25"   # the tag', "  tag: 1.5   # the tag", id="text-to-number"),
        pytest.param(("image", "tag"), None, '  tag: "1.25"   # the tag', "  tag: null   # the tag", id="to-null"),
    ],
)
def test_scalar_changes_in_its_line(path, value, old, new):
    assert _changed(set_values(_TEXT, {path: value})) == ([old], [new])


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        pytest.param(("image", "digest"), "sha256:a", [], ["  digest: sha256:a"], id="new-key"),
        pytest.param(
            ("env", 2),
            {"name": "C", "value": ["x", {"q": 1}]},
            [],
            ["- name: C", "  value:", "  - x", "  - q: 1"],
            id="new-item",
        ),
        pytest.param(("empty",), {"a": {"b": 1}}, [], ["  a:", "    b: 1"], id="empty-to-map"),
        pytest.param(
            ("resources", "limits", "cpu"),
            "1",
            ["resources: {}   # {}"],
            ["resources:   # {}", "  limits:", '    cpu: "1"'],
            id="fill-empty-map",
        ),
        pytest.param(("args", 0), "--x", ["args: []"], ["args:", "- --x"], id="fill-empty-list"),
        pytest.param(("text",), "one\n two\n", ["  line one", "  line two"], ["  one", "   two"], id="block-text"),
        pytest.param(
            ("text",),
            "one\ntwo",
            ["text: |", "  line one", "  line two"],
            ["text: |-", "  one", "  two"],
            id="block-text-without-end",
        ),
        pytest.param(
            ("text",), "single", ["text: |", "  line one", "  line two"], ["text: single"], id="block-to-line"
        ),
        pytest.param(
            ("text",), {"x": 1}, ["text: |", "  line one", "  line two"], ["text:", "  x: 1"], id="block-to-map"
        ),
        pytest.param(
            ("image", "tag"),
            "a\nb",
            ['  tag: "1.25"   # the tag'],
            ["  tag: |-   # the tag", "    a", "    b"],
            id="line-to-block",
        ),
        pytest.param(
            ("image",),
            "nginx",
            [
                "image:   # main image",
                "  repository: nginx",
                '  tag: "1.25"   # the tag',
                "  pullPolicy: 'IfNotPresent'",
            ],
            ["image: nginx   # main image"],
            id="map-to-text",
        ),
        pytest.param(
            ("env",), None, ["env:", "- name: A", "  value: 1", "- name: B   # b"], ["env: null"], id="list-to-null"
        ),
        pytest.param(("env", 0), "plain", ["- name: A", "  value: 1"], ["- plain"], id="item-to-text"),
        pytest.param(("env", 0), ["q"], ["- name: A", "  value: 1"], ["- - q"], id="item-to-list"),
        pytest.param(("new", "x"), 1, [], ["new:", "  x: 1"], id="new-parents"),
    ],
)
def test_lines_come_and_go_where_they_must(path, value, old, new):
    result = set_values(_TEXT, {path: value})
    assert _changed(result) == (old, new)
    wanted = load(_TEXT)
    assert load(result).keys() >= wanted.keys()


def test_several_values_change_together():
    result = set_values(
        _TEXT, {("image", "tag"): "2", ("image", "digest"): "d", ("env", 0, "value"): 3, ("args",): ["a"]}
    )
    data = load(result)
    assert (data["image"]["tag"], data["image"]["digest"], data["env"][0]["value"], data["args"]) == (
        "2",
        "d",
        3.0,
        ["a"],
    )


def test_what_is_there_already_changes_nothing():
    assert (
        set_values(_TEXT, {("image", "tag"): "1.25", ("env", 0): {"value": 1, "name": "A"}, ("flow", "a"): 1.0})
        == _TEXT
    )
    assert rewrite(_TEXT, load(_TEXT)) == _TEXT


@pytest.mark.parametrize(
    ("paths", "old", "new"),
    [
        pytest.param([("image", "tag")], ['  tag: "1.25"   # the tag'], [], id="key"),
        pytest.param([("env", 0)], ["- name: A", "  value: 1"], [], id="item"),
        pytest.param(
            [("env", 0), ("env", 1)],
            ["env:", "- name: A", "  value: 1", "- name: B   # b"],
            ["env: []"],
            id="all-items",
        ),
        pytest.param([("env", 0, "name")], ["- name: A", "  value: 1"], ["- value: 1"], id="first-key-of-item"),
        pytest.param([("flow", "a")], ["flow: {a: 1, b: [x, y]}"], ["flow: {b: [x, y]}"], id="flow-first"),
        pytest.param([("flow", "b")], ["flow: {a: 1, b: [x, y]}"], ["flow: {a: 1}"], id="flow-last"),
        pytest.param([("flow", "b", 0)], ["flow: {a: 1, b: [x, y]}"], ["flow: {a: 1, b: [y]}"], id="flow-item"),
        pytest.param([("text",)], ["text: |", "  line one", "  line two"], [], id="block"),
        pytest.param([("no", "such"), ("env", 7), ("image", "tag", "x")], [], [], id="not-there"),
    ],
)
def test_entries_are_removed_with_their_lines(paths, old, new):
    result = remove_values(_TEXT, paths)
    assert _changed(result) == (old, new)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "a:\n  b: x\n", id="nothing"),
        pytest.param("# c\n", "# c\na:\n  b: x\n", id="comment-only"),
        pytest.param("# c", "# c\na:\n  b: x", id="no-line-break-at-the-end"),
        pytest.param("{}\n", "a:\n  b: x\n", id="empty-map"),
        pytest.param("null", "a:\n  b: x", id="null"),
        pytest.param("--- {}\n", "--- \na:\n  b: x\n", id="behind-the-marker"),
        pytest.param("---\nq: 1\n# end\n", "---\nq: 1\n# end\na:\n  b: x\n", id="comment-at-the-end"),
        pytest.param("q: 1", "q: 1\na:\n  b: x", id="key-without-line-break"),
        pytest.param("a:\n    c: 1\nz:\n    y: 2\n", "a:\n    c: 1\n    b: x\nz:\n    y: 2\n", id="indented-by-four"),
        pytest.param("\ufeffa:\r\n  c: 1\r\nq: 1\r\n", "\ufeffa:\r\n  c: 1\r\n  b: x\r\nq: 1\r\n", id="windows"),
        pytest.param('{"a": {"c": 1}}', '{"a": {"c": 1, "b": "x"}}', id="json"),
        pytest.param(
            '{\n  "a": {\n    "c": 1\n  }\n}\n', '{\n  "a": {\n    "c": 1,\n    "b": "x"\n  }\n}\n', id="long-json"
        ),
        pytest.param("a: {c: 1,}\n", "a: {c: 1, b: x,}\n", id="comma-at-the-end"),
        pytest.param("a: {}", "a:\n  b: x", id="empty-flow"),
        pytest.param("a: !!map {c: 1}\n", "a: !!map {c: 1, b: x}\n", id="tagged"),
        pytest.param("a: &n\n  c: 1\n", "a: &n\n  c: 1\n  b: x\n", id="anchored"),
        pytest.param("a:\n  b: one\na:\n  b: two\n", "a:\n  b: one\na:\n  b: x\n", id="written-twice"),
        pytest.param("a:\n  b: &v one\n", "a:\n  b: &v x\n", id="anchor-of-its-own"),
        pytest.param("a:\n  b: !!str 1\n", "a:\n  b: x\n", id="tag-goes"),
        pytest.param("a:\n  'b': |\n    one\n\n\n# end\n", "a:\n  'b': x\n\n\n# end\n", id="blank-lines-stay"),
        pytest.param("a:\n  b: one\n    two\n", "a:\n  b: x\n", id="plain-over-lines"),
        pytest.param('a:\n  "b": "one\n    two"\n', 'a:\n  "b": "x"\n', id="quoted-over-lines"),
        pytest.param("a:\n  b: &v\n    one\n", "a:\n  b: &v\n    x\n", id="anchor-on-the-line-before"),
        pytest.param("a:\n  b: &v\nq: 1\n", "a:\n  b: &v x\nq: 1\n", id="anchor-of-nothing"),
        pytest.param("a:\n  b: &v |\n    one\n", "a:\n  b: &v x\n", id="anchor-of-a-block"),
        pytest.param("a:\n  b: &v\n    c: 1\n", "a:\n  b: x\n", id="anchor-of-a-map"),
        pytest.param("? a\n: ? b\n  : one\n", "? a\n: ? b\n  : x\n", id="explicit-keys"),
        pytest.param("a:\n\tb: one\n".replace("\t", "  "), "a:\n  b: x\n", id="plain-file"),
        pytest.param("a:\n  b:\tone\t# tab\n", "a:\n  b:\tx\t# tab\n", id="tabs"),
        pytest.param('a:\n  b: "\\u006f"\n', 'a:\n  b: "x"\n', id="escapes"),
        pytest.param("a:\n  c: |+\n    t\n\n", "a:\n  c: |+\n    t\n\n  b: x\n", id="behind-kept-lines"),
    ],
)
def test_value_is_set_in_any_file(text, expected):
    result = set_values(text, {("a", "b"): "x"})
    assert result == expected
    assert load_document(result)["a"]["b"] == "x"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({("x", "registry"): "mine"}, "x:\n  <<: *base\n  name: x\n  registry: mine\n", id="over-a-merge"),
        pytest.param({("z",): "2"}, 'z: "2"\n', id="instead-of-an-alias"),
        pytest.param(
            {("base", "tag"): "2", ("x", "tag"): "2", ("copy", "tag"): "2", ("z",): "2"}, '  tag: &t "2"\n', id="all"
        ),
        pytest.param({("copy",): "none"}, "copy: none\n", id="alias-of-a-map"),
        pytest.param({("free",): "2"}, 'free: &f "2"\n', id="anchor-that-nobody-uses"),
    ],
)
def test_anchors_are_kept(values, expected):
    result = set_values(_ANCHORS, values)
    assert expected in result
    data = load(result)
    for path, value in values.items():
        inner = data
        for step in path:
            inner = inner[step]
        assert inner == value


_ANCHORS = """\
base: &base
  tag: &t "1"
  registry: docker.io
x:
  <<: *base
  name: x
copy: *base
z: *t
free: &f "1"
"""


@pytest.mark.parametrize(
    ("values", "message", "line"),
    [
        pytest.param({("base", "registry"): "mine"}, "x.registry would change, too", 3, id="shared-map"),
        pytest.param({("base", "tag"): "2"}, "x.tag would change, too", 2, id="shared-scalar"),
        pytest.param({("base",): "a"}, "holds the anchor &base, which other places use", 1, id="lost-anchor"),
        pytest.param({("copy", "tag"): "2"}, "comes by the alias *base, written in line 1", 7, id="inside-an-alias"),
        pytest.param(
            {("x", "tag", "deep"): "2"}, "x.tag is a text, and x.tag.deep asks for a map", 2, id="through-a-text"
        ),
        pytest.param({("z", 0): "2"}, "z is a text, and z[0] asks for a list", 8, id="text-as-list"),
        pytest.param({("base", 0): "2"}, "base is a map, and base[0] asks for a list", 1, id="map-as-list"),
        pytest.param({("new", 1): "2"}, "new has 0 items: there is no place for new[1]", 1, id="beyond-the-end"),
    ],
)
def test_edit_is_refused_where_it_would_change_more(values, message, line):
    with pytest.raises(InputError) as caught:
        set_values(_ANCHORS, values, name="v.yaml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("v.yaml: ")
    assert caught.value.position is not None
    assert (caught.value.position.source.name, caught.value.position.line) == ("v.yaml", line)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        pytest.param(("base", "tag"), '  tag: &t "1"', '  tag: &t "2"', id="at-the-anchor"),
        pytest.param(("copy", "tag"), '  tag: &t "1"', '  tag: &t "2"', id="through-an-alias-of-a-map"),
        pytest.param(("z",), '  tag: &t "1"', '  tag: &t "2"', id="by-an-alias"),
        pytest.param(("copy", "registry"), "  registry: docker.io", '  registry: "2"', id="inside-the-map"),
        pytest.param(("x", "name"), "  name: x", '  name: "2"', id="not-shared"),
    ],
)
def test_shared_value_changes_for_all_where_that_is_wanted(path, old, new):
    result = set_values(_ANCHORS, {path: "2"}, at_anchors=True)
    assert _changed(result, _ANCHORS) == ([old], [new])


def test_what_a_merge_brings_is_overridden_even_at_anchors():
    result = set_values(_ANCHORS, {("x", "registry"): "mine"}, at_anchors=True)
    assert _changed(result, _ANCHORS) == ([], ["  registry: mine"])


def test_removal_of_what_a_merge_brings_is_refused():
    with pytest.raises(InputError, match="comes by a merge key"):
        remove_values(_ANCHORS, [("x", "registry")])


def test_text_that_is_no_yaml_is_refused_with_its_place():
    with pytest.raises(InputError) as caught:
        set_values("a: 1\nb: [\n", {("a",): 2}, name="v.yaml")
    assert str(caught.value.position).startswith("v.yaml:2:")


@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        pytest.param("a: 1\n---\na: 2\n", 0, "a: x\n---\na: 2\n", id="first"),
        pytest.param("a: 1\n---\na: 2\n", 1, "a: 1\n---\na: x\n", id="second"),
        pytest.param("# only a comment\n---\na: 2\n", None, "# only a comment\n---\na: x\n", id="the-one-that-tells"),
        pytest.param("---\na: 2\n---\n# nothing\n", None, "---\na: x\n---\n# nothing\n", id="nothing-behind"),
    ],
)
def test_document_is_chosen(text, document, expected):
    assert set_values(text, {("a",): "x"}, document=document) == expected


@pytest.mark.parametrize(
    ("document", "message"),
    [(None, "holds several YAML documents: 1, 2"), (5, "has no YAML document 6: it has 2")],
    ids=["not-said", "not-there"],
)
def test_document_must_be_clear(document, message):
    with pytest.raises(InputError, match=message):
        set_values("a: 1\n---\na: 2\n", {("a",): "x"}, document=document)


def test_bytes_that_are_no_text_stay():
    text = b"a: 1\nb: \xff\xfe # \xe4\n".decode("utf-8", "surrogateescape")
    with pytest.raises(InputError):
        set_values(text, {("a",): 2})
    # In UTF-8 alone they are refused, as by Helm; other scripts and signs stay as they are.
    assert set_values("a: 1\nb: ä😀 # 日本\n", {("a",): 2}) == "a: 2\nb: ä😀 # 日本\n"


def test_comment_that_would_become_text_goes_with_its_entry():
    text = "a: |\n  text\nb: 1\n  # of b\n\n    # too\n# of c\nc: 1\n"
    assert remove_values(text, [("b",)]) == "a: |\n  text\n# of c\nc: 1\n"
    assert remove_values("a: |\n  text\nb: 1\n  # of b", [("b",)]) == "a: |\n  text\n"


def test_value_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="has no place in YAML"):
        set_values("a: 1\n", {("a",): object()})
