from __future__ import annotations

import pytest

from chartkit.errors import TemplateError
from chartkit.manifests.assemble import AssembleOptions, assemble, collect, raw_text
from chartkit.profile import HELM_3_17, HELM_4_2, NEWEST, Profile

_TEST = "kind: Pod\nmetadata:\n  annotations:\n    helm.sh/hook: test,post-install\n"
_HOOK = "kind: Job\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n"
_LOST = "kind: Job\nmetadata:\n  annotations:\n    helm.sh/hook: bogus\n"

FILES = {
    "tc/templates/z.yaml": "kind: Secret\n---\nkind: ConfigMap\n",
    "tc/templates/a.yaml": "kind: ConfigMap\n",
    "tc/templates/_h.tpl": "not: [yaml",
    "tc/templates/NOTES.txt": "not: [yaml",
    "tc/templates/MYNOTES.txt": "not: [yaml",
    "tc/templates/blank.yaml": "\n \n",
    "tc/templates/README.md": "# only a comment\n",
    "tc/templates/h.yaml": _HOOK,
    "tc/templates/tests/t.yaml": _TEST,
    "tc/templates/lost.yaml": _LOST,
}


def _source(path: str, body: str) -> str:
    return f"---\n# Source: tc/{path}\n{body}\n"


def test_collect_puts_documents_in_the_order_of_helm() -> None:
    manifests, hooks, warnings = collect(FILES)
    assert [(each.file, each.index, each.head.kind) for each in manifests] == [
        ("tc/templates/z.yaml", 0, "Secret"),
        ("tc/templates/a.yaml", 0, "ConfigMap"),
        ("tc/templates/z.yaml", 1, "ConfigMap"),
        ("tc/templates/README.md", 0, ""),
    ]
    assert [(each.head.kind, each.events) for each in hooks] == [
        ("Pod", ("test", "post-install")),
        ("Job", ("pre-install",)),
    ]
    assert [warning.partition(":")[0] for warning in warnings] == ["tc/templates/lost.yaml"]


def test_collect_knows_where_each_document_begins() -> None:
    manifests, hooks, _ = collect(FILES)
    for manifest in (*manifests, *hooks):
        text = FILES[manifest.file]
        assert text[manifest.start : manifest.start + len(manifest.text)] == manifest.text
    assert manifests[2].start == FILES["tc/templates/z.yaml"].index("kind: ConfigMap")


def test_manifest_doc_is_the_value_of_the_document() -> None:
    manifests, _, _ = collect({"f": "a: {b: [1, x]}\n"})
    assert manifests[0].doc == {"a": {"b": [1.0, "x"]}}


TEXTS = {
    "4.3": (NEWEST, "\n", "\n", "\n"),
    "4.2": (HELM_4_2, "", "\n", "\n"),
    "3.17": (HELM_3_17, "", "", ""),
}


@pytest.mark.parametrize(("profile", "inner", "last", "hook"), TEXTS.values(), ids=TEXTS)
def test_assemble_prints_hooks_after_manifests(profile: Profile, inner: str, last: str, hook: str) -> None:
    text = assemble(FILES, options=AssembleOptions(profile)).text
    assert text == (
        _source("templates/z.yaml", f"kind: Secret{inner}")
        + _source("templates/a.yaml", f"kind: ConfigMap{last}")
        + _source("templates/z.yaml", f"kind: ConfigMap{last}")
        + _source("templates/README.md", "# only a comment")
        + _source("templates/tests/t.yaml", _TEST.rstrip() + hook)
        + _source("templates/h.yaml", _HOOK.rstrip() + hook)
    )


def test_assemble_leaves_out_tests_or_all_hooks() -> None:
    assert [hook.head.kind for hook in assemble(FILES, options=AssembleOptions(skip_tests=True)).hooks] == ["Job"]
    assert assemble(FILES, options=AssembleOptions(no_hooks=True)).hooks == ()


def test_assemble_prints_crds_first_and_unsplit() -> None:
    crds = [("tc/crds/a.yml", "---\na: 1\n---\nb: 1\n"), ("tc/charts/s/crds/b.json", "{}")]
    options = AssembleOptions(include_crds=True)
    assert assemble({"tc/t": "c: 1"}, crds=crds, options=options).text == (
        "---\n# Source: tc/crds/a.yml\n---\na: 1\n---\nb: 1\n\n"
        "---\n# Source: tc/charts/s/crds/b.json\n{}\n"
        "---\n# Source: tc/t\nc: 1\n"
    )
    assert assemble({"tc/t": "c: 1"}, crds=crds).text == "---\n# Source: tc/t\nc: 1\n"


@pytest.mark.parametrize("files", [{}, {"tc/templates/t.yaml": " \n\t\n"}], ids=["no files", "blank files"])
def test_assemble_of_nothing_is_an_empty_line(files: dict[str, str]) -> None:
    assert assemble(files).text == "\n"


def test_assemble_of_hooks_alone_begins_with_an_empty_line() -> None:
    assert assemble({"tc/h": _HOOK}).text == f"\n---\n# Source: tc/h\n{_HOOK}\n"


def test_assemble_gives_the_manifests_to_a_post_renderer() -> None:
    options = AssembleOptions(HELM_3_17, post_render=lambda text: text.replace("1", "2") + "\n\n")
    assert assemble({"tc/a": "a: 1", "tc/h": _HOOK}, options=options).text == (
        f"---\n# Source: tc/a\na: 2\n---\n# Source: tc/h\n{_HOOK}"
    )


def test_assemble_shows_only_what_is_asked_for() -> None:
    options = AssembleOptions(HELM_3_17, show_only=("templates/a.yaml",))
    assert assemble(FILES, options=options).text == _source("templates/a.yaml", "kind: ConfigMap")


def test_assemble_of_a_document_that_is_not_yaml() -> None:
    with pytest.raises(TemplateError) as raised:
        assemble({"tc/templates/b.yaml": "ok: 1\n---\na: b: c\n"})
    assert str(raised.value) == (
        "YAML parse error on tc/templates/b.yaml: "
        "error converting YAML to JSON: yaml: mapping values are not allowed in this context"
    )
    assert str(raised.value.position).startswith("tc/templates/b.yaml (as rendered):3:")


def test_assemble_of_a_document_that_is_no_mapping() -> None:
    with pytest.raises(TemplateError, match=r"^YAML parse error on f: error unmarshaling JSON: .* util\.SimpleHead$"):
        assemble({"f": "- a\n"})


def test_raw_text_shows_files_as_they_are() -> None:
    assert raw_text({"b": "x: [\n", "a": "y", "NOTES.txt": "n", "c": "\n"}) == (
        "---\n# Source: a\ny\n---\n# Source: b\nx: [\n"
    )
