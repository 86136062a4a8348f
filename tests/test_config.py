from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chartkit.config import LEVELS, RuleSetting, Target, load_config
from chartkit.configreader import FIELDS, LIMIT_FIELDS, RULE_FIELDS, TARGET_FIELDS
from chartkit.errors import InputError
from chartkit.profile import PROFILES

WHOLE = """\
chart: charts/app
helm: 4.2
expect: registry.example.com
allow: [docker.io/library/busybox]
rules:
  CK101: error
  CK102: off
  CK114: {level: warning, ignore: "charts/*"}
targets:
  - name: prod
    values: [common.yaml, "prod-*.yaml"]
    set: a=1
    release: app
    namespace: web
    kube_version: "1.30"
    api_versions: [example.com/v1]
    expect: [prod.example.com]
    allow: [quay.io]
  - name: dev
    chart: charts/dev
"""
TOML = """\
[project]
name = "x"

[tool.chartkit]
chart = "charts/app"

[[tool.chartkit.targets]]
name = "prod"

[[tool.chartkit.targets]]
name = "dev"
values = ["dev.yaml"]

[tool.chartkit.rules]
CK101 = "off"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository's root, which is the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_load_config_reads_all_keys(root: Path) -> None:
    _write(root / "chartkit.yaml", WHOLE)
    config = load_config(Path())
    assert config is not None
    assert (config.chart, config.helm, config.expect) == (Path("charts/app"), "4.2", ("registry.example.com",))
    assert config.rules == {
        "CK101": RuleSetting("error"),
        "CK102": RuleSetting("off"),
        "CK114": RuleSetting("warning", ("charts/*",)),
    }
    assert config.targets[0] == Target(
        "prod",
        chart=Path("charts/app"),
        values=("common.yaml", "prod-*.yaml"),
        set=("a=1",),
        release="app",
        namespace="web",
        kube_version="1.30",
        api_versions=("example.com/v1",),
        expect=("prod.example.com",),
        allow=("docker.io/library/busybox", "quay.io"),
    )
    assert config.target("dev").chart == Path("charts/dev")
    assert config.target("dev").expect == ("registry.example.com",)


def test_load_config_takes_paths_as_relative_to_its_file(root: Path) -> None:
    _write(root / "env/chartkit.yaml", "chart: ../app\ntargets: [{name: a, values: v.yaml}]\n")
    config = load_config(Path("env/prod"))
    assert config is not None
    assert config.folder.resolve() == root / "env"
    assert config.targets[0].chart == config.chart == config.folder / "../app"
    assert Path(config.targets[0].values[0]).resolve() == root / "env/v.yaml"


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["chartkit.yaml", ".chartkit.yaml"], "chartkit.yaml"),
        ([".chartkit.yaml", "a/chartkit.yaml"], "a/chartkit.yaml"),
        (["chartkit.yaml", "a/b/pyproject.toml"], "chartkit.yaml"),
        (["pyproject.toml", "a/pyproject.toml"], "a/pyproject.toml"),
        (["../chartkit.yaml"], None),
        ([], None),
    ],
)
def test_load_config_takes_the_nearest_file(root: Path, names: list[str], taken: str | None) -> None:
    for name in names:
        _write(root / name, "[tool.chartkit]\n" if name.endswith("toml") else "")
    config = load_config(Path("a/b"))
    assert (None if config is None else config.path.resolve()) == (taken and root / taken)


def test_load_config_overlooks_a_pyproject_of_others(root: Path) -> None:
    _write(root / "pyproject.toml", TOML)
    _write(root / "a/pyproject.toml", "[project]\nname = 'x'\n")
    config = load_config(Path("a"))
    assert config is not None
    assert [target.name for target in config.targets] == ["prod", "dev"]
    assert config.rules == {"CK101": RuleSetting("off")}


@pytest.mark.parametrize(
    ("text", "complaint", "place"),
    [
        ("chart: a\nexpects: b\n", 'unknown key "expects"; did you mean "expect"?', "2:1"),
        ("targets:\n- name: a\n  kubeVersion: x\n", 'unknown key "kubeVersion"; did you mean "kube_version"?', "3:3"),
        ("targets:\n- name: a\n  api-versions: x\n", 'unknown key "api-versions"; did you mean "api_versions"?', "3:3"),
        ("zzz: 1\n", f'unknown key "zzz"; the keys are {", ".join(FIELDS)}', "1:1"),
        ("chart: [a]\n", "chart must be text, not a list", "1:8"),
        ("targets:\n- name: a\n  kube_version: 1.30\n", "targets[0].kube_version must be text, not a number", "3:17"),
        ("targets:\n- name: a\n  values: [x, {}]\n", "targets[0].values[1] must be text, not a mapping", "3:15"),
        ("targets: {a: b}\n", "targets must be a list, not a mapping", "1:10"),
        ("targets: [prod]\n", "targets[0] must be a mapping, not text", "1:11"),
        ("targets:\n- values: a\n", "targets[0] needs a name", "2:3"),
        ("targets:\n- name: a\n- name: a\n", "two targets are called a", "3:9"),
        ("expect: {a: 1}\n", "expect must be text or a list of texts, not a mapping", "1:9"),
        ("allow:\n", "allow must be text or a list of texts, not nothing", "1:7"),
        ("helm: 2\n", "helm must be one of 4.3, 4.2, 4.1, 3.17, 4, 3", "1:7"),
        ("rules: [CK101]\n", "rules must be a mapping, not a list", "1:8"),
        ("rules:\n  latest: off\n", '"latest" is no rule: rules are called CK101 and so on', "2:3"),
        ("rules: {CK101: fatal}\n", "rules.CK101 must be one of error, warning, info, off", "1:16"),
        ("rules: {CK101: {lvl: off}}\n", 'unknown key "lvl"; did you mean "level"?', "1:17"),
        ("- a\n", "the configuration must be a mapping, not a list", "1:1"),
    ],
)
def test_load_config_refuses_with_the_place(root: Path, text: str, complaint: str, place: str) -> None:
    _write(root / "chartkit.yaml", text)
    with pytest.raises(InputError) as caught:
        load_config(Path())
    assert str(caught.value) == f"chartkit.yaml: {complaint}"
    assert str(caught.value.position) == f"chartkit.yaml:{place}"


@pytest.mark.parametrize(("value", "hint"), [("n", "switches in YAML"), ("1.30", "lose zeros"), ("[]", "")])
def test_load_config_advises_quotes_where_yaml_reads_no_text(root: Path, value: str, hint: str) -> None:
    _write(root / "chartkit.yaml", f"targets: [{{name: a, namespace: {value}}}]\n")
    with pytest.raises(InputError) as caught:
        load_config(Path())
    assert hint in caught.value.hint
    assert bool(hint) == bool(caught.value.hint)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('chart = "charts/app"', 'chart = 1', "5:1"),
        ('name = "dev"', 'nam = "dev"', "11:1"),
        ('values = ["dev.yaml"]', "values = 1", "12:1"),
        ('CK101 = "off"', 'CK101 = "of"', "15:1"),
    ],
)  # fmt: skip
def test_load_config_finds_the_line_in_toml(root: Path, old: str, new: str, place: str) -> None:
    _write(root / "pyproject.toml", TOML.replace(old, new))
    with pytest.raises(InputError, match=r"^pyproject\.toml: ") as caught:
        load_config(Path())
    assert str(caught.value.position) == f"pyproject.toml:{place}"


@pytest.mark.parametrize(("name", "text"), [("chartkit.yaml", "a: [b\n"), ("pyproject.toml", "[tool\n")])
def test_load_config_of_a_text_that_cannot_be_read(root: Path, name: str, text: str) -> None:
    _write(root / name, text)
    with pytest.raises(InputError, match=rf"^{name}: "):
        load_config(Path())


def test_expand_gives_a_render_for_each_file_that_fits(root: Path) -> None:
    for name in ("b.yaml", "envs/eu.yaml", "envs/us.yaml"):
        _write(root / name, "")
    found = Target("prod", values=("b.yaml", "envs/*.yaml", "missing.yaml")).expand()
    assert [(each.name, each.values) for each in found] == [
        ("prod (eu.yaml)", ("b.yaml", "envs/eu.yaml", "missing.yaml")),
        ("prod (us.yaml)", ("b.yaml", "envs/us.yaml", "missing.yaml")),
    ]


def test_expand_refuses_a_pattern_that_fits_nothing(root: Path) -> None:
    _write(root / "chartkit.yaml", "targets:\n- name: prod\n  values: 'x*.yaml'\n")
    config = load_config(Path())
    assert config is not None
    with pytest.raises(InputError, match=r"^no values file fits x\*\.yaml \(of target prod\)$") as caught:
        config.targets[0].expand()
    assert str(caught.value.position) == "chartkit.yaml:2:3"


def test_target_of_a_name_that_is_not_there(root: Path) -> None:
    _write(root / "chartkit.yaml", WHOLE)
    config = load_config(Path())
    assert config is not None
    with pytest.raises(InputError, match="there is no target stage") as caught:
        config.target("stage")
    assert caught.value.hint == "the file has prod, dev"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The JSON Schema that comes along."""
    text = files("chartkit").joinpath("schemas/chartkit.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_schema_has_the_keys_that_the_reader_has(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    kinds = {
        "texts": {"$ref": "#/$defs/texts"},
        "text": {"type": "string"},
        "level": {"$ref": "#/$defs/level"},
        "helm": {"enum": [*PROFILES, *map(float, PROFILES)]},
        "targets": {"type": "array", "items": {"$ref": "#/$defs/target"}},
        "rules": {},
        "limits": {"$ref": "#/$defs/limits"},
        "duration": {"type": "string"},
        "count": {"$ref": "#/$defs/count"},
    }
    rule = schema["$defs"]["rule"]["then"]
    limits, target = schema["$defs"]["limits"], schema["$defs"]["target"]
    for part, fields in ((schema, FIELDS), (target, TARGET_FIELDS), (rule, RULE_FIELDS), (limits, LIMIT_FIELDS)):
        assert part["additionalProperties"] is False
        assert list(part["properties"]) == list(fields)
        for name, kind in fields.items():
            assert kinds[kind].items() <= part["properties"][name].items()
    assert schema["$defs"]["level"]["enum"] == [*LEVELS, False]


