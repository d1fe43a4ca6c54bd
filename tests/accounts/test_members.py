"""Members: adding people without learning about strangers, and never losing the last owner."""

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.errors import Conflict
from accounts.models import Membership, Role, Seller, User
from accounts.services.members import change_member
from accounts.services.people import link_code_of
from tests.accounts.conftest import PASSWORD, new_member, pointers, signed_in


def members_of(seller: Seller) -> str:
    return f"/api/v1/sellers/{seller.pk}/members/"


def test_any_member_sees_the_members_oldest_first(alice: User, owner: User, acme: Seller, bob: User) -> None:
    rows = signed_in(alice).get(members_of(acme)).json()["results"]
    assert [(row["user"]["username"], row["role"], row["seller"]) for row in rows] == [
        (user.username, role, "A1ACME")
        for user, role in sorted([(alice, "agent"), (owner, "owner")], key=lambda pair: pair[0].pk)
    ]


def test_a_new_person_gets_an_account_with_a_password_shown_once(owner: User, acme: Seller) -> None:
    client = signed_in(owner)
    answer = client.post(members_of(acme), {"username": "carol", "email": "c@example.com", "role": "lead"})
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["user"]["username"], shown["role"], shown["on_call"]) == ("carol@A1ACME", "lead", False)
    carol = User.objects.get(username="carol@A1ACME")
    assert carol.check_password(shown["one_time_password"])
    assert (carol.must_change_password, carol.email) == (True, "c@example.com")
    assert "one_time_password" not in client.get(members_of(acme)).json()["results"][-1]


def test_a_one_time_password_opens_nothing_until_it_is_changed(
    owner: User, acme: Seller, client: Any
) -> None:
    shown = signed_in(owner).post(members_of(acme), {"username": "carol"}).json()
    signed = client.post(
        "/accounts/login/", {"username": "carol@A1ACME", "password": shown["one_time_password"], "next": "/x"}
    )
    assert (signed.status_code, signed["Location"]) == (302, "/accounts/password/")
    closed = client.get("/api/v1/sellers/", headers={"Accept": "application/json"})
    assert (closed.status_code, closed.json()["code"]) == (403, "password_change_required")
    new = {"old_password": shown["one_time_password"], "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/accounts/password/", new).status_code == 302
    assert client.get("/api/v1/sellers/", headers={"Accept": "application/json"}).status_code == 200
    assert User.objects.get(username="carol@A1ACME").must_change_password is False


def test_an_email_address_makes_an_account_named_after_it(owner: User, acme: Seller) -> None:
    shown = signed_in(owner).post(members_of(acme), {"email": "dan.o'neil@example.com"}).json()
    assert shown["user"]["username"] == "dan.oneil@A1ACME"
    assert shown["user"]["email"] == "dan.o'neil@example.com"


def test_a_stranger_and_nobody_are_answered_alike(owner: User, acme: Seller, bob: User) -> None:
    """bob exists for another seller: the owner gets a new account either way, and bob gains nothing."""
    client = signed_in(owner)
    for name, body in {
        "bob": {"username": "bob"},
        "nobody": {"username": "nobody"},
        "bob2": {"email": "bob@example.com"},
        "nobody2": {"email": "nobody@example.com"},
    }.items():
        answer = client.post(members_of(acme), body)
        assert answer.status_code == 201
        assert answer.json()["user"]["username"] == f"{name}@A1ACME"
        assert answer.json()["one_time_password"]
    assert list(bob.memberships.values_list("seller__merchant_token", flat=True)) == ["B2BOLT"]


def test_a_known_person_is_linked_to_the_owners_other_seller(owner: User, alice: User, acme: Seller) -> None:
    client = signed_in(owner)
    client.post("/api/v1/sellers/", {"merchant_token": "C3CARS"})
    cars = Seller.objects.get(merchant_token="C3CARS")
    for given in ({"username": "alice"}, {"email": "Alice@Example.com"}):
        Membership.objects.filter(seller=cars, user=alice).delete()
        answer = client.post(members_of(cars), given)
        assert (answer.status_code, answer.json()["one_time_password"]) == (201, None)
        assert answer.json()["user"]["id"] == alice.pk


def test_a_link_code_brings_in_a_person_from_outside(owner: User, bob: User, acme: Seller) -> None:
    code = signed_in(bob).get("/api/v1/me/").json()["link_code"]
    answer = signed_in(owner).post(members_of(acme), {"link_code": code, "role": "viewer", "on_call": True})
    assert answer.status_code == 201
    assert (answer.json()["user"]["username"], answer.json()["on_call"]) == ("bob", True)
    assert answer.json()["one_time_password"] is None


