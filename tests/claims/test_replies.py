"""Replies: drafted from facts, edited and approved under a revision, never approved with what Amazon forbids."""

import pytest

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput, PermissionRefused, StaleRevision
from accounts.models import Seller
from claims.errors import ActionRefused
from claims.models import Claim, Event, Reply
from claims.services.evidence import add_evidence
from claims.services.replies import approve_reply, draft_reply, edit_reply
from shipping.models import Shipment
from tests.claims.parcels import delivered
from tests.claims.pictures import PNG
from tests.claims.situations import STATES, bring_to, everything
from tests.claims.stories import AMZ, MONDAY, claim_of, hours, letter

NOW = MONDAY + hours(1)


def draft(claim: Claim, *, kind: str | None = None, language: str = "en", actor: Actor = AMZ) -> Reply:
    return draft_reply(claim_id=claim.pk, kind=kind, language=language, actor=actor, now=NOW)[0]


def edit(reply: Reply, text: str, *, revision: int, actor: Actor = AMZ) -> Reply:
    return edit_reply(reply_id=reply.pk, revision=revision, text=text, language=None, actor=actor, now=NOW)


def approve(reply: Reply, *, actor: Actor = AMZ) -> Reply:
    return approve_reply(reply_id=reply.pk, revision=reply.revision, actor=actor, now=NOW)


def hand_in(claim: Claim, kind: str, name: str, content: bytes) -> None:
    add_evidence(
        claim_id=claim.pk, kind=kind, name=name, content=content, observed_at=None, note="", source="alice",
        actor=AMZ, now=NOW,
    )  # fmt: skip


def test_a_draft_states_the_facts_with_times_and_asks_for_a_decision(acme: Seller) -> None:
    delivered(acme)
    claim = claim_of(letter(acme, reason="not_received", amazon_claim_id="AZ1"))
    hand_in(claim, "correspondence", "thanks.txt", b"Thank you, it arrived.")
    reply = draft(claim)
    assert (reply.kind, reply.status, reply.revision, reply.language) == ("answer", "draft", 1, "en")
    when = "Thu 12 Nov 2026 11:30 Europe/Berlin (2026-11-12 10:30 UTC)"
    for said in (
        "order 402-3427577-1965903 (claim AZ1), made for: item not received.",
        f"USPS 9400111206206407628746: delivered {when} in Roma, 00183, IT.",
        "the carrier records the name «G. Rossi».",
        "Delivery address of the order: Giulia Rossi, Via Appia 7, 00183, Roma, IT.",
        "attached in Buyer-Seller Messages of this order: evidence bundle (PDF), thanks.txt.",
        "We ask you to deny this claim.",
    ):
        assert said in reply.text
    assert approve(reply).status == "approved"


def test_what_is_absent_is_said_and_nothing_is_claimed_of_it(acme: Seller) -> None:
    reply = draft(claim_of(letter(acme, reason="not_received")))
    assert "- No shipment is known for this order." in reply.text
    assert "- No signature on file: no delivery is on file." in reply.text
    assert "deny" not in reply.text
    assert "proof of delivery" not in reply.text


def test_a_reason_that_nobody_entered_is_not_guessed(acme: Seller) -> None:
    text = draft(claim_of(letter(acme))).text
    assert text.startswith(
        "This is our answer to your request for information on the A-to-z Guarantee claim for order "
        "402-3427577-1965903.\n"
    )
    assert "not received" not in text


def test_proof_and_address_are_called_given_only_where_both_are(acme: Seller) -> None:
    delivered(acme)
    claim = claim_of(letter(acme, reason="not_received"))
    assert "Both are given above" in draft(claim).text
    Shipment.objects.update(ship_to={})
    Claim.objects.update(ship_to={})
    text = draft(claim).text
    assert "Both are given above" not in text
    assert "Delivery address" not in text


