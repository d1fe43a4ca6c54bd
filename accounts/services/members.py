"""Who works for a seller: adding people, changing their part, ending it.

No answer here tells an owner whether somebody he does not know yet has an account: new accounts are named
`name@MERCHANT_TOKEN`, so no name is ever "taken", and people from outside are linked by a code that they
hand over themselves (`people.py`).
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.access import Caller
from accounts.errors import Conflict, InvalidInput
from accounts.models import Membership, Role, Seller, User
from accounts.selectors import people_known_to
from accounts.services.people import user_of_link_code

PASSWORD_BYTES = 12
LONGEST_STEM = 64


@dataclass(frozen=True, slots=True)
class AddedMember:
    """`one_time_password` is set for a new account only, shown once and changed at the first sign-in."""

    membership: Membership
    one_time_password: str | None = field(repr=False)


@transaction.atomic
def add_member(
    *,
    seller: Seller,
    role: str,
    added_by: Caller,
    now: datetime,
    username: str = "",
    email: str = "",
    link_code: str = "",
    on_call: bool = False,
) -> AddedMember:
    """Links a person known to the caller or holding a link code, else makes a new account.

    Raises InvalidInput for a bad link code, Conflict `already_member` for an active member.
    """
    _locked(seller)
    password: str | None = None
    address = email or (username if "@" in username else "")
    person: User | None = user_of_link_code(link_code) if link_code else None
    if person is None:
        person = _known_person(added_by, seller, username, address)
    if person is None:
        person, password = _new_account(seller, username, address, now)
    membership, created = Membership.objects.select_related("user", "seller").get_or_create(
        user=person, seller=seller, defaults={"role": role, "on_call": on_call, "created_at": now}
    )
    if not created:
        if membership.is_active:
            raise Conflict("This person is a member already.", code="already_member")
        membership.role, membership.on_call, membership.is_active = role, on_call, True
        membership.save(update_fields=["role", "on_call", "is_active"])
    return AddedMember(membership=membership, one_time_password=password)


@transaction.atomic
def change_member(
    *,
    membership_id: int,
    role: str | None = None,
    on_call: bool | None = None,
    is_active: bool | None = None,
) -> Membership:
    """Changes what is given. Raises Conflict `last_owner` where the seller would be left without an owner."""
    membership = Membership.objects.select_related("user", "seller").get(pk=membership_id)
    _locked(membership.seller)
    membership.refresh_from_db(fields=["role", "on_call", "is_active"])
    membership.role = membership.role if role is None else role
    membership.on_call = membership.on_call if on_call is None else on_call
    membership.is_active = membership.is_active if is_active is None else is_active
    stays_owner = membership.role == Role.OWNER and membership.is_active and membership.user.is_active
    if not stays_owner and _is_last_owner(membership):
        raise Conflict("The seller needs an owner: make somebody else an owner first.", code="last_owner")
    membership.save(update_fields=["role", "on_call", "is_active"])
    return membership


def set_quiet_hours(
    *, membership_id: int, starts: time | None, ends: time | None, time_zone: str = ""
) -> Membership:
    """When early warnings to this member wait; None and None: never. Raises InvalidInput.

    Without a zone: the person's, else the seller's.
    """
    if (starts is None) != (ends is None):
        missing = "/starts" if starts is None else "/ends"
        raise InvalidInput.at(missing, "Give both start and end, or neither.", code="required")
    if starts is not None and starts == ends:
        raise InvalidInput.at("/ends", "A whole day cannot be quiet.", code="same_time")
    Membership.objects.filter(pk=membership_id).update(
        quiet_from=starts, quiet_until=ends, quiet_time_zone="" if starts is None else time_zone
    )
    return Membership.objects.select_related("user", "seller").get(pk=membership_id)


def _locked(seller: Seller) -> None:
    """Members of one seller change one after the other, so two owners cannot end each other at once."""
    Seller.objects.select_for_update().only("pk").get(pk=seller.pk)


def _is_last_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(
        seller_id=membership.seller_id, role=Role.OWNER, is_active=True, user__is_active=True
    )
    return set(owners.values_list("pk", flat=True)) == {membership.pk}


def _known_person(caller: Caller, seller: Seller, username: str, address: str) -> User | None:
    people = people_known_to(caller)
    if username:
        names = [username, f"{username}@{seller.merchant_token}"]
        found = people.filter(username__in=names).order_by("id").first()
        if found is not None:
            return found
    same_address = list(people.filter(email__iexact=address)[:2]) if address else []
    return same_address[0] if len(same_address) == 1 else None


def _new_account(seller: Seller, username: str, address: str, now: datetime) -> tuple[User, str]:
    stem = re.sub(r"[^\w.+-]", "", (username or address).split("@", 1)[0], flags=re.ASCII)[:LONGEST_STEM]
    if not stem:
        raise InvalidInput.at("/username", "Give a user name that begins with a letter.", code="invalid")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    number = 1
    while User.objects.filter(username=_account_name(stem, number, seller)).exists():
        number += 1
    person = User.objects.create(
        username=_account_name(stem, number, seller),
        email=address,
        password=make_password(password),
        must_change_password=True,
        date_joined=now,
    )
    return person, password


def _account_name(stem: str, number: int, seller: Seller) -> str:
    return f"{stem}{number if number > 1 else ''}@{seller.merchant_token}"