def test_a_wrong_link_code_is_refused(owner: User, bob: User, acme: Seller) -> None:
    wrong = link_code_of(bob)[:-1] + "!"
    answer = signed_in(owner).post(members_of(acme), {"link_code": wrong})
    assert (answer.status_code, pointers(answer)) == (400, [("/link_code", "invalid_link_code")])
    assert Membership.objects.filter(seller=acme).count() == 1


@pytest.mark.parametrize("body", [{}, {"username": "x", "link_code": "y"}, {"username": "", "email": ""}])
def test_a_person_is_named_in_exactly_one_way(owner: User, acme: Seller, body: dict[str, str]) -> None:
    answer = signed_in(owner).post(members_of(acme), body)
    assert (answer.status_code, pointers(answer)) == (400, [("/username", "required")])
    assert Membership.objects.count() == 1


def test_a_member_is_not_added_twice_but_may_come_back(owner: User, alice: User, acme: Seller) -> None:
    client = signed_in(owner)
    again = client.post(members_of(acme), {"username": "alice"})
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    Membership.objects.filter(user=alice).update(is_active=False)
    back = client.post(members_of(acme), {"username": "alice", "role": "lead"})
    assert (back.status_code, back.json()["role"], back.json()["is_active"]) == (201, "lead", True)
    assert Membership.objects.filter(user=alice).count() == 1


def test_an_owner_changes_a_member(owner: User, alice: User, acme: Seller) -> None:
    member = Membership.objects.get(user=alice)
    answer = signed_in(owner).patch(f"{members_of(acme)}{member.pk}/", {"role": "lead", "on_call": True})
    assert answer.status_code == 200
    member.refresh_from_db()
    assert (member.role, member.on_call, member.is_active) == ("lead", True, True)


def test_a_changed_role_holds_from_the_next_request(owner: User, alice: User, acme: Seller) -> None:
    client = signed_in(alice)
    assert client.patch(f"/api/v1/sellers/{acme.pk}/", {"four_eyes": True}).status_code == 403
    change_member(membership_id=Membership.objects.get(user=alice).pk, role=Role.OWNER)
    assert client.patch(f"/api/v1/sellers/{acme.pk}/", {"four_eyes": True}).status_code == 200


@pytest.mark.parametrize("body", [{"role": "lead"}, {"is_active": False}])
def test_the_last_owner_stays(owner: User, alice: User, acme: Seller, body: dict[str, Any]) -> None:
    member = Membership.objects.get(user=owner)
    answer = signed_in(owner).patch(f"{members_of(acme)}{member.pk}/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    member.refresh_from_db()
    assert (member.role, member.is_active) == ("owner", True)


def test_an_owner_whose_account_has_ended_does_not_count(owner: User, acme: Seller) -> None:
    gone = new_member("gone", acme, Role.OWNER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Conflict):
        change_member(membership_id=Membership.objects.get(user=owner).pk, is_active=False)
    change_member(membership_id=Membership.objects.get(user=gone).pk, is_active=False)
    assert Membership.objects.get(user=gone).is_active is False


def test_with_a_second_owner_the_first_may_go(owner: User, acme: Seller) -> None:
    new_member("otto", acme, Role.OWNER)
    change_member(membership_id=Membership.objects.get(user=owner).pk, role=Role.AGENT)
    assert Membership.objects.get(user=owner).role == "agent"


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_end_each_other_at_once_leave_one() -> None:
    seller = Seller.objects.create(merchant_token="A1", name="A1")
    members = [Membership.objects.get(user=new_member(name, seller, Role.OWNER)) for name in ("x", "y")]
    start, refused = threading.Barrier(2), []

    def end(pk: int) -> None:
        start.wait()
        try:
            change_member(membership_id=pk, is_active=False)
        except Conflict as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(member.pk,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_owner"]
    assert Membership.objects.filter(is_active=True).count() == 1


def test_a_person_sets_his_zone(alice: User) -> None:
    client = signed_in(alice)
    assert client.patch("/api/v1/me/", {"time_zone": "Asia/Tokyo"}).json()["time_zone"] == "Asia/Tokyo"
    wrong = client.patch("/api/v1/me/", {"time_zone": "Asia/Nowhere"})
    assert (wrong.status_code, pointers(wrong)) == (400, [("/time_zone", "unknown_zone")])
    assert client.get("/api/v1/me/").json()["time_zone"] == "Asia/Tokyo"
    assert client.patch("/api/v1/me/", {"time_zone": ""}).json()["time_zone"] == ""
