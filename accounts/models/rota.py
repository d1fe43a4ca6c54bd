"""Who is on call for a seller: weekly shifts, and hours handed over to somebody else.

Rows only; who is on call at a moment is worked out by `accounts.rota`. Nothing is deleted: a shift ends by
its last day, a hand-over by its end.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models.people import Seller, User
from accounts.rota import WEEKDAYS


class OnCallShift(models.Model):
    """The hours of the week at which a member is on call, in a zone of their own.

    An end not after the start is on the next day; the weekday is that of the start. `valid_from` and
    `valid_to` are the first and the last day, in that zone, on which the shift begins.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="on_call_shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="on_call_shifts")
    weekdays = ArrayField(models.CharField(max_length=3, choices=[(day, day) for day in WEEKDAYS]))
    starts = models.TimeField()
    ends = models.TimeField()
    time_zone = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="shift_has_weekdays", condition=Q(weekdays__len__gt=0)),
            models.CheckConstraint(
                name="shift_weekdays_known", condition=Q(weekdays__contained_by=list(WEEKDAYS))
            ),
            models.CheckConstraint(name="shift_zone_present", condition=~Q(time_zone="")),
        ]
        indexes: ClassVar = [models.Index(fields=["seller", "valid_to"], name="shift_of_seller")]

    def __str__(self) -> str:
        return (
            f"{self.user}: {' '.join(self.weekdays)} {self.starts:%H:%M}-{self.ends:%H:%M} {self.time_zone}"
        )


class HandOver(models.Model):
    """Hours that one member takes over from another; without `given_by`, from whoever is on call."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="hand_overs")
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="hand_overs_given"
    )
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hand_overs_taken")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hand_over_ends_after_start", condition=Q(ends_at__gte=F("starts_at"))
            ),
            models.CheckConstraint(
                name="hand_over_to_another",
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("taken_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["seller", "ends_at"], name="hand_over_of_seller")]

    def __str__(self) -> str:
        return f"{self.given_by or 'everyone on call'} → {self.taken_by} {self.starts_at:%Y-%m-%d %H:%M}Z"
