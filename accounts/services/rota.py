"""Changing the rota: shifts are added and ended, hours are handed over. Nothing is deleted."""

from datetime import date, datetime, time, timedelta
from typing import TypedDict

from django.db import transaction

from accounts.errors import Conflict, InvalidInput
from accounts.models import HandOver, OnCallShift, Role, Seller, User
from accounts.roles import reaches
from accounts.rota import WEEKDAYS
from accounts.selectors import active_members


class ShiftFields(TypedDict, total=False):
    """What a shift is made of; `valid_from` and `valid_to` are days in its own zone."""

    user: User
    weekdays: list[str]
    starts: time
    ends: time
    time_zone: str
    valid_from: date
    valid_to: date | None


def add_shift(*, seller: Seller, fields: ShiftFields, created_by: User, now: datetime) -> OnCallShift:
    """A new shift with all its fields. Raises InvalidInput."""
    shift = OnCallShift(seller=seller, created_by=created_by, created_at=now)
    _fill(shift, fields)
    shift.save(force_insert=True)
    return shift


@transaction.atomic
def change_shift(*, shift_id: int, fields: ShiftFields) -> OnCallShift:
    """Changes what is given; a last day ends it. Raises InvalidInput."""
    shift = (
        OnCallShift.objects.select_for_update(of=("self",)).select_related("seller", "user").get(pk=shift_id)
    )
    _fill(shift, fields)
    shift.save()
    return shift


def _fill(shift: OnCallShift, fields: ShiftFields) -> None:
    if "user" in fields:
        _must_be_able(shift.seller, fields["user"], "/user")
    for name, value in fields.items():
        setattr(shift, name, value)
    shift.weekdays = [day for day in WEEKDAYS if day in shift.weekdays]
    # The day before the first says that a shift never was: the way to take back one made by mistake.
    if shift.valid_to is not None and shift.valid_to < shift.valid_from - timedelta(days=1):
        raise InvalidInput.at("/valid_to", "The last day lies before the first.", code="ends_before_start")


def hand_over(
    *,
    seller: Seller,
    given_by: User | None,
    taken_by: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    created_by: User,
    now: datetime,
) -> HandOver:
    """Lets `taken_by` stand in for `given_by`, or for whoever is on call. Raises InvalidInput."""
    _must_be_able(seller, taken_by, "/taken_by")
    if given_by is not None and given_by.pk == taken_by.pk:
        raise InvalidInput.at("/taken_by", "Hand over to somebody else.", code="same_person")
    if ends_at <= starts_at:
        raise InvalidInput.at("/ends_at", "The end must be later than the start.", code="ends_before_start")
    if ends_at <= now:
        raise InvalidInput.at("/ends_at", "These hours are over already.", code="past")
    return HandOver.objects.create(
        seller=seller,
        given_by=given_by,
        taken_by=taken_by,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        created_by=created_by,
        created_at=now,
    )


@transaction.atomic
def end_hand_over(*, hand_over_id: int, ends_at: datetime | None, now: datetime) -> HandOver:
    """Sets another end; None: now. One that has not begun yet then never was.

    Hours that are over stay as they were, since who was on call is history. Raises Conflict `hand_over_ended`
    for one that has ended, InvalidInput for an end before it begins or in the past.
    """
    row = HandOver.objects.select_for_update().get(pk=hand_over_id)
    if row.ends_at <= now:
        raise Conflict("This hand-over has ended already.", code="hand_over_ended")
    earliest = max(row.starts_at, now)
    if ends_at is not None and ends_at < earliest:
        detail = "It cannot end before it begins, nor in the past. Leave it empty for now."
        raise InvalidInput.at("/ends_at", detail, code="ends_before_start")
    row.ends_at = earliest if ends_at is None else ends_at
    row.save(update_fields=["ends_at"])
    return row


def _must_be_able(seller: Seller, user: User, pointer: str) -> None:
    member = active_members(seller.pk).filter(user=user).first()
    if member is None or not reaches(member.role, Role.AGENT):
        raise InvalidInput.at(pointer, "There is no such member.", code="does_not_exist")
