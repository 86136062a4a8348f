"""Charts made of a few files, rendered through the public API."""

import pytest

from chartkit import Release, compile_chart, load_chart, read_values


@pytest.fixture
def render(tmp_path):
    """Renders one template with values; gives its text."""

    def run(template, values="{}", helm="4.3", files=None, **options):
        root = tmp_path / "tc"
        contents = {
            "Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
            "values.yaml": values,
            "templates/t.yaml": template,
            **(files or {}),
        }
        for name, text in contents.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        chart = load_chart(root)
        rendering = compile_chart(chart, helm=helm).render(read_values(chart), Release("rel"), **options)
        return rendering.files["tc/templates/t.yaml"]

    return run
