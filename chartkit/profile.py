"""Which Helm's behaviour is reproduced: one frozen `Profile` per supported release line.

The fields name the observable differences between Helm 3.17, 4.1, 4.2 and 4.3, as recorded from the real command
lines; code asks for the field it needs and never compares version numbers.
"""

from __future__ import annotations

from typing import Final, Literal

from chartkit.record import dataclass, replace

Layout = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The behaviour of one Helm release line."""

    name: str
    """The word given to `--helm`: `3.17`, `4.1`, `4.2` or `4.3`."""
    helm_version: str
    """`.Capabilities.HelmVersion.Version`."""
    git_commit: str
    """`.Capabilities.HelmVersion.GitCommit`."""
    go_version: str
    """`.Capabilities.HelmVersion.GoVersion`."""
    kube_client_version: str
    """`.Capabilities.HelmVersion.KubeClientVersion`."""
    kube_version: str
    """The default `.Capabilities.KubeVersion`, as Helm prints it."""
    major: int
    """3 or 4: Go type names, error layout, `.Chart`, and flag checks go by the major version."""
    splitting: Layout
    """How rendered text is cut into documents."""
    drops_default_nulls: bool
    """Nulls in a chart's own values.yaml are removed before templates see them."""
    null_subchart_means_defaults: bool
    """A parent's `sub: null` gives the subchart its own defaults (otherwise a type error)."""
    merges_documents: bool
    """Every YAML document of a values file counts (otherwise only the first)."""
    set_json_objects: bool
    """`--set-json` takes a whole object."""
    ranges_integers: bool
    """`range` accepts an integer."""
    has_must_to_yaml: bool
    has_must_to_toml: bool
    has_durations: bool
    """The duration helpers of Helm 4.3 exist."""
    empty_file_lines_panics: bool
    """`.Files.Lines` of an empty file fails with an index error."""
    semver_generation: int
    """Masterminds/semver 3.N: wording of errors and the pre-release rule differ."""
    toml_plain_floats: bool
    """toToml writes 1e6 as 1000000.0 (otherwise 1e+06)."""
    json_escapes_invalid_utf8: bool
    """toJson writes invalid UTF-8 as the escape of U+FFFD (otherwise the raw character)."""
    json_errors_v2: bool
    """encoding/json errors are worded by Go's second JSON engine."""
    santhosh_schema: bool
    """Schema violations are worded by santhosh-tekuri/jsonschema (otherwise gojsonschema)."""
    chart_file_bytes: int
    """The size above which Helm refuses a single file of a chart; 0 for none."""
    backtick_advice: bool
    """The advice to run `helm dependency build` stands in backticks (otherwise in single quotes)."""
    schema_places_exact: bool
    """Schema violations behind prefixItems and in property names are given their right place."""
    tab_line_is_yaml_error: bool
    """A last manifest line that holds only a tab makes the manifest unreadable."""

    @property
    def values_type(self) -> str:
        """Go's name for the type of `.Values`."""
        return "chartutil.Values" if self.major == 3 else "common.Values"


HELM_4_3: Final = Profile(
    name="4.3",
    helm_version="v4.3.1",
    git_commit="c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff",
    go_version="go1.27.2",
    kube_client_version="v1.37",
    kube_version="v1.37.0",
    major=4,
    splitting="C",
    drops_default_nulls=True,
    null_subchart_means_defaults=True,
    merges_documents=True,
    set_json_objects=True,
    ranges_integers=True,
    has_must_to_yaml=True,
    has_must_to_toml=True,
    has_durations=True,
    empty_file_lines_panics=False,
    semver_generation=5,
    toml_plain_floats=False,
    json_escapes_invalid_utf8=False,
    json_errors_v2=True,
    santhosh_schema=True,
    chart_file_bytes=0,
    backtick_advice=False,
    schema_places_exact=True,
    tab_line_is_yaml_error=True,
)
HELM_4_2: Final = replace(
    HELM_4_3,
    name="4.2",
    helm_version="v4.2.3",
    chart_file_bytes=5 * 1024 * 1024,
    git_commit="43e8b7feece8beb0fcba47059ec9b522fd929a64",
    go_version="go1.26.5",
    kube_client_version="v1.36",
    kube_version="v1.36.0",
    splitting="B",
    has_durations=False,
    empty_file_lines_panics=True,
    json_escapes_invalid_utf8=True,
    json_errors_v2=False,
    schema_places_exact=False,
)
HELM_4_1: Final = replace(
    HELM_4_2,
    name="4.1",
    helm_version="v4.1.4",
    git_commit="05fa37973dc9e42b76e1d2883494c87174b6074f",
    go_version="go1.25.9",
    kube_client_version="v1.35",
    kube_version="v1.35.0",
    splitting="A",
    drops_default_nulls=False,
    null_subchart_means_defaults=False,
    backtick_advice=True,
    has_must_to_toml=False,
    semver_generation=4,
    tab_line_is_yaml_error=False,
)
HELM_3_17: Final = replace(
    HELM_4_1,
    name="3.17",
    helm_version="v3.17.2",
    chart_file_bytes=0,
    git_commit="cc0bbbd6d6276b83880042c1ecb34087e84d41eb",
    go_version="go1.23.7",
    kube_client_version="",
    kube_version="v1.32.0",
    major=3,
    merges_documents=False,
    set_json_objects=False,
    ranges_integers=False,
    has_must_to_yaml=False,
    semver_generation=3,
    toml_plain_floats=True,
    santhosh_schema=False,
)

NEWEST: Final = HELM_4_3
PROFILES: Final = {
    "4.3": HELM_4_3,
    "4.2": HELM_4_2,
    "4.1": HELM_4_1,
    "3.17": HELM_3_17,
    "4": HELM_4_3,
    "3": HELM_3_17,
}
