"""What a chart of others can reach: nothing but itself, and no more of the machine than its limits allow."""

from __future__ import annotations

import builtins
import io
import os
import re
import socket
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from chartkit import compile_chart, load_chart, read_values
from chartkit.ambient import Ambient
from chartkit.chart.archive import unpack
from chartkit.cli.app import main
from chartkit.engine.function_table import functions
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError, LimitError
from chartkit.limits import DEFAULT_LIMITS, Limits
from chartkit.profile import PROFILES

SECRET = "nobody-may-see-this"
# What a chart could hope to reach with them.
PATHS = [
    "../secret",
    "/etc/passwd",
    "../../etc/passwd",
    "files/../../secret",
    "{outside}",
    "templates/../../secret",
    "~",
]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart with a file of its own, and a secret beside it."""
    (tmp_path / "c" / "templates").mkdir(parents=True)
    (tmp_path / "c" / "files").mkdir()
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tmp_path / "c" / "files" / "own").write_text("own")
    (tmp_path / "secret").write_text(SECRET)
    return tmp_path / "c"


def _render(chart: Path, template: str, limits: Limits = DEFAULT_LIMITS) -> str:
    (chart / "templates" / "t.txt").write_text(template)
    loaded = load_chart(chart)
    ambient = Ambient(limits=limits)
    return compile_chart(loaded).render(read_values(loaded), Release("r"), ambient=ambient).files["c/templates/t.txt"]


@pytest.mark.parametrize("path", PATHS)
def test_files_reach_nothing_outside_of_the_chart(chart: Path, path: str) -> None:
    path = path.format(outside=chart.parent / "secret")
    ways = (
        f'.Files.Get "{path}"', f'.Files.GetBytes "{path}" | toString', f'.Files.Lines "{path}" | join ","',
        f'(.Files.Glob "{path}").AsConfig', f'(.Files.Glob "{path}").AsSecrets', f'.Files.Glob "{path}*" | len',
        '.Files.Glob "../**" | len', '.Files.Glob "**" | len',
    )  # fmt: skip
    text = _render(chart, "own {{ .Files.Get `files/own` }}\n" + "".join(f"{{{{ {way} }}}}\n" for way in ways))
    assert text.startswith("own own\n")
    assert SECRET not in text
    assert "root:" not in text


def test_no_function_reads_the_environment_or_the_network(chart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("the network was asked")

    monkeypatch.setenv("SECRET", SECRET)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    for profile in PROFILES.values():
        assert not {"env", "expandenv"} & set(functions(profile))
    text = _render(chart, '{{ getHostByName "example.com" }}|{{ lookup "v1" "Secret" "" "" }}|{{ "$SECRET" | print }}')
    assert SECRET not in text
    assert text.startswith("|map[]|")
    for name in ("env", "expandenv"):
        with pytest.raises(ChartkitError, match=f'function "{name}" not defined'):
            _render(chart, f'{{{{ {name} "SECRET" }}}}')


def test_a_render_opens_no_file(chart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a chart is loaded its templates ask for nothing on the disk."""
    (chart / "templates" / "t.txt").write_text('{{ .Files.Get "../secret" }}{{ tpl "{{ .Files.Get `files/own` }}" . }}')
    loaded = load_chart(chart)
    program, values = compile_chart(loaded), read_values(loaded)
    for _ in range(2):
        # What is imported late is there from then on.
        program.render(values, Release("r"))
    opened: list[str] = []
    really = builtins.open

    def watched(name: Any, *more: Any, **options: Any) -> Any:
        opened.append(os.fspath(name) if not isinstance(name, int) else str(name))
        return really(name, *more, **options)

    monkeypatch.setattr(builtins, "open", watched)
    monkeypatch.setattr(io, "open", watched)
    assert program.render(values, Release("r")).files["c/templates/t.txt"] == "own"
    assert not opened


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [
        ("c/../../evil", tarfile.REGTYPE, ""),
        ("/etc/evil", tarfile.REGTYPE, ""),
        ("c/link", tarfile.SYMTYPE, "/etc/passwd"),
        ("c/hard", tarfile.LNKTYPE, "/etc/passwd"),
        ("c/device", tarfile.CHRTYPE, ""),
        ("c/pipe", tarfile.FIFOTYPE, ""),
        ("c\\..\\..\\evil", tarfile.REGTYPE, ""),
    ],
)
def test_an_archive_reaches_nothing_outside(tmp_path: Path, name: str, kind: bytes, target: str) -> None:
    """Nothing is ever unpacked onto the disk, and odd members are refused or stay names."""
    packed = tmp_path / "c.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        for each, data in (("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n"), (name, b"x")):
            member = tarfile.TarInfo(each)
            member.type, member.linkname = (kind, target) if each == name else (tarfile.REGTYPE, "")
            member.size = len(data) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(data))
    before = sorted(tmp_path.rglob("*"))
    try:
        names = [file.name for file in unpack(packed.read_bytes(), DEFAULT_LIMITS)]
    except ChartkitError:
        names = []
    assert not [each for each in names if each.startswith("/") or ".." in each.split("/")]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("template", "limits", "message"),
    [
        ("{{ range until 100 }}{{ range until 100 }}x{{ end }}{{ end }}", Limits(loop_steps=5000), "loop passes"),
        ("{{ range until 100 }}{{ repeat 1000 `x` }}{{ end }}", Limits(output_characters=50_000), "characters"),
        ("{{ repeat 60000 `x` }}", Limits(output_characters=50_000), "repeated"),
        (
            "{{ range until 5000 }}{{ range until 5000 }}{{ end }}{{ end }}",
            Limits(seconds=0.3, loop_steps=1 << 40),
            "seconds",
        ),
    ],
)
def test_every_limit_can_be_set(chart: Path, template: str, limits: Limits, message: str) -> None:
    with pytest.raises(LimitError, match=message):
        _render(chart, template, limits)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(a|a?)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){12}$", "(a*)*b"]
)
def test_a_regular_expression_takes_no_longer_than_its_text_is_long(chart: Path, pattern: str) -> None:
    started = time.monotonic()
    _render(chart, f'{{{{ regexMatch "{pattern}" (print (repeat 3000 "a") "!") }}}}')
    assert time.monotonic() - started < 20


