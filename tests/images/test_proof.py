from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence

import pytest

from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.images.find import find_images
from chartkit.images.goals import Goal, find_goals
from chartkit.images.proof import Outcome, compare
from chartkit.images.target import read_destination
from chartkit.values.inputs import read_values

TO = "m.local/x"
FILE = "demo/templates/all.yaml"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: redis
  annotations:
    checksum/config: {hash}
spec:
  # {image} is pulled
  containers:
    - name: redis
      image: {image}
      args: [--from={host}]
"""
OLD_HASH, NEW_HASH = "ab" * 32, "cd" * 32


@pytest.fixture
def goals_of(compiled: Callable[..., CompiledChart]) -> Callable[[str], tuple[Goal, ...]]:
    """The goals of a chart that renders a text."""

    def find(text: str) -> tuple[Goal, ...]:
        program = compiled({"templates/all.yaml": text})
        rendering = program.render(read_values(program.chart), Release("r"))
        return find_goals(find_images(rendering), read_destination(TO))

    return find


def _pod(image: str, host: str = "quay.io", hash: str = OLD_HASH) -> str:  # noqa: A002
    return POD.format(image=image, host=host, hash=hash)


def _kinds(outcome: Outcome) -> list[str]:
    return [line.kind for line in outcome.lines]


def _compared(goals: Sequence[Goal], before: str, after: str, file: str = FILE) -> Outcome:
    return compare({file: before}, {file: after}, goals)


def test_the_same_text_keeps_every_image(goals_of) -> None:
    goals = goals_of(_pod("quay.io/a/b:1"))
    outcome = _compared(goals, _pod("quay.io/a/b:1"), _pod("quay.io/a/b:1"))
    assert list(outcome.states.values()) == ["kept"]
    assert outcome.lines == []


def test_an_image_that_becomes_its_target_has_moved_and_comments_mention_it(goals_of) -> None:
    goals = goals_of(_pod("quay.io/a/b:1"))
    outcome = _compared(goals, _pod("quay.io/a/b:1"), _pod("m.local/x/a/b:1", hash=NEW_HASH))
    assert list(outcome.states.values()) == ["moved"]
    assert _kinds(outcome) == ["checksum", "mention", "image"]
    assert [line.line for line in outcome.lines] == [6, 8, 11]
    assert outcome.others == []


@pytest.mark.parametrize(
    ("image", "host", "hash"),
    [
        pytest.param("m.local/x/a/b:2", "quay.io", OLD_HASH, id="another tag"),
        pytest.param("m.local/a/b:1", "quay.io", OLD_HASH, id="another path"),
        pytest.param("m.local/x/a/b", "quay.io", OLD_HASH, id="no tag"),
    ],
)
def test_an_image_that_becomes_anything_else_is_astray(goals_of, image: str, host: str, hash: str) -> None:  # noqa: A002
    goals = goals_of(_pod("quay.io/a/b:1"))
    outcome = _compared(goals, _pod("quay.io/a/b:1"), _pod(image, host, hash))
    assert list(outcome.states.values()) == ["astray"]


@pytest.mark.parametrize(
    ("host", "hash"),
    [
        pytest.param("m.local/x", OLD_HASH, id="another argument"),
        pytest.param("quay.io", NEW_HASH[:-1], id="a digest of another length"),
        pytest.param("quay.io", "changed", id="no digest"),
        pytest.param(f"quay.io@sha256:{NEW_HASH}", OLD_HASH, id="the digest of an image"),
    ],
)
def test_another_change_is_told(goals_of, host: str, hash: str) -> None:  # noqa: A002
    goals = goals_of(_pod("quay.io/a/b:1"))
    outcome = _compared(goals, _pod("quay.io/a/b:1"), _pod("m.local/x/a/b:1", host, hash))
    assert [line.kind for line in outcome.others] == ["other"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("example.com/values-hash: 53df9086", "example.com/values-hash: 12ab34cd", "checksum"),
        (f'"checksum": "{"a1" * 31}f"', f'"checksum": "{"b2" * 31}0"', "checksum"),
        ("values-hash: 53df9086", "values-hash: 53df90861", "other"),
        ("values-hash: 53df9086", "values-hash: none", "other"),
        ("password: 53df9086", "password: 12ab34cd", "other"),
        ("hash-of: 53df9086 and more", "hash-of: 12ab34cd and more", "other"),
    ],
)
def test_a_digest_that_is_cut_short_is_known_by_its_key(before: str, after: str, kind: str) -> None:
    outcome = _compared((), f"a: 1\n{before}\n", f"a: 1\n{after}\n")
    assert _kinds(outcome) == [kind]


def test_a_change_beside_the_image_on_its_line_is_told(goals_of) -> None:
    text = _pod("quay.io/a/b:1")
    goals = goals_of(text)
    after = _pod("m.local/x/a/b:1").replace("image: m.local/x/a/b:1\n", "image: m.local/x/a/b:1 # new\n")
    outcome = _compared(goals, text, after)
    assert len(outcome.others) == 1
    assert list(outcome.states.values()) == ["astray"]


def test_quotes_that_come_or_go_are_a_change(goals_of) -> None:
    text = _pod("quay.io/a/b:1")
    outcome = _compared(goals_of(text), text, text.replace("image: quay.io/a/b:1", 'image: "m.local/x/a/b:1"'))
    assert len(outcome.others) == 1


@pytest.mark.parametrize("at", ["kind: Pod\n", "apiVersion: v1\n"])
def test_lines_that_come_and_go_are_told(goals_of, at: str) -> None:
    text = _pod("quay.io/a/b:1")
    goals = goals_of(text)
    longer = _pod("m.local/x/a/b:1").replace(at, f"{at}# more\n")
    added = _compared(goals, text, longer)
    assert [(line.before, line.after) for line in added.others] == [("", "# more")]
    assert list(added.states.values()) == ["moved"]
    removed = _compared(goals_of(text.replace(at, f"{at}# more\n")), text.replace(at, f"{at}# more\n"), text)
    assert [(line.before, line.after) for line in removed.others] == [("# more", "")]


def test_a_file_that_comes_or_goes_is_told(goals_of) -> None:
    text = _pod("quay.io/a/b:1")
    goals = goals_of(text)
    assert compare({FILE: text}, {FILE: text, "demo/templates/new.yaml": "a: 1\n"}, goals).others
    gone = compare({FILE: text}, {}, goals)
    assert gone.others
    assert list(gone.states.values()) == ["astray"]


def test_notes_are_told_apart() -> None:
    outcome = _compared((), "use quay.io\n", "use m.local\nWARNING\n", "demo/templates/NOTES.txt")
    assert set(_kinds(outcome)) == {"notes"}


def test_a_bare_name_is_never_a_mention(goals_of) -> None:
    text = _pod("redis")
    after = text.replace("image: redis", "image: m.local/x/redis").replace("name: redis", "name: m.local/x/redis")
    outcome = _compared(goals_of(text), text, after)
    assert [line.kind for line in outcome.others] == ["other", "other"]


def test_an_image_that_its_line_names_twice_has_moved(goals_of) -> None:
    text = _pod("quay.io/a/b:1").replace("image: quay.io/a/b:1", "image: quay.io/a/b:1 # was quay.io/a/b:1 before")
    outcome = _compared(goals_of(text), text, text.replace("quay.io/a/b:1", "m.local/x/a/b:1"))
    assert list(outcome.states.values()) == ["moved"]
    assert outcome.others == []


def test_a_longer_name_is_no_mention(goals_of) -> None:
    text = _pod("quay.io/a/b:1", host="my.quay.io/a/b:1")
    after = _pod("m.local/x/a/b:1", host="my.m.local/x/a/b:1")
    assert len(_compared(goals_of(text), text, after).others) == 1


_PARTS = """\
apiVersion: example.com/v1
kind: App
metadata: {name: app}
spec:
  image:
    registry: %s
    repository: %s
    tag: "%s"
    pullPolicy: Always
