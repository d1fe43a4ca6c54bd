"""Filters of the lists. A value that cannot be one answers 400 at the parameter's name, never silently all.

Every filter works on rows the caller may see, so another seller's name or id finds nothing.
"""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_filters import rest_framework as filters
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from accounts.access import caller_of
from claims.api import choices
from claims.ladder import AT_ONCE, MISSED, TROUBLE, UNHEARD
from claims.ladder_rules import before_of, stage_of
from claims.models import Claim, Deadline, Notice, Warning
from claims.selectors.claims import claims_found_by
from claims.words import NoticeStatus, Reason

STAGE_WORDS = (AT_ONCE, MISSED, UNHEARD, TROUBLE)
YES_NO = [("true", "yes"), ("false", "no")]
_SPAN = re.compile(r"(?P<number>[0-9]{1,5})(?P<unit>[mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class SpanField(forms.CharField):
    """A length of time: 90m, 6h, 2d."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise forms.ValidationError("A number with m, h or d, such as 90m, 6h or 2d.", code="invalid")
        return timedelta(**{_UNITS[found["unit"]]: int(found["number"])})


class SpanFilter(filters.CharFilter):
    field_class = SpanField


class AssigneeFormField(forms.CharField):
    """`me`, `none` or an id."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and text not in ("me", "none") and not re.fullmatch(r"[0-9]{1,18}", text):
            raise forms.ValidationError("me, none or a person's id.", code="invalid")
        return text


class AssigneeFilter(filters.CharFilter):
    field_class = AssigneeFormField


class IdFormField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class IdFilter(filters.NumberFilter):
    field_class = IdFormField

    def get_max_validator(self) -> None:
        return None


class SeveralFilter(filters.MultipleChoiceFilter):
    """One of several words. Each is a column's own, so no row comes twice and DISTINCT would only cost."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(distinct=False, **kwargs)


class StageFormField(forms.CharField):
    """The name of a stage: a word, or how long before the target it is (`48h` is `2d`)."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or text in STAGE_WORDS:
            return text
        before = before_of(text)
        if before is None:
            detail = f"{', '.join(STAGE_WORDS)}, or a time before the target, such as 4h."
            raise forms.ValidationError(f"One of {detail}", code="invalid_choice")
        return stage_of(before)


class StageFilter(filters.CharFilter):
    field_class = StageFormField


class NoticeFilter(filters.FilterSet):
    claim = IdFilter(field_name="claim_id")
    status = SeveralFilter(choices=NoticeStatus.choices)
    order_id = filters.CharFilter()

    class Meta:
        model = Notice
        fields: list[str] = []


class ClaimFilter(filters.FilterSet):
    state = SeveralFilter(choices=choices.STATES)
    seller = filters.CharFilter(field_name="seller__merchant_token", label="Seller (merchant token)")
    marketplace = filters.CharFilter(field_name="marketplace_id")
    reason = SeveralFilter(choices=Reason.choices)
    assignee = AssigneeFilter(method="by_assignee", label="Assignee: me, none or an id")
    overdue = filters.ChoiceFilter(method="by_overdue", choices=YES_NO, label="Overdue")
    due_within = SpanFilter(method="by_due_within", label="Due within (90m, 6h, 2d)")
    order_id = filters.CharFilter()
    search = filters.CharFilter(method="by_text", label="Order, claim id, comment or tracking number")

    class Meta:
        model = Claim
        fields: list[str] = []

    def by_assignee(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        if value == "none":
            return rows.filter(assignee__isnull=True)
        if value == "me":
            user_id = caller_of(self.request).actor.user_id
            return rows.filter(assignee_id=user_id) if user_id else rows.none()
        return rows.filter(assignee_id=int(value))

    def by_overdue(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        now = timezone.now()
        if value == "true":
            return rows.filter(respond_by__lt=now)
        return rows.exclude(respond_by__lt=now)

    def by_due_within(self, rows: QuerySet[Claim], name: str, value: timedelta) -> QuerySet[Claim]:
        return rows.filter(target_by__lte=timezone.now() + value)

    def by_text(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        return claims_found_by(rows, value.strip(), caller=caller_of(self.request))


class DeadlineFilter(filters.FilterSet):
    claim = IdFilter(field_name="claim_id")
    kind = SeveralFilter(choices=choices.DEADLINE_KINDS)
    status = SeveralFilter(choices=choices.DEADLINE_STATUSES)
    due_within = SpanFilter(method="by_due_within", label="Due within (90m, 6h, 2d)")

    class Meta:
        model = Deadline
        fields: list[str] = []

    def by_due_within(self, rows: QuerySet[Deadline], name: str, value: timedelta) -> QuerySet[Deadline]:
        """Clocks on which something is still owed, by their target; past ones too."""
        return rows.filter(settled=False, target_at__lte=timezone.now() + value)


class WarningFilter(filters.FilterSet):
    claim = IdFilter(field_name="claim_id")
    status = SeveralFilter(choices=choices.WARNING_STATUSES)
    stage = StageFilter(label="Stage: at_once, 24h, 90m, missed and the like")
    mine = filters.ChoiceFilter(method="by_mine", choices=YES_NO, label="Sent to me")

    class Meta:
        model = Warning
        fields: list[str] = []

    def by_mine(self, rows: QuerySet[Warning], name: str, value: str) -> QuerySet[Warning]:
        user_id = caller_of(self.request).actor.user_id
        if user_id is None:
            return rows.none() if value == "true" else rows
        told = Warning.objects.filter(deliveries__user_id=user_id).values("pk")
        return rows.filter(pk__in=told) if value == "true" else rows.exclude(pk__in=told)


class ClaimOrdering(BaseFilterBackend):
    """`?ordering=` of the queue: by the nearest moment by default, claims without one last."""

    orders = {
        "queue": "queue_at",
        "target_by": "target_by",
        "amount": "amount",
        "opened_at": "opened_at",
    }

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str]:
        text = request.query_params.get("ordering") or "queue"
        field = self.orders.get(text.removeprefix("-"))
        if field is None:
            known = ", ".join(self.orders)
            detail = f"One of {known}, with - before it for the reverse."
            raise ValidationError({"ordering": [ErrorDetail(detail, code="invalid_choice")]})
        return (f"-{field}" if text.startswith("-") else field,)

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Refuses a wrong name here; the pages do the ordering."""
        self.get_ordering(request, queryset, view)
        keyed: QuerySet[Any] = queryset.annotate(queue_at=Coalesce(F("target_by"), F("prepare_by")))
        return keyed

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [sign + name for name in self.orders for sign in ("", "-")]
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "Default `queue`: the nearest of target and preparation first, without one last.",
                "schema": {"type": "string", "enum": names},
            }
        ]
