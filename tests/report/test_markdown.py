from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.report.markdown import markdown_text
from chartkit.report.model import Told
from chartkit.version import __version__

ROOT = Path(__file__).parents[2]
ORKES = "fixtures/orkes"


def _out(captured) -> str:
    return captured.readouterr().out.decode().replace(f"chartkit {__version__}", "chartkit VERSION")


@pytest.mark.parametrize(
    "words",
    [
        ["p1-global-registry.yaml", "--expect", "myregistry.example.com"],
        ["mixed-public-and-private.yaml", "--expect", "myregistry.example.com"],
        ["e06-scheme.yaml"],
        ["secrets-existing.yaml", "--expect", "docker.io"],
    ],
    ids=lambda words: words[0].removesuffix(".yaml"),
)
def test_markdown_of_the_orkes_guide(words, snapshot, capsysbinary, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    main(["report", f"{ORKES}/{words[0]}", *words[1:], "--format", "markdown", "--chart", "charts/orkes-conductor"])
    assert _out(capsysbinary) == snapshot


def test_markdown_compares(snapshot, capsysbinary, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    main(
        [
            "report",
            f"{ORKES}/different-tags.yaml",
            "--compare",
            f"{ORKES}/p1-global-registry.yaml",
            "--format",
            "markdown",
        ]
    )
    text = _out(capsysbinary)
    assert text[text.index("### Changes") :] == snapshot


def test_markdown_means_nothing_by_foreign_texts(page_with, image_with) -> None:
    evil = "</summary><script>x</script> `a` | *b*\n# c [d](e)"
    text = markdown_text(page_with(image_with(evil, workload=evil, container=evil)))
    assert "<script>" not in text.replace("`</summary><script>x</script> 'a' \\| *b* # c [d](e)`", "")
    assert "\n# c" not in text


def test_markdown_leaves_out_what_a_comment_has_no_room_for(page_with, image_with) -> None:
    images = [image_with(f"quay.io/acme/{'x' * 60}{number}:1", number) for number in range(1, 401)]
    told = tuple(
        Told(number, "CK001", "t", "error", "m" * 200, ("w",), "s", "k", "f", "", True, ()) for number in range(1, 401)
    )
    text = markdown_text(page_with(*images, findings=told))
    assert len(text) <= 60_200
    assert "and 300 more" in text
    assert "more images are left out here" in text
    assert text.endswith("rendered as Helm v4 does.\n")


def test_markdown_tells_all_where_there_is_room(page_with, image_with) -> None:
    images = [image_with(f"acme/{number}:1", number) for number in range(1, 51)]
    assert markdown_text(page_with(*images)).count("<details>") == 50
