"""What a render gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from chartkit.chart.chart import Chart
from chartkit.manifests.assemble import NOTES, Assembled, AssembleOptions, Manifest, assemble, collect
from chartkit.profile import Profile
from chartkit.record import dataclass


@dataclass(frozen=True)
class Rendering:
    """The texts of one render.

    Attributes:
        files: text by template path: every template but the partials, as the engine gives it before documents are
            split; empty texts and NOTES.txt are there too.
        chart: the chart tree that was rendered, without its disabled subcharts.
        profile: the Helm that was reproduced.
        warnings: what Helm would say on stderr.
    """

    files: Mapping[str, str]
    chart: Chart
    profile: Profile
    warnings: tuple[str, ...] = ()

    @cached_property
    def documents(self) -> tuple[Manifest, ...]:
        """The documents in Helm's order, the hooks after the plain ones, where their text as a whole is not needed.

        Raises:
            TemplateError: a rendered document is not YAML, or not a mapping.
        """
        manifests, hooks, _ = collect(self.files, self.profile)
        return (*manifests, *hooks)

    @cached_property
    def assembled(self) -> Assembled:
        """The documents in Helm's order.

        Raises:
            TemplateError: a rendered document is not YAML, or not a mapping.
        """
        return assemble(self.files, options=AssembleOptions(profile=self.profile))

    @property
    def text(self) -> str:
        """What `helm template` prints.

        Raises:
            TemplateError: a rendered document is not YAML, or not a mapping.
        """
        return self.assembled.text

    @property
    def notes(self) -> str:
        """The chart's own NOTES.txt; empty where it has none."""
        return self.files.get(f"{self.chart.full_path}/templates/{NOTES}", "")
