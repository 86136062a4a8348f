"""Whether what Chart.yaml asks for is there."""

from __future__ import annotations

from chartkit.chart.chart import Chart
from chartkit.errors import DependencyError, LoadError


def missing_dependencies(chart: Chart) -> tuple[str, ...]:
    """The names of the declared dependencies that are not in the chart's `charts` folder.

    Only names count: Helm accepts a subchart of another version here, and an entry with a `file://` repository must be
    in the folder like any other.
    """
    present = {dependency.name for dependency in chart.dependencies}
    return tuple(wanted.name for wanted in chart.metadata.dependencies if wanted.name not in present)


def check_installable(chart: Chart) -> None:
    """Refuse a chart that `helm template` refuses before it looks at any values.

    Raises:
        LoadError: it only lends its templates to others, or has an apiVersion that the release line does not install.
        DependencyError: some of its dependencies are missing.
    """
    if chart.profile.major > 3 and chart.metadata.api_version not in ("v1", "v2"):
        raise LoadError("invalid chart apiVersion")
    if chart.metadata.is_library:
        raise LoadError("library charts are not installable")
    missing = missing_dependencies(chart)
    if not missing:
        return
    article = "An" if chart.profile.major == 3 else "an"
    tick = "`" if chart.profile.backtick_advice else "'"
    raise DependencyError(
        f"{article} error occurred while checking for chart dependencies. You may need to run "
        f"{tick}helm dependency build{tick} to fetch missing dependencies: "
        f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}",
        hint="Put the missing charts into the charts folder, as folders or as .tgz files.",
    )
