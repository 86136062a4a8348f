from __future__ import annotations

import pytest

from chartkit.manifests.hooks import hook_events


@pytest.mark.parametrize(
    ("annotation", "events"),
    [
        ("pre-install", ("pre-install",)),
        (" Pre-Install , POST-install", ("pre-install", "post-install")),
        ("test-success", ("test",)),
        ("test,post-install", ("test", "post-install")),
        ("pre-install,bogus", ()),
        ("crd-install", ()),
        ("test-failure", ()),
        ("", ()),
        ("pre-install,", ()),
    ],
)
def test_hook_events_of_an_annotation(annotation: str, events: tuple[str, ...]) -> None:
    assert hook_events({"helm.sh/hook": annotation}) == events


@pytest.mark.parametrize("annotations", [{}, {"Helm.sh/hook": "test"}, {"helm.sh/hook-weight": "1"}])
def test_hook_events_of_a_plain_manifest(annotations: dict[str, str]) -> None:
    assert hook_events(annotations) is None
