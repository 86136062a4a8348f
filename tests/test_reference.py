"""Image references, against what distribution/reference's own code answered."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartkit.reference import ImageReference, InvalidReference

FIXTURE = Path(__file__).parent.parent / "fixtures" / "reference_vectors.jsonl"
VECTORS = [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]
ACCEPTED = [vector for vector in VECTORS if "error" not in vector["normalized"]]
REFUSED = [vector for vector in VECTORS if "error" in vector["normalized"]]
DIGEST = "sha256:" + "3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79"


def shown(vector):
    return repr(vector["input"])[1:60]


def part(text, place):
    return "" if place is None else text[slice(*place)]


@pytest.mark.parametrize("vector", ACCEPTED, ids=shown)
def test_parse_gives_the_recorded_parts_when_text_is_a_reference(vector):
    expected = vector["normalized"]
    found = ImageReference.parse(vector["input"])
    assert found.registry == expected["domain"]
    assert found.repository == expected["path"]
    assert found.tag == expected.get("tag", "")
    assert found.digest == expected.get("digest", "")
    assert found.name == expected["name"]
    assert found.canonical() == expected["string"]
    assert str(found) == vector["input"]


@pytest.mark.parametrize("vector", REFUSED, ids=shown)
def test_parse_says_the_recorded_reason_when_text_is_no_reference(vector):
    with pytest.raises(InvalidReference) as failure:
        ImageReference.parse(vector["input"])
    assert str(failure.value) == vector["normalized"]["error"]


@pytest.mark.parametrize("vector", ACCEPTED, ids=shown)
def test_parts_cover_the_text_when_joined_again(vector):
    text = vector["input"]
    found = ImageReference.parse(text)
    registry, repository, tag, digest = (part(text, place) for place in found.parts)
    joined = f"{registry}/" if registry else ""
    joined += repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    assert joined == text
    assert (tag, digest) == (found.tag, found.digest)
    assert found.repository in (repository, f"library/{repository}")


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("nginx", None, (0, 5), None, None),
        ("nginx:1.27", None, (0, 5), (6, 10), None),
        ("index.docker.io/nginx", (0, 15), (16, 21), None, None),
        ("localhost:5000/a/b:1", (0, 14), (15, 18), (19, 20), None),
        ("[::1]:5000/x:y", (0, 10), (11, 12), (13, 14), None),
        (f"quay.io/a/b:1@{DIGEST}", (0, 7), (8, 11), (12, 13), (14, 85)),
        (f"a@{DIGEST}", None, (0, 1), None, (2, 73)),
    ],
)
def test_parts_are_character_ranges_when_text_is_parsed(text, registry, repository, tag, digest):
    assert tuple(ImageReference.parse(text).parts) == (registry, repository, tag, digest)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("index.docker.io/nginx:1", "docker.io/library/nginx:1"),
        ("registry-1.docker.io/nginx", "registry-1.docker.io/nginx"),
        ("localhost/x", "localhost/x"),
        ("MyHost/x", "MyHost/x"),
        ("test_com/foo", "docker.io/test_com/foo"),
        (f"nginx:1@{DIGEST}", f"docker.io/library/nginx:1@{DIGEST}"),
    ],
)
def test_canonical_fills_in_what_docker_fills_in_when_text_is_short(text, canonical):
    assert ImageReference.parse(text).canonical() == canonical


def test_registry_is_empty_when_the_first_word_can_only_be_a_path():
    found = ImageReference.parse("a_b.com/c:1")
    assert (found.registry, found.repository, found.canonical()) == ("", "a_b.com/c", "a_b.com/c:1")
    assert found.parts.registry is None
    assert part(found.text, found.parts.repository) == "a_b.com/c"


@pytest.mark.parametrize(
    ("text", "registry", "repository"),
    [
        ("zZ9:9/z", "zZ9:9", "z"),
        ("9.aZ9-Zz-9/z9", "9.aZ9-Zz-9", "z9"),
        ("9a.b/c", "9a.b", "c"),
        ("Z/z", "Z", "z"),
        ("Za.Z0.z/z", "Za.Z0.z", "z"),
        ("a.9/9", "a.9", "9"),
        ("a.z.Z-z/0", "a.z.Z-z", "0"),
        ("a.aZ/b", "a.aZ", "b"),
        ("a.az/b", "a.az", "b"),
        ("a.a9/b", "a.a9", "b"),
        ("a.b/z-z9_z__9", "a.b", "z-z9_z__9"),
        ("a.b/a.z9---z", "a.b", "a.z9---z"),
        ("[fF9:aA0]/z", "[fF9:aA0]", "z"),
    ],
)
def test_ends_of_ranges_belong_to_them_when_a_name_is_read(text, registry, repository):
    found = ImageReference.parse(text)
    assert (found.registry, found.repository) == (registry, repository)


@pytest.mark.parametrize("text", ["[]/x", "[]:5000/x", "a.b:/x", "a.b/a-_b", "a.b/a--", "a.b/a-.b", "a.b/a._b"])
def test_parse_refuses_when_a_piece_of_the_grammar_is_missing(text):
    with pytest.raises(InvalidReference, match="^invalid reference format$"):
        ImageReference.parse(text)


@pytest.mark.parametrize("tag", ["z", "Z", "9", "_", "Zz9_.-Z", "a" + "-" * 127])
def test_tag_holds_every_word_character_when_it_is_read(tag):
    assert ImageReference.parse(f"x:{tag}").tag == tag


@pytest.mark.parametrize("algorithm", ["z", "Z", "a9z9Z9", "zZ", "a-z", "a+Z", "a.z9", "a_Z9z", "a+a9", "a.aZ", "a-az"])
def test_digest_of_unknown_algorithm_is_told_apart_when_it_is_well_formed(algorithm):
    reason = "unsupported digest algorithm" if algorithm.islower() else "invalid checksum digest format"
    with pytest.raises(InvalidReference, match=f"^{reason}$"):
        ImageReference.parse(f"x:1@{algorithm}:{'0' * 32}")


@pytest.mark.parametrize("digest", [f"sha256:{'0' * 31}", f"a*b:{'0' * 32}", f"9a:{'0' * 32}", f"a+9:{'0' * 32}"])
def test_digest_is_no_digest_when_it_is_malformed(digest):
    with pytest.raises(InvalidReference, match="^invalid reference format$"):
        ImageReference.parse(f"x:1@{digest}")


def test_digest_in_upper_case_has_a_bad_format_when_it_is_long_enough():
    with pytest.raises(InvalidReference, match="^invalid checksum digest format$"):
        ImageReference.parse(f"x:1@sha256:{'A' * 64}")


def test_letter_that_is_ascii_only_in_lower_case_is_the_fault_when_it_stands_in_a_tag():
    with pytest.raises(InvalidReference, match="^repository name must be lowercase$"):
        ImageReference.parse("x:\u212a")


WORDS = st.from_regex(r"[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?", fullmatch=True)
HOSTS = st.sampled_from(["", "quay.io/", "localhost/", "reg.example:5000/", "docker.io/", "[::1]:80/", "UPPER/"])
TAGS = st.sampled_from(["", ":1.0", ":latest", ":_x", ":" + "t" * 128])
DIGESTS = st.sampled_from(["", f"@{DIGEST}"])


@pytest.mark.property
@given(HOSTS, st.lists(WORDS, min_size=1, max_size=3), TAGS, DIGESTS)
def test_canonical_is_its_own_canonical_form_when_parsed_again(host, words, tag, digest):
    found = ImageReference.parse(f"{host}{'/'.join(words)}{tag}{digest}")
    again = ImageReference.parse(found.canonical())
    assert again.canonical() == found.canonical()
    assert (again.registry, again.repository, again.tag, again.digest) == (
        found.registry, found.repository, found.tag, found.digest,
    )  # fmt: skip


@pytest.mark.property
@given(st.text(alphabet="aB0._-:/@[]sha256 \n", max_size=30))
def test_parse_fails_in_no_other_way_when_text_is_anything(text):
    with contextlib.suppress(InvalidReference):
        canonical = ImageReference.parse(text).canonical()
        assert ImageReference.parse(canonical).canonical() == canonical