"""


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        (("m.local", "x/a/b", "1"), "moved"),
        (("m.local/x", "a/b", "1"), "moved"),
        (("m.local/x/a", "b", "1"), "moved"),
        (("quay.io", "a/b", "1"), "kept"),
        (("m.local/x", "b", "1"), "astray"),
        (("m.local/x", "a/b", "2"), "astray"),
    ],
)
def test_an_image_in_parts_moves_however_its_name_is_spread(goals_of, parts: tuple[str, ...], state: str) -> None:
    text = _PARTS % ("quay.io", "a/b", "1")
    goals = goals_of(text)
    assert len(goals) == 1
    assert list(_compared(goals, text, _PARTS % parts).states.values()) == [state]


def _secret(content: str) -> str:
    encoded = b64encode(content.encode()).decode()
    return f'apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  values.yaml: "{encoded}"\n'


@pytest.mark.parametrize(
    ("after", "state", "others"),
    [
        ("app:\n  image: m.local/x/a/b:1\nport: 80\n", "moved", 0),
        ("app:\n  image: m.local/x/a/b:1\nport: 81\n", "astray", 1),
        ("app:\n  image: m.local/a/b:1\nport: 80\n", "astray", 0),
    ],
)
def test_encoded_texts_are_compared_by_what_they_say(goals_of, after: str, state: str, others: int) -> None:
    before = _secret("app:\n  image: quay.io/a/b:1\nport: 80\n")
    goals = goals_of(before)
    assert len(goals) == 1
    outcome = _compared(goals, before, _secret(after))
    assert (list(outcome.states.values()), len(outcome.others)) == ([state], others)


def test_what_is_no_text_any_more_is_told(goals_of) -> None:
    before = _secret("app:\n  image: quay.io/a/b:1\n")
    outcome = _compared(goals_of(before), before, before[: before.index("values.yaml")] + 'values.yaml: "???"\n')
    assert len(outcome.others) == 1