def test_a_picture_of_an_earlier_submission_is_no_document_for_amazon(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    hand_in(claim, "submission_screenshot", "shot.png", PNG)
    hand_in(claim, "invoice", "invoice.txt", b"one item")
    assert "Messages of this order: evidence bundle (PDF), invoice.txt." in draft(claim).text


#: Which draft each state calls for; a decided claim with an appeal clock takes an appeal.
DRAFTS = {
    "received": "answer",
    "action_required": "answer",
    "under_review": "answer",
    "decided": "appeal",
    "closed": None,
    "appeal_under_review": "appeal_information",
    "appeal_action_required": "appeal_information",
}


@pytest.mark.parametrize("state", STATES)
def test_the_state_says_which_kind_of_draft_is_made(
    acme: Seller, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)
    claim = bring_to(state, acme)
    before = everything(claim)
    for kind in ("answer", "appeal", "appeal_information"):
        if kind != DRAFTS[state]:
            with pytest.raises(ActionRefused):
                draft(claim, kind=kind)
    if DRAFTS[state] is None:
        with pytest.raises(ActionRefused):
            draft(claim)
    assert everything(claim) == before
    if DRAFTS[state] is not None:
        assert draft(claim).kind == DRAFTS[state]


def test_a_language_without_a_writer_is_refused(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    with pytest.raises(InvalidInput) as refused:
        draft(claim, language="tlh")
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/language", "invalid_choice")]
    assert Reply.objects.count() == 0


def test_an_untouched_draft_follows_the_facts_and_an_edited_one_stays(acme: Seller) -> None:
    claim = claim_of(letter(acme, reason="not_received"))
    first = draft(claim)
    assert draft(claim).revision == 1
    delivered(acme)
    second = draft(claim)
    assert (second.pk, second.revision) == (first.pk, 2)
    assert "G. Rossi" in second.text
    edited = edit(second, "Our own words.", revision=2)
    hand_in(claim, "invoice", "invoice.txt", b"one item")
    same = draft(claim)
    assert (same.pk, same.text, same.revision) == (edited.pk, "Our own words.", 3)


def test_every_write_names_the_revision_that_it_read(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = edit(draft(claim), "First.", revision=1)
    before = everything(claim)
    with pytest.raises(StaleRevision) as refused:
        edit(reply, "Second.", revision=1)
    assert refused.value.extra == {"revision": 2}
    with pytest.raises(StaleRevision):
        approve_reply(reply_id=reply.pk, revision=1, actor=AMZ, now=NOW)
    assert everything(claim) == before


def test_an_edit_of_an_approved_text_makes_it_a_draft_again(acme: Seller) -> None:
    reply = approve(draft(claim_of(letter(acme))))
    assert (reply.status, reply.approved_by, reply.approved_at, reply.revision) == ("approved", "amz", NOW, 2)
    edited = edit(reply, "Other words.\r\nAnd more.", revision=2)
    assert (edited.status, edited.approved_by, edited.approved_at, edited.revision) == ("draft", "", None, 3)
    assert edited.text == "Other words.\nAnd more."


def test_a_text_is_approved_once(acme: Seller) -> None:
    reply = approve(draft(claim_of(letter(acme))))
    with pytest.raises(Conflict) as refused:
        approve(reply)
    assert refused.value.code == "already_approved"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("See https://example.com/proof for more.", "link"),
        ("Look at www.example.com please.", "link"),
        ("Write to help@acme.example about it.", "mail_address"),
        ("Call +49 30 1234567 any time.", "phone"),
        ("   \n", "empty"),
        ("x" * 4001, "too_long"),
    ],
)
def test_what_amazon_forbids_stops_the_approval(acme: Seller, text: str, code: str) -> None:
    acme.answer_max_length = 4000
    acme.save()
    claim = claim_of(letter(acme))
    reply = edit(draft(claim), text, revision=1)
    before = everything(claim)
    with pytest.raises(InvalidInput) as refused:
        approve(reply)
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/text", code)]
    assert everything(claim) == before


@pytest.mark.parametrize(
    "text",
    [
        "Tracking: https://www.dhl.de/en/track?id=00340434161094042557",
        "Order 402-3427577-1965903, parcel 9400111206206407628746, 119.00 EUR, 12 Nov 2026 11:30.",
    ],
)
def test_the_carriers_own_page_and_plain_numbers_may_stand(acme: Seller, text: str) -> None:
    assert approve(edit(draft(claim_of(letter(acme))), text, revision=1)).status == "approved"


def test_four_eyes_ask_for_somebody_else_than_the_author(acme: Seller, agent: Actor) -> None:
    acme.four_eyes = True
    acme.save()
    claim = claim_of(letter(acme))
    reply = edit(draft(claim), "Alice's words.", revision=1, actor=agent)
    before = everything(claim)
    with pytest.raises(PermissionRefused) as refused:
        approve(reply, actor=agent)
    assert refused.value.code == "four_eyes"
    assert everything(claim) == before
    assert approve(reply, actor=AMZ).approved_by == "amz"


def test_every_version_of_a_text_is_kept_in_the_history(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = draft(claim)
    edit(reply, "First.", revision=1)
    edit(reply, "Second.", revision=2)
    kept = Event.objects.filter(claim=claim, verb__in=["draft_reply", "edit_reply"]).order_by("id")
    assert [event.facts["text"] for event in kept] == [reply.text, "First.", "Second."]
    assert [event.facts["revision"] for event in kept] == [1, 2, 3]
