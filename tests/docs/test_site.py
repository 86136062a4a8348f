"""The site has every page, and no link leads nowhere."""

from __future__ import annotations

import posixpath
import re

import pytest
import yaml
from pages import DOCS, ROOT, all_pages

TEXTS = {page.relative_to(DOCS).as_posix(): page.read_text(encoding="utf-8") for page in all_pages()}
_LINK = re.compile(r"\]\(([^)#:]*)(?:#([\w-]+))?\)")


def _named(nav):
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _named(entry)


def test_navigation_names_every_page_once():
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(_named(nav)) == sorted(TEXTS)


def _anchors(text):
    for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        given = re.search(r"\{ #([\w-]+) \}", title)
        yield given[1] if given else re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


@pytest.mark.parametrize("page", TEXTS)
def test_links_lead_to_pages_and_headings(page):
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    for target, anchor in _LINK.findall(prose):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) if target else page
        assert path in TEXTS
        assert not anchor or anchor in _anchors(TEXTS[path])
