from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import chartkit

pytest_plugins = ["pytester"]

# pytest refuses a plugin under two names: installed, it goes by that of its entry point.
_INSTALLED = any(entry.value == "chartkit.pytest_plugin" for entry in entry_points(group="pytest11"))
_PLUGIN = "chartkit" if _INSTALLED else "chartkit.pytest_plugin"

_ABOVE = str(Path(chartkit.__file__).parent.parent)

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}
spec:
  containers:
  - {name: app, image: "{{ .Values.image }}", args: ["--init-image=quay.io/x/init:1"]}
# {{ .Capabilities.KubeVersion.Version }}
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """A repository with a chart and values files."""
    files = {
        "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "values.yaml": "image: x:1\n",
        "templates/pod.yaml": _POD,
    }
    for chart in ("c", "d"):
        for name, text in files.items():
            path = pytester.path / chart / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("x:1", f"{chart}:1"))
    (pytester.path / ".git").mkdir()
    (pytester.path / "prod.yaml").write_text("image: prod.example.com/app:2\n")
    return pytester


def _run(folder: pytest.Pytester, *words: str) -> pytest.RunResult:
    return folder.runpytest_inprocess("-p", _PLUGIN, "-p", "no:cacheprovider", *words)


def _passes(folder: pytest.Pytester, test: str) -> None:
    folder.makepyfile(test)
    _run(folder).assert_outcomes(passed=1)


def test_rendered_takes_the_chart_of_the_ini_option(folder: pytest.Pytester) -> None:
    folder.makeini("[pytest]\nchartkit_chart = d\nchartkit_helm = 3.17\n")
    _passes(
        folder,
        """
        def test_it(chart, rendered):
            assert 'image: "d:1"' in rendered.text
            assert chart.program.profile.major == 3
        """,
    )


def test_rendered_takes_the_configured_chart(folder: pytest.Pytester) -> None:
    (folder.path / "chartkit.yaml").write_text("chart: d\n")
    _passes(folder, "def test_it(rendered): assert 'image: \"d:1\"' in rendered.text")


def test_rendered_takes_the_chart_around_the_test(folder: pytest.Pytester) -> None:
    (folder.path / "c/tests").mkdir()
    (folder.path / "c/tests/test_it.py").write_text("def test_it(rendered): assert 'image: \"c:1\"' in rendered.text")
    _run(folder).assert_outcomes(passed=1)


def test_rendered_follows_the_marker(folder: pytest.Pytester) -> None:
    _passes(
        folder,
        """
        import pytest

        @pytest.mark.chartkit(chart="c", values="prod.yaml", release="r", namespace="n", kube_version="1.29.0")
        def test_it(rendered):
            assert 'name: "r", namespace: "n"' in rendered.text
            assert "prod.example.com/app:2" in rendered.text
            assert "# v1.29.0" in rendered.text
        """,
    )


def test_rendered_lets_the_nearest_marker_count_most(folder: pytest.Pytester) -> None:
    _passes(
        folder,
        """
        import pytest

        pytestmark = pytest.mark.chartkit(chart="d", set=["image=a"], release="r")

        @pytest.mark.chartkit(set="image=b")
        def test_it(rendered):
            assert 'image: "b"' in rendered.text
            assert 'name: "r"' in rendered.text
        """,
    )


def test_rendered_takes_a_target(folder: pytest.Pytester) -> None:
    (folder.path / "chartkit.yaml").write_text(
        "chart: c\ntargets:\n- {name: prod, values: prod.yaml, release: r, namespace: ns, kube_version: '1.29.0'}\n"
    )
    _passes(
        folder,
        """
        import pytest

        @pytest.mark.chartkit(target="prod", namespace="other")
        def test_it(rendered):
            assert 'name: "r", namespace: "other"' in rendered.text
            assert "prod.example.com/app:2" in rendered.text
            assert "# v1.29.0" in rendered.text
        """,
    )


def test_chart_gives_images_of_several_renders(folder: pytest.Pytester) -> None:
    _passes(
        folder,
        """
        import pytest

        @pytest.mark.chartkit(chart="c")
        def test_it(chart):
            assert [use.text for use in chart.images("prod.yaml")] == ["prod.example.com/app:2", "quay.io/x/init:1"]
            assert chart.images(set=["image=y"])[0].reference.registry == "docker.io"
            assert chart.path.name == "c"
        """,
    )


def test_chart_without_any_says_what_to_do(folder: pytest.Pytester) -> None:
    folder.makepyfile("def test_it(chart): pass")
    result = _run(folder)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no chart around the test: name one as chartkit_chart*"])


def test_a_target_without_a_configuration_fails(folder: pytest.Pytester) -> None:
    folder.makepyfile("import pytest\n@pytest.mark.chartkit(target='prod')\ndef test_it(chart): pass")
    result = _run(folder)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no configuration that could have a target prod*"])


_SNAPSHOT = """
    import pytest

    @pytest.mark.chartkit(chart="c")
    def test_it(rendered, image_snapshot):
        assert rendered == image_snapshot
"""


def test_image_snapshot_keeps_the_image_lines(folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", _ABOVE)
    folder.makepyfile(_SNAPSHOT)
    assert _fresh(folder, "--snapshot-update") == 0
    kept = next(folder.path.glob("__snapshots__/*.ambr")).read_text()
    assert "Pod/release-name app: c:1\n" in kept
    assert "Pod/release-name app (args): quay.io/x/init:1\n" in kept
    assert "metadata" not in kept
    template = folder.path / "c/templates/pod.yaml"
    template.write_text(template.read_text() + "# a comment\n")
    assert _fresh(folder) == 0
    (folder.path / "c/values.yaml").write_text("image: c:2\n")
    assert _fresh(folder) == 1


def _fresh(folder: pytest.Pytester, *words: str) -> int:
    return int(folder.runpytest_subprocess("-p", _PLUGIN, "-p", "no:cacheprovider", *words).ret)


def test_the_plugin_imports_nothing_until_it_is_used() -> None:
    code = (
        "import chartkit.pytest_plugin, sys; print([n for n in sys.modules if n.startswith(('chartkit.', 'syrupy'))])"
    )
    environment = {**os.environ, "PYTHONPATH": _ABOVE}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "['chartkit.version', 'chartkit.pytest_plugin']\n"
