from __future__ import annotations

import io
from dataclasses import dataclass, field

import pytest

from chartkit.cli.flags import UsageError, Words
from chartkit.cli.mirror_run import Progress, follow, in_units, plan_run
from chartkit.errors import RegistryError
from chartkit.oci.copy import ImageCopy, State
from chartkit.reference import ImageReference


class Terminal(io.StringIO):
    def isatty(self):
        return True


def image(name, state=State.COPIED, **more):
    source, target = (ImageReference.parse(f"{host}/{name}") for host in ("a.example", "b.example"))
    return ImageCopy(source, target, state, **more)


@dataclass
class Run:
    """A run that is over as soon as it begins."""

    images: list
    end: BaseException | None = None
    began: list = field(default_factory=list)

    def run(self):
        if self.end:
            raise self.end


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (5 << 30, "5.0 GiB"),
        (1 << 60, "1048576.0 TiB"),
    ],
)
def test_bytes_are_told_in_units(size, text):
    assert in_units(size) == text


def test_each_image_has_a_line_where_nobody_watches():
    stream = io.StringIO()
    progress = Progress(3, stream)
    progress.expect(4096)
    for state in (State.COPYING, State.COPIED):
        progress.moved(1024)
        progress.changed(image("app:1", state, moved=2048))
    progress.changed(image("web:1", State.PRESENT))
    progress.changed(image("old:1", State.FAILED))
    progress.close()
    assert stream.getvalue().splitlines() == [
        "[1/3] copied: b.example/app:1, 2.0 KiB",
        "[2/3] present: b.example/web:1",
        "[3/3] failed: b.example/old:1",
    ]


def test_one_line_changes_on_a_terminal_and_is_cleared_at_the_end():
    stream = Terminal()
    progress = Progress(1, stream)
    progress.expect(4096)
    progress.moved(1024)
    progress.changed(image("app:1", moved=4096))
    progress.close()
    progress.moved(99)
    shown = stream.getvalue().split("\r\x1b[K")
    assert shown[1] == "[0/1] 0 B of 4.0 KiB"
    assert shown[-2:] == ["[1/1] copied: b.example/app:1, 4.0 KiB\n", ""]


@pytest.mark.parametrize(
    ("images", "end", "code", "said"),
    [
        ([image("app:1", digest="sha256:1")], None, 0, ("b.example/app:1 sha256:1\n", "")),
        (
            [image("app:1", digest="sha256:1"), image("web:1", State.FAILED, failure=RegistryError("no", hint="do"))],
            None,
            3,
            (
                "b.example/app:1 sha256:1\n",
                "failed: 1 of 2 images are there; missing:\n  b.example/web:1: no\nhint: do\n",
            ),
        ),
        (
            [image("app:1", State.COPYING), image("web:1", State.WAITING)],
            KeyboardInterrupt(),
            130,
            ("", "interrupted: 0 of 2 images are there; missing:\n  b.example/app:1\n  b.example/web:1\n"),
        ),
    ],
    ids=["clean", "failed", "interrupted"],
)
def test_end_of_a_run_is_told(images, end, code, said, capfd):
    assert follow(Run(images, end), Progress(len(images), io.StringIO())) == code
    out, err = capfd.readouterr()
    again = "hint: run it again to go on: what is there is not copied again\n" if code else ""
    assert (out, err) == (said[0], said[1] + again)


def test_image_that_is_named_twice_is_copied_once():
    plan = [
        (ImageReference.parse(text), ImageReference.parse("b.example/nginx:1"))
        for text in ("nginx:1", "docker.io/library/nginx:1")
    ]
    run, _ = plan_run(None, None, plan, Words())
    assert len(run.images) == 1


def test_platform_that_is_none_is_refused():
    with pytest.raises(UsageError, match="'a/b/c/d' is no platform"):
        plan_run(None, None, [], Words({"platform": ["a/b/c/d"]}))
