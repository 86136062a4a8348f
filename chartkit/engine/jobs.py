"""The unit of a render: one template file."""

from __future__ import annotations

from chartkit.chart.files import File
from chartkit.gotypes import Values
from chartkit.profile import Profile
from chartkit.record import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A template file that takes part in a render: its full name, its text, and the context it runs in."""

    name: str
    file: File
    context: Values
    base_path: str

    def open(self, profile: Profile) -> Values:
        """The context, with the template that is about to run in it."""
        self.context["Template"] = Values({"Name": self.name, "BasePath": self.base_path}, go_name=profile.values_type)
        return self.context
