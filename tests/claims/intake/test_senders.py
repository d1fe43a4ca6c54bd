"""Whose word ends a claim: Amazon's, sent or quoted; anybody may say that one came in."""

import pytest

from claims.intake import Reading, read_mail
from claims.words import NoticeKind
from tests.claims.intake.letters import attached, forward, raw

AMAZON = b"atoz-guarantee-no-reply@amazon.com"
WITHDRAWN = raw("denied_us").split(b"\n\n", 1)[0] + (
    b"\n\nThe buyer withdrew the A-to-z Guarantee claim on the order 112-3334445-5556667.\n"
)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (raw("granted_bare_us"), NoticeKind.CLAIM_DECIDED),
        (raw("denied_us"), NoticeKind.CLAIM_DECIDED),
        (WITHDRAWN, NoticeKind.CLAIM_WITHDRAWN),
    ],
    ids=["granted", "denied", "withdrawn"],
)
@pytest.mark.parametrize("sender", [b"eve@elsewhere.example", b"atoz-guarantee-no-reply@amazon.com.example"])
def test_an_end_that_amazon_did_not_send_needs_a_person(
    source: bytes, kind: NoticeKind, sender: bytes
) -> None:
    assert read_mail(source).reading == Reading.CLAIM
    assert AMAZON in source
    mail = read_mail(source.replace(AMAZON, sender))
    assert mail.notification_type == "A_Z_CLAIM_RESPONDENT_CLOSE"
    assert (mail.reading, mail.kind, mail.sender_is_amazon) == (Reading.NEEDS_PERSON, kind, False)
    assert mail.why == "It says that the claim is over. Its sender is not Amazon's."


@pytest.mark.parametrize("name", ["received_us", "requested_us"])
def test_a_start_is_read_from_anybody_and_says_who_did_not_send_it(name: str) -> None:
    mail = read_mail(raw(name).replace(AMAZON, b"desk@acme.example"))
    assert (mail.reading, mail.kind) == (Reading.CLAIM, read_mail(raw(name)).kind)
    assert mail.why.endswith(" Its sender is not Amazon's.")
    assert not read_mail(raw(name)).why.endswith(" Its sender is not Amazon's.")


def test_a_decision_forwarded_with_its_sender_counts_as_amazons() -> None:
    assert read_mail(attached("granted_bare_us")).reading == Reading.CLAIM
    subject = "Claim decision on order 112-3334445-5556667"
    block = f"From: Amazon <{AMAZON.decode()}>\nDate: Tue, 03 Mar 2026 09:15:00 -0800\nSubject: {subject}\n\n"
    text = block + raw("granted_bare_us").decode().split("\n\n", 1)[1]
    message = forward(subject=f"Fwd: {subject}", plain=text)
    for typed in (False, True):
        if typed:
            message["X-Space-Notification-Type"] = "A_Z_CLAIM_RESPONDENT_CLOSE"
        mail = read_mail(message.as_bytes())
        assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_DECIDED)
        assert mail.sender_is_amazon


def test_a_decision_quoted_from_somebody_else_needs_a_person() -> None:
    text = "From: Eve <eve@elsewhere.example>\nDate: today\nSubject: x\n\n"
    text += raw("granted_bare_us").decode().split("\n\n", 1)[1]
    message = forward(subject="Fwd: Claim decision on order 112-3334445-5556667", plain=text)
    message["X-Space-Notification-Type"] = "A_Z_CLAIM_RESPONDENT_CLOSE"
    assert read_mail(message.as_bytes()).reading == Reading.NEEDS_PERSON
