"""Who did it: the small record that services take and events store."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["user", "integration", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an integration, or the product itself. `label` is what a history shows years later."""

    user_id: int | None
    integration_id: int | None
    label: str

    @property
    def kind(self) -> ActorKind:
        if self.user_id is not None:
            return "user"
        if self.integration_id is not None:
            return "integration"
        return "system"


SYSTEM = Actor(user_id=None, integration_id=None, label="system")
