from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.cli.screen import has_colours, painted_message, painted_report

ROOT = Path(__file__).parents[2]
REPORT = "a.yaml:1:2: error CK001: x\n    key: a.b\n    fix: do\n\n0/1 images match\n1 error\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (_Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (_Terminal(), {"NO_COLOR": "1"}, False),
        (_Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "0"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (_Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_when_there_are_colours(stream: io.StringIO, environment: dict[str, str], coloured: bool) -> None:
    assert has_colours(stream, environment) is coloured


def test_colours_change_no_letter() -> None:
    for paint, text in ((painted_report, REPORT), (painted_message, "Error: x\n\nhint: y\nwarning: z")):
        painted = paint(text)
        assert painted != text
        assert re.sub(r"\x1b\[\d+m", "", painted) == text


def _on_a_terminal(*words: str, **environment: str) -> str:
    """What a person sees."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "chartkit", *words],
        stdin=slave, stdout=slave, stderr=slave, cwd=ROOT,
        env={**{name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")},
             "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(slave)
    seen = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    process.wait(timeout=10)
    os.close(master)
    return seen.decode()


VERIFY = ("verify-images", "fixtures/orkes/acr.yaml", "--expect", "r.example.com")


def test_a_terminal_gets_colours_and_a_pipe_none(capfd: pytest.CaptureFixture[str], monkeypatch) -> None:
    assert "\x1b[31merror" in _on_a_terminal(*VERIFY)
    assert "\x1b" not in _on_a_terminal(*VERIFY, NO_COLOR="1")
    monkeypatch.chdir(ROOT)
    main(VERIFY)
    assert "\x1b" not in capfd.readouterr().out


def test_manifests_are_never_painted() -> None:
    assert "\x1b" not in _on_a_terminal("render", "fixtures/orkes/acr.yaml", "--quiet", FORCE_COLOR="1")


def test_what_takes_longer_says_so_and_takes_it_away_again(tmp_path: Path) -> None:
    seen = _on_a_terminal("render", "--chart", str(_slow_chart(tmp_path)), "--quiet")
    assert re.search(r"chartkit render \.\.\. \d+ s", seen)
    assert seen.endswith("---\r\n# Source: slow/templates/a.yaml\r\na: 1\r\n")


def _slow_chart(folder: Path) -> Path:
    """A chart that takes some seconds: it makes keys."""
    base = folder / "chart"
    (base / "templates").mkdir(parents=True)
    (base / "Chart.yaml").write_text("apiVersion: v2\nname: slow\nversion: 1.0.0\n")
    (base / "templates/a.yaml").write_text('{{ range until 4 }}{{ $x := genPrivateKey "rsa" }}{{ end }}a: 1\n')
    return base


@pytest.mark.parametrize(
    "place", [("--quiet", "images", "fixtures/orkes/acr.yaml"), ("images", "fixtures/orkes/acr.yaml", "--quiet")]
)
def test_quiet_leaves_notes_out_and_verbose_adds_some(capfd: pytest.CaptureFixture[str], monkeypatch, place) -> None:
    monkeypatch.chdir(ROOT)
    assert main(place) == 0
    assert capfd.readouterr().err == ""
    assert main([word for word in place if word != "--quiet"]) == 0
    assert "chart: " in capfd.readouterr().err


def test_quiet_still_tells_failures(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["images", "nothing.yaml", "--quiet"]) == 2
    assert "nothing.yaml" in capfd.readouterr().err


def test_verbose_says_what_is_rendered(capfd: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["images", "fixtures/orkes/acr.yaml", "--verbose"]) == 0
    err = capfd.readouterr().err
    assert "chart orkes-conductor 1.0.0 from " in err
    assert "values: fixtures/orkes/acr.yaml, as Helm 4.3\n" in err
