from __future__ import annotations

import pytest

from chartkit.errors import InputError
from chartkit.images.target import Layout, check_collisions, read_destination, read_mapping
from chartkit.reference import ImageReference
from chartkit.source import Source

_DIGEST = f"sha256:{'ab' * 32}"


def _moved(text: str, to: str, layout: Layout = Layout.PATH, mapping: str = "") -> str:
    entries = read_mapping(Source("map.yaml", mapping)) if mapping else ()
    return str(read_destination(to, layout, entries).move(ImageReference.parse(text)))


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        ("quay.io/team/app:1.0", Layout.PATH, "m.local:5000/x/team/app:1.0"),
        ("quay.io/team/app:1.0", Layout.LEAF, "m.local:5000/x/app:1.0"),
        ("quay.io/team/app:1.0", Layout.SOURCE, "m.local:5000/x/quay.io/team/app:1.0"),
        ("nginx", Layout.PATH, "m.local:5000/x/nginx"),
        ("docker.io/library/nginx:1", Layout.PATH, "m.local:5000/x/nginx:1"),
        ("nginx:1", Layout.LEAF, "m.local:5000/x/nginx:1"),
        ("nginx:1", Layout.SOURCE, "m.local:5000/x/docker.io/library/nginx:1"),
        ("index.docker.io/a/b", Layout.SOURCE, "m.local:5000/x/docker.io/a/b"),
        (f"a/b:1@{_DIGEST}", Layout.PATH, f"m.local:5000/x/a/b:1@{_DIGEST}"),
        (f"a/b@{_DIGEST}", Layout.LEAF, f"m.local:5000/x/b@{_DIGEST}"),
        ("localhost:5000/a/b", Layout.SOURCE, "m.local:5000/x/localhost-5000/a/b"),
        ("Host.example/a/b", Layout.SOURCE, "m.local:5000/x/host.example/a/b"),
        ("[fe80::1]:5000/a", Layout.SOURCE, "m.local:5000/x/fe80-1-5000/a"),
        ("m.local:5000/x/team/app:1", Layout.LEAF, "m.local:5000/x/team/app:1"),
        ("m.local:5000/other/app:1", Layout.PATH, "m.local:5000/x/other/app:1"),
    ],
)
def test_an_image_moves_by_the_layout(text: str, layout: Layout, expected: str) -> None:
    assert _moved(text, "m.local:5000/x", layout) == expected


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("text", ["nginx:1", "quay.io/a/b/c", f"docker.io/a/b@{_DIGEST}", "localhost:5000/a"])
def test_what_has_moved_stays_where_it_is(text: str, layout: Layout) -> None:
    destination = read_destination("m.local/x", layout)
    once = destination.move(ImageReference.parse(text))
    assert destination.move(once) is once
    assert destination.holds(once)
    assert not destination.holds(ImageReference.parse(text))


_MAPPING = """\
quay.io: m.local/quay
docker.io/bitnami: m.local/bn
docker.io/bitnami/redis: m.local/cache/redis-server
nginx: m.local/web/server
"""


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("quay.io/a/b:1", "other.local", "m.local/quay/a/b:1"),
        ("bitnami/kafka:2", "other.local", "m.local/bn/kafka:2"),
        ("docker.io/bitnami/redis:7", "other.local", "m.local/cache/redis-server:7"),
        ("nginx:1", "other.local", "m.local/web/server:1"),
        ("docker.io/nginx/unit:1", "other.local", "m.local/web/server/unit:1"),
        ("bitnamilegacy/kafka:2", "other.local", "other.local/bitnamilegacy/kafka:2"),
        ("ghcr.io/a/b", "other.local", "other.local/a/b"),
        ("ghcr.io/a/b", "", "ghcr.io/a/b"),
        ("m.local/bn/kafka:2", "other.local", "m.local/bn/kafka:2"),
    ],
)
def test_the_most_specific_line_of_a_mapping_counts(text: str, to: str, expected: str) -> None:
    assert _moved(text, to, mapping=_MAPPING) == expected


def test_leaf_keeps_the_last_part_behind_a_mapped_place() -> None:
    assert _moved("quay.io/a/b:1", "m.local", Layout.LEAF, "quay.io: q.local/x") == "q.local/x/b:1"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "there is no destination", "name it: HOST[:PORT][/PREFIX]"),
        ("https://m.local", "https://m.local: a registry is named without https://", "HOST[:PORT][/PREFIX]"),
        ("mirror", "mirror: mirror is no host", "or docker.io/mirror"),
        ("m.local/UPPER", "m.local/UPPER: invalid reference format", "wanted is HOST[:PORT][/PREFIX]"),
        ("m.local/x:1", "m.local/x:1: invalid reference format", "wanted is"),
        ("m.local:port", "m.local:port: invalid reference format", "wanted is"),
    ],
)
def test_a_text_that_names_no_place_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_destination(text)
    assert str(caught.value).startswith(message)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: [", "map.yaml: error converting YAML to JSON", "map.yaml:1:5"),
        ("- quay.io", "map.yaml: a mapping has lines such as", "map.yaml:1:1"),
        ("quay.io: m.local\ndocker.io: 3\n", "map.yaml: what docker.io goes to must be a text", "map.yaml:2:12"),
        ("docker.io/a/b:1: m.local", "docker.io/a/b:1: tags and digests have no place here", "map.yaml:1:1"),
        ("quay.io: mirror", "mirror: mirror is no host", "map.yaml:1:10"),
        ("q.io: a.b\nq.io/: c.d", "q.io stands here a second time", "map.yaml:2:1"),
        ("nginx: a.b\ndocker.io/nginx: c.d", "docker.io/nginx stands here a second time", "map.yaml:2:1"),
    ],
)
def test_a_mapping_with_a_fault_is_refused_at_its_place(text: str, message: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_mapping(Source("map.yaml", text))
    assert str(caught.value).startswith(message)
    assert str(caught.value.position) == place


def test_two_sources_of_one_target_are_refused_by_name() -> None:
    destination = read_destination("m.local", Layout.LEAF)
    references = [ImageReference.parse(text) for text in ("quay.io/a/app:1", "ghcr.io/b/app:2")]
    with pytest.raises(InputError) as caught:
        check_collisions((each, destination.move(each)) for each in references)
    assert str(caught.value) == "quay.io/a/app and ghcr.io/b/app would both become m.local/app"
    assert "--layout source" in caught.value.hint


def test_one_source_in_several_versions_is_no_collision() -> None:
    destination = read_destination("m.local", Layout.LEAF)
    texts = ("quay.io/a/app:1", "quay.io/a/app:2", "m.local/app:3", f"nginx@{_DIGEST}", "docker.io/library/nginx:1")
    references = [ImageReference.parse(text) for text in texts]
    check_collisions((each, destination.move(each)) for each in references)


def test_a_name_that_grows_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="cannot become m.local/.*more than 255 characters"):
        read_destination("m.local/prefix").move(ImageReference.parse(f"quay.io/{'a' * 250}"))
