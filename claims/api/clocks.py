"""`deadlines/` and `warnings/`: what runs, and who was told."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from claims.api.base import PAGE, ClaimsViewSet, form_action
from claims.api.filters import DeadlineFilter, WarningFilter
from claims.api.serializers.clocks import (
    CancelDeadlineSerializer,
    DeadlineSerializer,
    MoveDeadlineSerializer,
    WarningSerializer,
)
from claims.models import Deadline, Warning
from claims.selectors.clocks import deadlines_visible_to, warnings_visible_to
from claims.services.clocks import cancel_deadline, move_deadline
from claims.tasks import nudge


class DeadlineViewSet(mixins.ListModelMixin, ClaimsViewSet):
    """Clocks, the nearest due first. A lead may set one to the date that Seller Central shows."""

    queryset = Deadline.objects.none()
    shape = DeadlineSerializer
    inputs: ClassVar = {"move": MoveDeadlineSerializer, "cancel": CancelDeadlineSerializer}
    scopes: ClassVar = {"list": "claims:read", PAGE: "claims:read"}
    people_only: ClassVar = frozenset({"move", "cancel"})
    roles: ClassVar = {"move": Role.LEAD, "cancel": Role.LEAD}
    filterset_class = DeadlineFilter
    indexed_filters: ClassVar = ("status", "kind")
    ordering = "due_at"

    def get_queryset(self) -> QuerySet[Deadline]:
        return deadlines_visible_to(self.caller)

    @extend_schema(request=MoveDeadlineSerializer, responses=DeadlineSerializer)
    @form_action()
    def move(self, request: Request, pk: str) -> Response:
        """Set the clock to the true date, with the reason (lead, owner). Warnings of the old date are void."""
        deadline: Deadline = self.get_object()
        values = self.checked(request)
        move_deadline(deadline_id=deadline.pk, actor=self.caller.actor, now=timezone.now(), **values)
        nudge()
        return self._again(deadline)

    @extend_schema(request=CancelDeadlineSerializer, responses=DeadlineSerializer)
    @form_action()
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop a clock that Seller Central does not show, with the reason (lead, owner)."""
        deadline: Deadline = self.get_object()
        values = self.checked(request)
        cancel_deadline(deadline_id=deadline.pk, actor=self.caller.actor, now=timezone.now(), **values)
        nudge()
        return self._again(deadline)

    def _again(self, deadline: Deadline) -> Response:
        return self.shown(self.get_queryset().get(pk=deadline.pk))

    def form_values(self) -> dict[str, Any]:
        found = self.found
        return {} if found is None or self.action != "move" else {"due_at": found.due_at}


class WarningViewSet(mixins.ListModelMixin, ClaimsViewSet):
    """Warnings that went out or are about to, the newest first, with everyone who was told."""

    queryset = Warning.objects.none()
    shape = WarningSerializer
    scopes: ClassVar = {"list": "warnings:read"}
    filterset_class = WarningFilter
    ordering = "-created_at"

    def get_queryset(self) -> QuerySet[Warning]:
        return warnings_visible_to(self.caller)
