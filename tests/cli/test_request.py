from __future__ import annotations

import pytest

from chartkit.cli.flags import UsageError, Words
from chartkit.cli.request import chosen_profile, read_ambient, read_capabilities, read_post_renderer, read_release
from chartkit.profile import HELM_3_17, HELM_4_1, HELM_4_3, NEWEST, Profile


@pytest.mark.parametrize(
    ("arguments", "profile"),
    [
        ([], NEWEST),
        (["a", "--helm", "4.1", "b"], HELM_4_1),
        (["--helm=3"], HELM_3_17),
        (["--helm=3", "--helm", "4"], HELM_4_3),
        (["--", "--helm", "3"], NEWEST),
    ],
)
def test_chosen_profile(arguments: list[str], profile: Profile) -> None:
    assert chosen_profile(arguments) is profile


@pytest.mark.parametrize("arguments", [["--helm", "2"], ["--helm="], ["--helm"]])
def test_chosen_profile_of_an_unknown_helm(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match=r"must be one of 4\.3, 4\.2, 4\.1, 3\.17, 4, 3$"):
        chosen_profile(arguments)


def test_read_capabilities_takes_version_and_apis() -> None:
    words = Words({"kube-version": "1.29", "api-versions": ["foo/v1"]})
    capabilities = read_capabilities(words, NEWEST)
    assert capabilities.KubeVersion.Version == "v1.29"
    assert "foo/v1" in capabilities.APIVersions


@pytest.mark.parametrize("profile", [NEWEST, HELM_3_17], ids=lambda profile: profile.name)
def test_read_capabilities_takes_a_dry_run_without_a_cluster(profile: Profile) -> None:
    for asked in ("client", "true"):
        read_capabilities(Words({"dry-run": asked}), profile)
    for asked in ("server", "foo"):
        with pytest.raises(UsageError):
            read_capabilities(Words({"dry-run": asked}), profile)


def test_read_release_of_an_upgrade() -> None:
    release = read_release(Words({"namespace": "ns", "is-upgrade": True}), "rel", NEWEST)
    assert (release.name, release.namespace, release.is_install) == ("rel", "ns", False)


def test_read_ambient_with_a_seed_is_repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    first, second = (read_ambient(Words({"seed": "7"}), NEWEST) for _ in range(2))
    assert first.random.random() == second.random.random()
    assert first.now_ns() == 5_000_000_000


def test_read_post_renderer_is_left_out_for_files() -> None:
    assert read_post_renderer(Words(), NEWEST) is None
    words = Words({"post-renderer": "cat", "output-dir": "x"})
    assert read_post_renderer(words, HELM_3_17) is None
    post_render = read_post_renderer(Words({"post-renderer": "cat"}), HELM_3_17)
    assert post_render is not None
    assert post_render("a") == "a"
