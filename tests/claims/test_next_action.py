"""What a person is told to do next, by where the claim stands. Expected sentences are written by hand."""

from dataclasses import replace

import pytest

from claims.lifecycle import State
from claims.next_action import Standing, next_action

ASKED = Standing(
    state=State.ACTION_REQUIRED,
    has_reason=True,
    missing=(),
    reply_status="",
    has_bundle=True,
    has_appeal_clock=False,
)


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (
            replace(ASKED, has_reason=False),
            "Enter the buyer's reason, so that the right evidence is asked for.",
        ),
        (replace(ASKED, has_bundle=False), "Assemble the bundle, then draft the reply to Amazon."),
        (ASKED, "Draft the reply to Amazon."),
        (replace(ASKED, reply_status="draft"), "Check the drafted reply and approve it."),
        (
            replace(ASKED, state=State.RECEIVED, number_misfit=True),
            "Repair the tracking number, here and in Seller Central: it does not fit its carrier, and unconfirmed "
            "tracking can still be repaired before delivery.",
        ),
        (  # Amazon's question goes first
            replace(ASKED, reply_status="draft", number_misfit=True),
            "Check the drafted reply and approve it. Repair the tracking number, here and in Seller Central: it does "
            "not fit its carrier, and unconfirmed tracking can still be repaired before delivery.",
        ),
        (
            replace(ASKED, state=State.CLOSED, number_misfit=True),
            "Do nothing; reopen the claim if Amazon does.",
        ),
        (
            replace(ASKED, reply_status="draft", missing=("signature",)),
            "Add signature if you can, then approve the drafted reply.",
        ),
        (
            replace(ASKED, reply_status="draft", missing=("signature", "refund", "invoice")),
            "Add signature, refund and 1 more if you can, then approve the drafted reply.",
        ),
        (
            replace(ASKED, reply_status="approved", has_reason=False),
            "Paste the approved reply into Seller Central, then confirm the submission.",
        ),
        (replace(ASKED, state=State.APPEAL_ACTION_REQUIRED), "Draft the reply to Amazon."),
        (
            replace(ASKED, state=State.RECEIVED, missing=("proof_of_delivery",)),
            "Add carrier's proof of delivery before Amazon asks.",
        ),
        (replace(ASKED, state=State.RECEIVED, has_bundle=False), "Assemble the bundle before Amazon asks."),
        (replace(ASKED, state=State.RECEIVED), "Wait for Amazon's request; everything is ready."),
        (replace(ASKED, state=State.UNDER_REVIEW), "Wait for Amazon's decision."),
        (replace(ASKED, state=State.APPEAL_UNDER_REVIEW), "Wait for Amazon's decision on the appeal."),
        (replace(ASKED, state=State.DECIDED), "Check the decision, then close the claim."),
        (
            replace(ASKED, state=State.DECIDED, has_appeal_clock=True),
            "Draft an appeal with new information, or concede.",
        ),
        (
            replace(ASKED, state=State.DECIDED, has_appeal_clock=True, reply_status="draft"),
            "Add what is new to the drafted appeal and approve it.",
        ),
        (
            replace(ASKED, state=State.DECIDED, unheard=True),
            "Check the decision in Seller Central: no earlier notice of this claim had arrived.",
        ),
        (replace(ASKED, state=State.CLOSED), "Do nothing; reopen the claim if Amazon does."),
    ],
)
def test_the_next_action_says_what_is_in_the_way(standing: Standing, sentence: str) -> None:
    assert next_action(standing) == sentence
