"""A plugin for pytest: tests of your own charts.

It comes with chartkit; nothing has to be switched on.

    def test_defaults_render(rendered):
        assert "kind: Deployment" in rendered.text

    @pytest.mark.chartkit(values=["prod.yaml"], set=["replicas=3"])
    def test_images_of_production(rendered, image_snapshot):
        assert rendered == image_snapshot

    def test_every_environment(chart):
        for values in ("dev.yaml", "prod.yaml"):
            assert all(use.reference.registry == "registry.example.com" for use in chart.images(values))

`chart` is the chart that the marker names, else the ini option `chartkit_chart`, else the one of the nearest
chartkit.yaml, else the one around the test. `rendered` is a render of it with what the marker says: `values` (a file
or several), `set`, `release`, `namespace`, `kube_version`, `api_versions`; and with `target="prod"` what that target of
chartkit.yaml says.
Paths are relative to pytest's root folder. `image_snapshot` needs syrupy; it keeps one line for each image, so that
the snapshot changes when an image does: `pytest --snapshot-update` takes the change over.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syrupy.assertion import SnapshotAssertion

    from chartkit.engine.compiled import CompiledChart
    from chartkit.engine.render import Rendering
    from chartkit.images.use import ImageUse

_MARKER: Final = "chartkit"
_PROGRAMS: Final = pytest.StashKey[dict[tuple[str, str], "CompiledChart"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make the ini options known."""
    parser.addini("chartkit_chart", "the chart under test: a folder or a .tgz archive")
    parser.addini("chartkit_helm", "whose behaviour chartkit reproduces: 4.3, 4.2, 4.1 or 3.17")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", f"{_MARKER}(chart, target, values, set, release, namespace, ...): what `chart` and `rendered` are"
    )


@dataclass(frozen=True, slots=True)
class ChartUnderTest:
    """A chart, ready to be rendered any number of times.

    Attributes:
        path: its folder or archive.
        program: the chart as chartkit's Python interface has it.
        root: the folder that paths of values files are relative to.
    """

    path: Path
    program: CompiledChart
    root: Path

    def render(
        self, *values: str, set: Sequence[str] = (), release: str = "", namespace: str = "", **cluster: Any
    ) -> Rendering:
        """Render with values files.

        Args:
            values: values files, merged from left to right.
            set: what to set, as for `--set`.
            release: the name of the release.
            namespace: its namespace.
            cluster: `kube_version` and `api_versions`.
        """
        from chartkit.engine.capabilities import Capabilities
        from chartkit.engine.release import Release
        from chartkit.values.inputs import read_values

        profile = self.program.profile
        given = read_values(self.program.chart, files=[self.root / name for name in values], set=list(set))
        capabilities = Capabilities(cluster.get("kube_version", ""), tuple(cluster.get("api_versions", ())), profile)
        where = Release(release or "release-name", namespace=namespace or "default")
        return self.program.render(given, where, capabilities)

    def images(self, *values: str, **given: Any) -> tuple[ImageUse, ...]:
        """The certain and likely images of a render; the arguments are those of `render`."""
        from chartkit.images.find import find_images
        from chartkit.images.use import Certainty

        return tuple(use for use in find_images(self.render(*values, **given)) if use.certainty >= Certainty.LIKELY)


@pytest.fixture
def chart(request: pytest.FixtureRequest) -> ChartUnderTest:
    """The chart under test."""
    given = _given(request)
    root = request.config.rootpath
    target = _target(request, given)
    named = given.get("chart") or (target and target.chart) or request.config.getini("chartkit_chart")
    if "://" in str(named):
        pytest.fail(f"{named} is an address: the plugin takes charts on this disk")
    path = root / named if named else _found(request)
    return ChartUnderTest(path, _program(request.config, path, request.config.getini("chartkit_helm")), root)


@pytest.fixture
def rendered(request: pytest.FixtureRequest, chart: ChartUnderTest) -> Rendering:
    """A render of the chart under test, as the marker `chartkit` says; without one, with its default values."""
    given = {key: value for key, value in _given(request).items() if key not in ("chart", "target")}
    values = given.pop("values", ())
    target = _target(request, _given(request))
    if target is None:
        return chart.render(*_several(values), **{**given, "set": _several(given.get("set", ()))})
    for name in ("release", "namespace", "kube_version", "api_versions"):
        given.setdefault(name, getattr(target, name))
    sets = (*target.set, *_several(given.pop("set", ())))
    return chart.render(*target.values, *_several(values), set=sets, **given)


@pytest.fixture
def image_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """A snapshot that keeps the image lines of a render; needs syrupy."""
    try:
        from chartkit.snapshots import ImageLines
    except ImportError:
        pytest.fail("image_snapshot needs syrupy: pip install syrupy")
    snapshot: SnapshotAssertion = request.getfixturevalue("snapshot")
    return snapshot.use_extension(ImageLines)


def _given(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers say, the nearest one counting most."""
    found: dict[str, Any] = {}
    for marker in request.node.iter_markers(_MARKER):
        found = {**marker.kwargs, **found}
    return found


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return (given,) if isinstance(given, str) else given


def _target(request: pytest.FixtureRequest, given: dict[str, Any]) -> Any:
    if "target" not in given:
        return None
    from chartkit.config import load_config

    config = load_config(request.path.parent)
    if config is None:
        pytest.fail(f"there is no configuration that could have a target {given['target']}")
    return config.target(given["target"]).expand()[0]


def _found(request: pytest.FixtureRequest) -> Path:
    """The configured chart, or the one around the test."""
    from chartkit.config import load_config, upwards

    config = load_config(request.path.parent)
    if config and isinstance(config.chart, Path):
        return config.chart
    for folder in upwards(request.path.parent):
        if (folder / "Chart.yaml").is_file():
            return folder
    pytest.fail("there is no chart around the test: name one as chartkit_chart in pytest's configuration")


def _program(config: pytest.Config, path: Path, helm: str) -> CompiledChart:
    """The compiled chart, shared by the tests of a run: a render changes nothing in it."""
    from chartkit.chart.loader import load_chart
    from chartkit.engine.compiled import compile_chart
    from chartkit.profile import NEWEST

    known = config.stash.setdefault(_PROGRAMS, {})
    key = (str(path), helm)
    if key not in known:
        known[key] = compile_chart(load_chart(path), helm or NEWEST)
    return known[key]
