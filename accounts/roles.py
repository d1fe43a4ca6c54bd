"""The four roles and their order. Pure: no database, no HTTP."""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    """What a person may do for a seller; each role may do all that the ones below it may."""

    OWNER = "owner", "Owner"
    LEAD = "lead", "Lead"
    AGENT = "agent", "Agent"
    VIEWER = "viewer", "Viewer"


_RANK: Final = {Role.VIEWER: 0, Role.AGENT: 1, Role.LEAD: 2, Role.OWNER: 3}


def reaches(role: str | None, needed: str) -> bool:
    """Whether `role` is `needed` or above. No role reaches nothing."""
    return role is not None and _RANK[Role(role)] >= _RANK[Role(needed)]
