"""Places of keys and values in a YAML text."""

from __future__ import annotations

import pytest

from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import load_positions
from chartkit.source import Position, Source

TEXT = """\
# values
server:
  image: &image
    registry: docker.io
    "tag": '1.2.3'   # é
  ports: [80, {name: http}]
other:
  <<: *image
  tag: x
list:
- *image
- - a
  - b: |
      text
yes: 1
empty:
"""


def place(offset):
    assert offset is not None
    return str(Position(Source("values.yaml", TEXT), offset)).removeprefix("values.yaml:")


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("server",), "2:1", "3:3"),
        (("server", "image"), "3:3", "3:10"),
        (("server", "image", "registry"), "4:5", "4:15"),
        (("server", "image", "tag"), "5:5", "5:12"),
        (("server", "ports"), "6:3", "6:10"),
        (("server", "ports", 0), "6:11", "6:11"),
        (("server", "ports", 1, "name"), "6:16", "6:22"),
        (("other", "registry"), "4:5", "4:15"),
        (("other", "tag"), "9:3", "9:8"),
        (("list", 0), "11:3", "3:10"),
        (("list", 0, "tag"), "5:5", "5:12"),
        (("list", 1, 0), "12:5", "12:5"),
        (("list", 1, 1, "b"), "13:5", "13:8"),
        (("true",), "15:1", "15:6"),
        (("empty",), "16:1", "16:7"),
    ],
)
def test_positions_of_paths(path, key, value):
    positions = load_positions(Source("values.yaml", TEXT))[1]
    assert (place(positions.key(path)), place(positions.value(path))) == (key, value)


@pytest.mark.parametrize(
    "path", [("nope",), ("server", "image", "tag", "x"), ("list", 9), ("list", "a"), ("server", 0)]
)
def test_positions_of_what_is_not_there(path):
    positions = load_positions(Source("values.yaml", TEXT))[1]
    assert positions.key(path) is None
    assert positions.value(path) is None


def test_positions_value_range():
    positions = load_positions(Source("values.yaml", TEXT))[1]
    start, end = positions.value_range(("server", "image", "tag"))
    assert TEXT[start:end] == "'1.2.3'"
    assert positions.value_range(("server", "image")) is None


def test_load_positions_gives_the_value():
    value, positions = load_positions(Source("x", "a: {b: 1}\n"))
    assert value == {"a": {"b": 1.0}}
    assert list(positions.walk()) == [(("a",), 0, 3), (("a", "b"), 4, 7)]


def test_positions_with_byte_order_mark():
    assert load_positions(Source("x", "\ufeffa: 1\n"))[1].value(("a",)) == 4


@pytest.mark.parametrize(("document", "offset"), [(0, 3), (1, 12)])
def test_positions_of_one_document(document, offset):
    source = Source("x", "a: 1\n---\na: 2\n")
    value, positions = load_positions(source, document=document)
    assert value == {"a": document + 1.0}
    assert positions.value(("a",)) == offset


def test_positions_of_nothing():
    value, positions = load_positions(Source("x", "# nothing\n"))
    assert value is None
    assert positions.value(()) is None
    assert list(positions.walk()) == []


def test_load_positions_error_has_its_place():
    with pytest.raises(YAMLError) as caught:
        load_positions(Source("x", "a: 1\n---\nb: [\n"), document=1)
    assert caught.value.line == 4