VALUES: list[Any] = [
    None,
    True,
    False,
    1,
    0,
    -1,
    2.0,
    4.3,
    1.5,
    "",
    "off",
    "4.3",
    "30s",
    "1h2m0.5s",
    "5",
    "-1s",
    [],
    ["a"],
    [1],
    [None],
    {},
    {"a": "b"},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_schema_accepts_what_the_reader_accepts(root: Path, schema: dict[str, Any], value: Any) -> None:
    """Every value in every place: both must agree."""
    validator = jsonschema.Draft202012Validator(schema)
    documents: list[Any] = [value, *({key: value} for key in [*FIELDS, "other"])]
    documents += [{"targets": [{"name": "a"} | {key: value}]} for key in [*TARGET_FIELDS, "other"]]
    documents += [{"targets": [value]}, {"rules": {"CK101": value}}, {"rules": {"CK1": value}}]
    documents += [{"rules": {"CK101": {key: value}}} for key in [*RULE_FIELDS, "other"]]
    documents += [{"limits": {key: value}} for key in [*LIMIT_FIELDS, "other"]]
    for document in documents:
        _write(root / "chartkit.yaml", json.dumps(document))
        try:
            load_config(Path())
        except InputError:
            accepted = False
        else:
            accepted = True
        assert accepted == validator.is_valid(document), document