# --- at the command line


@pytest.fixture
def run(chart: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs a command beside the chart, which has a template; gives the exit code and what was said."""
    monkeypatch.chdir(chart.parent)

    def command(template: str, *words: str, config: str = "") -> tuple[int, str]:
        (chart / "templates" / "t.yaml").write_text(template)
        if config:
            (chart.parent / "chartkit.yaml").write_text(config)
        code = main([*words, "--chart=c"])
        return code, capfd.readouterr().err

    return command


LOOP = "{{ range until 5000 }}{{ range until 900 }}{{ end }}{{ end }}"
STUCK = '{{ regexFindAll "(a|aa|aaa|a?)+b" (repeat 400000 "a") -1 }}'


@pytest.mark.parametrize("words", [("render",), ("images",), ("lint",), ("verify-images", "--expect=x.io")])
@pytest.mark.parametrize("template", [LOOP, STUCK], ids=["loop", "one call"])
def test_timeout_ends_a_render(run: Any, words: tuple[str, ...], template: str) -> None:
    started = time.monotonic()
    code, said = run(template, *words, "--timeout=300ms")
    assert code == 2
    assert "the render takes more than 0.3 seconds" in said
    assert time.monotonic() - started < 20


def test_limits_come_from_the_configuration_and_flags_count_more(run: Any) -> None:
    config = "limits: {loop_steps: 100, timeout: 1m}\n"
    template = "{{ range until 50 }}{{ range until 9 }}{{ end }}{{ end }}"
    code, said = run(template, "render", config=config)
    assert code == 0 or "more than 100 loop passes" in said
    code, said = run("{{ until 200 }}", "render", config=config)
    assert code == 2
    assert "more than 100" in said
    code, said = run("a: {{ until 200 | len }}", "render", "--limit=loop_steps=1_000_000")
    assert code == 0, said


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--limit=x=1", "there is no limit x"),
        ("--limit=loop_steps=-1", "a whole number above 0 is wanted"),
        ("--limit=loop_steps=many", "a whole number above 0 is wanted"),
        ("--timeout=-3s", "cannot take less than no time"),
        ("--timeout=soon", "invalid duration"),
    ],
)
def test_limits_that_make_no_sense_are_refused(run: Any, flag: str, message: str) -> None:
    code, said = run("a: b", "render", flag)
    assert code == 2
    assert message in said


@pytest.mark.parametrize(
    "limits", ["{loop_steps: 0}", "{timeout: 5}", "{timeout: soon}", "{steps: 1}", "[1]", "{loop_steps: 1.5}"]
)
def test_a_configuration_with_odd_limits_is_refused(run: Any, limits: str) -> None:
    code, said = run("a: b", "render", config=f"limits: {limits}\n")
    assert code == 2
    assert re.search(r"chartkit\.yaml:1", said)


def test_nodes_can_be_limited(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chartkit.limits._process", {"yaml_nodes": DEFAULT_LIMITS.yaml_nodes})
    code, said = run("a: {{ toYaml (until 90) | fromYamlArray | len }}", "render", "--limit=yaml_nodes=50")
    assert code == 2
    assert "nodes" in said
