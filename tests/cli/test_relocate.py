from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

STYLES = Path(__file__).parents[2] / "fixtures/relocate"
TO = "mirror.local:5000/team"
DIGEST = f"sha256:{'ab' * 32}"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit relocate` beside the chart of the style that is named; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def relocate(*words: str) -> tuple[int, str, str]:
        if not Path(words[0]).exists():
            shutil.copytree(STYLES / words[0] / "chart", words[0])
        code = main(["relocate", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return relocate


def test_the_override_goes_to_standard_output_and_the_report_beside_it(run: Run) -> None:
    code, out, err = run("global-wins", "--to", TO)
    assert code == 0
    assert out == (STYLES / "global-wins/override.yaml").read_text()
    assert err.startswith("2 of 2 images move, by 2 keys (proven by ")
    assert err.splitlines()[1:6] == [
        f"  docker.io/example/web:1.27    -> {TO}/example/web:1.27      global.imageRegistry",
        f"  quay.io/example/metrics:0.15  -> {TO}/example/metrics:0.15  global.imageRegistry",
        "precedence: global.imageRegistry wins over the component's registry key (2 images)",
        "needed: global.security.allowInsecureImages: true, else the chart refuses",
        "changed lines: 2 of images, 3 of NOTES.txt; nothing else changes",
    ]
    assert f"    - image: docker.io/example/web:1.27\n    + image: {TO}/example/web:1.27\n" in err


def test_what_stays_is_named_and_is_a_finding(run: Run) -> None:
    code, out, err = run("hard-coded", "--to", TO)
    assert code == 1
    assert out.endswith(f"image: {TO}/example/app:1\n")
    assert "1 of 3 images move, by 1 key" in err
    assert (
        "not moved:\n"
        "  docker.io/example/wait:2.5.0  hard-coded/templates/_names.tpl:1:28        hard-coded in the template\n"
        "  busybox:1.36                  hard-coded/templates/tests/test.yaml:10:14  hard-coded in the template\n"
    ) in err


def test_the_post_renderer_takes_over_what_stays_but_for_hooks(run: Run) -> None:
    Path("map.yaml").write_text("quay.io: q.local\n")
    words = ("hard-coded", "--to", TO, "--layout", "source", "--map", "map.yaml")
    code, _, err = run(*words, "--with-post-renderer")
    assert code == 1
    assert err.endswith(
        "moved by the post-renderer only, which Helm has to run behind the render of these values:\n"
        f"  chartkit post-render --to {TO} --layout source --map map.yaml\n"
        "  docker.io/example/wait:2.5.0  hard-coded/templates/_names.tpl:1:28  hard-coded in the template\n"
        "not moved:\n"
        "  busybox:1.36  hard-coded/templates/tests/test.yaml:10:14  hard-coded in the template; "
        "a hook, and Helm gives hooks to no post-renderer\n"
    )


def test_what_the_post_renderer_moves_is_no_finding(run: Run) -> None:
    code, out, err = run("feeds-more", "--to", TO, "--with-post-renderer", "--format", "json")
    content = json.loads(out)
    assert (code, err) == (0, "")
    assert content["left"] == []
    assert [row["source"] for row in content["post_rendered"]] == ["quay.io/example/other:2"]
    assert content["post_renderer"] == f"chartkit post-render --to {TO}"


def test_nothing_is_said_of_the_post_renderer_where_values_suffice(run: Run) -> None:
    code, _, err = run("joined", "--to", TO, "--with-post-renderer")
    assert code == 0
    assert "post-render" not in err


def test_the_override_can_be_written_into_a_file(run: Run) -> None:
    code, out, err = run("joined", "--to", TO, "-o", "out/mirror.yaml")
    assert (code, out) == (0, "")
    assert Path("out/mirror.yaml").read_text() == (STYLES / "joined/override.yaml").read_text()
    assert err.endswith("written: out/mirror.yaml\n")


def test_the_override_is_never_written_over_a_values_file(run: Run) -> None:
    Path("mine.yaml").write_text("image: quay.io/fork/app:9\n")
    code, out, err = run("joined", "mine.yaml", "--to", TO, "-o", "./mine.yaml")
    assert (code, out) == (2, "")
    assert "mine.yaml is one of the values files" in err
    assert Path("mine.yaml").read_text() == "image: quay.io/fork/app:9\n"


def test_what_was_written_is_used_behind_the_other_files(run: Run) -> None:
    Path("mine.yaml").write_text("image: quay.io/fork/app:9\n")
    run("joined", "mine.yaml", "--to", TO, "-o", "mirror.yaml")
    code, out, err = run("joined", "mine.yaml", "mirror.yaml", "--to", TO)
    assert (code, out) == (0, "{}\n")
    assert err.startswith("0 of 0 images move, by 0 keys")
    assert "no line of the render changes" in err


def test_json_has_everything(run: Run) -> None:
    code, out, err = run("hard-coded", "--to", TO, "--format", "json")
    content = json.loads(out)
    assert (code, err) == (1, "")
    assert content["values"] == {"image": f"{TO}/example/app:1"}
    assert content["override"].endswith(f"image: {TO}/example/app:1\n")
    assert content["moved"] == [
        {
            "source": "example/app:1",
            "target": f"{TO}/example/app:1",
            "keys": ["image"],
            "places": 1,
            "pinned": False,
        }
    ]
    assert content["left"][0] == {
        "source": "docker.io/example/wait:2.5.0",
        "target": f"{TO}/example/wait:2.5.0",
        "file": "hard-coded/templates/_names.tpl",
        "line": 1,
        "column": 28,
        "reason": "hard-coded in the template",
        "kind": "Pod",
        "name": "app",
        "container": "wait",
    }
    assert content["changed"] == [
        {
            "kind": "image",
            "file": "hard-coded/templates/pod.yaml",
            "line": 8,
            "before": "      image: example/app:1",
            "after": f"      image: {TO}/example/app:1",
        }
    ]
    assert (content["precedence"], content["switches"], content["unpinned"]) == ([], [], [])


def test_digests_of_a_lock_are_added(run: Run) -> None:
    lock = {
        "apiVersion": "chartkit/v1",
        "kind": "ImagesLock",
        "images": [{"image": "quay.io/example/app:1.0", "digest": DIGEST}],
    }
    Path("images.lock").write_text(json.dumps(lock))
    code, out, err = run("joined", "--to", TO, "--pin", "images.lock")
    assert code == 0
    assert f"image: {TO}/example/app:1.0@{DIGEST}\n" in out
    without = f"  {TO}/example-project/sidecar:2\n  {TO}/busybox\n"
    assert f"without digest, as the lock has none for them or no key takes it:\n{without}" in err


# -- in place --------------------------------------------------------------------------------------------------------


def test_in_place_changes_the_file_that_gives_a_key_and_nothing_else_in_it(run: Run) -> None:
    Path("base.yaml").write_text('# ours\nimage: "quay.io/fork/app:9" # the fork\n\nother: 1\n')
    Path("prod.yaml").write_text("sidecar:\n    tag: '3'   # pinned\n")
    code, out, err = run("joined", "base.yaml", "prod.yaml", "--to", TO, "--in-place")
    assert (code, out) == (0, "")
    assert Path("base.yaml").read_text() == f'# ours\nimage: "{TO}/fork/app:9" # the fork\n\nother: 1\n'
    prod = Path("prod.yaml").read_text()
    assert prod.startswith("sidecar:\n    tag: '3'   # pinned\n")
    assert f"    repository: {TO}/example-project/sidecar\n" in prod
    assert f"init: {TO}/busybox\n" in prod
    assert err.endswith("written: base.yaml\nwritten: prod.yaml\n")
    code, _, err = run("joined", "base.yaml", "prod.yaml", "--to", TO)
    assert err.startswith("0 of 0 images move")


def test_in_place_states_a_list_anew_only_where_no_file_has_it(run: Run) -> None:
    Path("mine.yaml").write_text("sidecars:\n  - {name: mine, image: quay.io/a/b:1} # one\n")
    code, _, _ = run("lists", "mine.yaml", "--to", TO, "--in-place")
    text = Path("mine.yaml").read_text()
    assert code == 0
    assert f"  - {{name: mine, image: {TO}/a/b:1}} # one\n" in text
    assert text.count("repository:") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "--in-place needs a values file to write into"),
        (("mine.yaml", "-o", "x.yaml"), "--in-place writes into the values files themselves: leave out --output"),
    ],
)
def test_in_place_refuses_what_it_cannot_do_and_leaves_the_files(
    run: Run, words: tuple[str, ...], message: str
) -> None:
    Path("mine.yaml").write_text("init: busybox:1\n")
    code, out, err = run("joined", *words, "--to", TO, "--in-place")
    assert (code, out) == (2, "")
    assert message in err
    assert Path("mine.yaml").read_text() == "init: busybox:1\n"
    assert not Path("x.yaml").exists()


def test_in_place_leaves_files_that_need_no_change(run: Run) -> None:
    Path("mine.yaml").write_text(f"repository: {TO.partition('/')[2]}/runner\nregistry: mirror.local:5000\n")
    code, out, err = run("many-places", "mine.yaml", "--to", TO, "--in-place")
    assert (code, out) == (0, "")
    assert "written" not in err


# -- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "where to? name the destination with --to HOST[:PORT][/PREFIX]"),
        (("--to", "https://m.local"), "a registry is named without https://"),
        (("--to", "mirror"), "mirror is no host"),
        (("--to", TO, "--layout", "flat"), 'unknown layout "flat": must be one of path, leaf, '),
        (("--to", TO, "--format", "xml"), 'unknown format "xml": must be one of text, json'),
        (("--to", TO, "--map", "none.yaml"), "cannot read none.yaml: no such file or directory"),
        (("--to", TO, "--pin", "none.lock"), "cannot read none.lock: no such file or directory"),
        (("--to", TO, "-f", "none.yaml"), "none.yaml"),
        (("--to", "m.local", "--map", "bad.yaml"), "bad.yaml:2:8"),
    ],
)
def test_bad_input_is_refused(run: Run, words: tuple[str, ...], message: str) -> None:
    Path("bad.yaml").write_text("quay.io: q.local\nx.io: [3]\n".replace("x.io: [", "x.io:  ["))
    code, out, err = run("joined", *words)
    assert (code, out) == (2, "")
    assert message in err


def test_only_what_a_mapping_names_moves_without_a_destination(run: Run) -> None:
    Path("map.yaml").write_text("quay.io: q.local/mirror\n")
    code, out, _ = run("joined", "--map", "map.yaml")
    assert code == 0
    assert out.endswith("image: q.local/mirror/example/app:1.0\n")
    assert "busybox" not in out


def test_a_collision_names_both_images(run: Run) -> None:
    Path("mine.yaml").write_text("init: quay.io/other/app:1\n")
    code, out, err = run("joined", "mine.yaml", "--to", TO, "--layout", "leaf")
    assert (code, out) == (2, "")
    assert "quay.io/example/app and quay.io/other/app would both become" in err or "quay.io/other/app and" in err
