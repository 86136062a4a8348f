from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest

from chartkit.cli.app import main

pytest_plugins = ["browser"]
pytestmark = pytest.mark.real

EVIL = "<img src=x onerror=document.title='owned'>"
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
{{- range $name, $image := .Values.images }}
  - name: {{ $name | quote }}
    image: {{ $image | quote }}
{{- end }}
"""
IMAGES = {
    **{f"c{number}": f"quay.io/acme/app-{number}:1.{number}" for number in range(1, 11)},
    "hub": "nginx:1.27",
    "long": f"registry.internal.example.com:5000/{'platform/' * 8}{'long-name-' * 6}x@sha256:{'0a' * 32}",
    EVIL: EVIL,
    "latest": "docker.io/library/redis:latest",
}
PROBE = """\
<script>
  const wide = [...document.body.querySelectorAll("*")].filter((each) => !each.closest("thead, .unseen, .skip")
    && each.getBoundingClientRect().right > innerWidth + 1);
  const name = new URLSearchParams(location.search).get("name");
  const told = [innerWidth, document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor,
    wide.map((each) => each.tagName + "." + each.getAttribute("class")).join("|")];
  parent.postMessage([name, told.join(";")], "*");
</script>
"""
FRAME = """\
<body>
<script>addEventListener("message", (event) => { document.body.dataset[event.data[0]] = event.data[1]; });</script>
<iframe width="360" height="800" src="probed.html?name=small&theme=light"></iframe>
<iframe width="360" height="800" src="probed.html?name=dark&theme=dark"></iframe>
<iframe width="768" height="800" src="probed.html?name=middle#theme=light"></iframe>
<iframe width="1280" height="800" src="probed.html?name=large#theme=dark"></iframe>
"""
"""Frames, as a window of Chromium is never narrower than 500 pixels."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with some images, one of them hostile, and a comparison."""
    folder = tmp_path_factory.mktemp("report")
    chart = folder / "c"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    (chart / "values.yaml").write_text("images: {}\n")
    (chart / "templates/pod.yaml").write_text(TEMPLATE)
    (folder / "v.yaml").write_text(json.dumps({"images": IMAGES}))
    (folder / "w.yaml").write_text(json.dumps({"images": {**IMAGES, "hub": "nginx:1.28"}}))
    target = folder / "r.html"
    words = ["--chart", str(chart), str(folder / "v.yaml"), "--compare", str(folder / "w.yaml"), "--expect", "quay.io"]
    assert main(["report", *words, "-o", str(target)]) == 1
    return target


def _rows(dom: str) -> list[tuple[str, bool]]:
    """The images of the table in their order, each with whether it is shown."""
    rows = re.findall(r'<tr role="row" data-image="\d+"(.*?)</tr>', dom, re.DOTALL)
    cells = [re.search(r'data-label="Repository" data-value="([^"]*)"', row) for row in rows]
    return [
        (cell[1], 'class="filtered"' not in row.partition(">")[0])
        for row, cell in zip(rows, cells, strict=True)
        if cell
    ]


def test_page_filters_by_its_address(browser, page: Path) -> None:
    dom = browser.dom(page, "#q=app-1&registry=quay.io")
    assert [name for name, shown in _rows(dom) if shown] == ["acme/app-1", "acme/app-10"]
    assert '<p role="status" id="shown" class="muted">2 of 14 shown</p>' in dom
    assert len(re.findall(r'class="image filtered"', dom)) == 12


def test_page_finds_by_key_and_by_rule(browser, page: Path) -> None:
    shown = [name for name, shown in _rows(browser.dom(page, "#q=images.hub%20CK001")) if shown]
    assert shown == ["library/nginx"]


def test_page_sorts_by_its_address_with_numbers_in_order(browser, page: Path) -> None:
    dom = browser.dom(page, "#sort=repository&dir=desc&registry=quay.io")
    assert [name for name, shown in _rows(dom) if shown] == [f"acme/app-{number}" for number in range(10, 0, -1)]
    sorts = re.findall(r'data-column="(\w+)" aria-sort="(\w+)"', dom)
    assert [column for column, order in sorts if order == "descending"] == ["repository"]
    assert {order for column, order in sorts if column != "repository"} == {"none"}


def test_page_opens_what_a_link_leads_to(browser, page: Path) -> None:
    cards = dict(re.findall(r'<details class="image" id="image-(\d+)"([^>]*)>', browser.dom(page, "#image-3")))
    assert [" open" in cards[number] for number in ("2", "3", "4")] == [False, True, False]


def test_page_runs_nothing_foreign_and_breaks_no_rule_of_its_own(browser, page: Path) -> None:
    dom, console = browser.dom_and_console(page, "#q=app")
    assert "<title>Not ready to sign off" in dom
    assert "<img" not in dom
    assert console == []


def test_page_fits_its_window_in_both_themes(browser, page: Path) -> None:
    # The probe measures; the page's policy would not let it.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
    page.with_name("probed.html").write_text(text.replace("</body>", f"{PROBE}</body>"))
    frame = page.with_name("frame.html")
    frame.write_text(FRAME)
    light, dark = "rgb(245, 246, 248)", "rgb(15, 20, 26)"
    assert dict(re.findall(r'data-(\w+)="([^"]*)"', browser.dom(frame))) == {
        "small": f"360;360;{light};",
        "dark": f"360;360;{dark};",
        "middle": f"768;768;{light};",
        "large": f"1280;1280;{dark};",
    }


def test_page_is_printed_with_everything_open(browser, page: Path) -> None:
    def sheets(*flags: str) -> int:
        data = browser.printed(page, "", *flags)
        assert data.startswith(b"%PDF")
        return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))

    # Without a script nothing was ever closed.
    assert sheets() == sheets("--blink-settings=scriptEnabled=false") > 4


def test_page_can_be_pictured_on_a_small_screen(browser, page: Path) -> None:
    picture = browser.picture(page, "?theme=dark", width=360)
    assert struct.unpack(">II", picture[16:24]) == (360, 900)
