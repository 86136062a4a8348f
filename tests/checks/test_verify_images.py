from __future__ import annotations

from pathlib import Path

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.checks.verify_images import verify_images
from chartkit.engine.render import Rendering
from chartkit.errors import InputError

ROOT = Path(__file__).parents[2]


def rendered(name: str, *, traced: bool = False) -> Rendering:
    chart = load_chart(ROOT / "charts" / "orkes-conductor")
    program = compile_chart(chart)
    values = read_values(chart, files=[str(ROOT / "fixtures" / "orkes" / f"{name}.yaml")])
    return (program.trace if traced else program.render)(values, Release("r"))


@pytest.mark.parametrize("traced", [False, True])
def test_a_render_is_verified(traced: bool) -> None:
    rendering = rendered("p1-global-registry", traced=traced)
    report = verify_images(rendering, expect=["myregistry.example.com/myorg"], count=2)
    assert (report.exit_code, report.summary) == (0, ("2/2 images match",))


def test_a_trace_names_the_key() -> None:
    (finding,) = verify_images(
        rendered("mixed-public-and-private", traced=True), expect=["myregistry.example.com"]
    ).findings
    assert (finding.key, finding.line) == ("server.image.registry", 8)


def test_a_plain_render_names_the_template() -> None:
    (finding,) = verify_images(rendered("mixed-public-and-private"), expect=["myregistry.example.com"]).findings
    assert (finding.key, finding.location) == ("", "orkes-conductor/templates/server-deployment.yaml")


def test_bad_expectations_are_refused() -> None:
    with pytest.raises(InputError):
        verify_images(rendered("defaults"), expect=["https://r.example.com"])
    with pytest.raises(KeyError):
        verify_images(rendered("defaults"), fail_on="maybe")
