from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from chartkit.report.model import Changed, Comparison, Pull, Registry, Told, Verdict
from chartkit.report.page import breakable, page_text, plural, segments, short_digest

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
VOID = {"meta", "link", "br", "wbr", "img", "input", "path", "circle", "rect"}


class _Reader(HTMLParser):
    """The elements of a page; what is opened must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def _evil(page_with, image_with):
    image = image_with(EVIL, container=EVIL, target=EVIL, fault=EVIL, registry=EVIL, tag=EVIL, workload=EVIL)
    told = Told(1, "CK001", EVIL, "error", EVIL, (EVIL, EVIL), EVIL, EVIL, EVIL, EVIL, True, (1,))
    pull = Pull(EVIL, EVIL, EVIL, EVIL, EVIL, "uncovered", EVIL, "bad", (EVIL,), EVIL, EVIL)
    both = Comparison(EVIL, EVIL, 1, (Changed("added", "", EVIL, (EVIL,)),))
    verdict = Verdict("failed", EVIL, 1, 0, 0, "info", (EVIL,))
    return page_with(
        image,
        verdict=verdict,
        findings=(told,),
        pulls=(pull,),
        registries=(Registry(EVIL, 1, 1, "any"),),
        comparison=both,
    )


def test_page_escapes_everything(page_with, image_with) -> None:
    reader = _Reader(page_text(_evil(page_with, image_with)))
    assert reader.open == []
    assert [tag for tag, _ in reader.found].count("script") == 1
    assert not [tag for tag, attributes in reader.found if tag == "img" or any(name[:2] == "on" for name in attributes)]


def test_page_needs_nothing_else_and_forbids_all_but_its_own(page_with, image_with) -> None:
    text = page_text(page_with(image_with("nginx:1")))
    found = _Reader(text).found
    assert {attributes["href"][:1] for _, attributes in found if "href" in attributes} == {"#", "d"}
    assert not [tag for tag, attributes in found if "src" in attributes or "style" in attributes]
    assert "url(" not in text
    assert "@import" not in text
    policy = next(each["content"] for tag, each in found if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_page_works_without_its_script(page_with, image_with) -> None:
    found = _Reader(page_text(page_with(image_with("nginx:1"), image_with("b:2", 2)))).found
    cards = [attributes for tag, attributes in found if tag == "details" and attributes.get("class") == "image"]
    assert [("open" in each, each["id"]) for each in cards] == [(True, "image-1"), (True, "image-2")]
    controls = [
        attributes for tag, attributes in found if tag in ("form", "button") and attributes.get("type") != "reset"
    ]
    assert not [each for each in controls if "needs-script" not in each.get("class", "") and "id" not in each]


def test_page_links_lead_somewhere(page_with, image_with) -> None:
    found = _Reader(page_text(_evil(page_with, image_with))).found
    ids = {attributes["id"] for _, attributes in found if "id" in attributes}
    links = {attributes["href"][1:] for tag, attributes in found if tag == "a"}
    assert links <= ids
    labels = " ".join(attributes.get("aria-labelledby") or "" for _, attributes in found).split()
    assert set(labels) <= ids


def test_page_of_nothing_at_all(page_with) -> None:
    text = page_text(page_with())
    assert _Reader(text).open == []
    assert "There are no images." in text


def test_page_shows_hidden_characters(page_with, image_with) -> None:
    text = page_text(page_with(image_with("a\u202eb\x00")))
    assert "\u202e" not in text
    assert "\\u202e" in text


def test_breakable_escapes_and_keeps_numbers_with_their_file() -> None:
    assert breakable("a/b<c>:1") == "a/<wbr>b&lt;c&gt;:1"
    assert breakable("r.example.com") == "r.<wbr>example.<wbr>com"


def test_short_digest() -> None:
    assert short_digest(f"sha256:{'ab' * 32}") == "sha256:abababababab…"
    assert short_digest("") == ""


@pytest.mark.parametrize(
    ("count", "noun", "text"), [(1, "image", "1 image"), (0, "image", "0 images"), (2, "registry", "2 registries")]
)
def test_plural(count, noun, text) -> None:
    assert plural(count, noun) == text


def test_segments_cut_the_image_into_its_parts(make_page) -> None:
    image = make_page("global: {registry: r.io}\n").images[0]
    assert segments(image) == [
        ("registry", "r.io"),
        ("", "/"),
        ("repository", "acme/web"),
        ("", ":"),
        ("tag", "1.2.3"),
    ]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


SHEETS = ("paper", "sheet", "sunk")
PAIRS = [
    *((ink, sheet) for ink in ("ink", "muted", "link") for sheet in SHEETS),
    *(
        (ink, sheet)
        for ink in ("registry", "repository", "tag", "digest", "bad", "watch")
        for sheet in ("sheet", "sunk")
    ),
    *((tone, f"{tone}-sheet") for tone in ("good", "bad", "watch")),
    *((ink, f"{tone}-sheet") for ink in ("ink", "muted") for tone in ("good", "bad", "watch")),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "sheet"), PAIRS)
def test_colours_have_contrast(ink, sheet, theme) -> None:
    style = (files("chartkit.report") / "templates" / "page.css").read_text()
    colours = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", style)}
    assert _contrast(colours[ink][theme], colours[sheet][theme]) >= 4.5
