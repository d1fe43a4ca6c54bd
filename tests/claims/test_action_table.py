"""Every cell of the second table: each action in each of the seven states, taken or refused with what is allowed."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Seller
from claims.errors import ActionRefused
from claims.intake.fields import DecisionFields
from claims.models import Claim, Reply
from claims.services.appeals import submit_appeal
from claims.services.claims import close_claim, concede_claim, reopen_claim
from claims.services.decisions import record_decision
from claims.services.submissions import retract_submission
from claims.words import ReplyKind, ReplyStatus
from tests.claims.situations import STATES, Picture, bring_to, everything, picture
from tests.claims.stories import AMZ, MONDAY, confirmed, hours

NOW = MONDAY + hours(40)
ALLOWED = {
    "received": ["record_decision"],
    "action_required": ["confirm_submission", "record_decision", "concede"],
    "under_review": ["record_decision", "retract_submission"],
    "decided": ["confirm_submission", "submit_appeal", "record_decision", "concede", "close"],
    "closed": ["reopen"],
    "appeal_under_review": ["record_decision", "retract_submission"],
    "appeal_action_required": ["confirm_submission", "record_decision", "concede"],
}
_SENT = "answer submitted"
_APPEALED = ("response met", "appeal met")
_APPEAL_SENT = ("answer submitted", "appeal submitted")
_GRANTED = ("granted current",)


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)


def ready_reply(claim: Claim, kind: str) -> Reply:
    """An approved text of this kind, also where the claim's state would give no draft of it."""
    return Reply.objects.create(
        claim=claim, kind=kind, text="Facts.", status=ReplyStatus.APPROVED, approved_by="alice",
        approved_at=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def confirm(kind: str) -> Callable[[Claim], object]:
    return lambda claim: confirmed(ready_reply(claim, kind), now=NOW)


def appeal_outside(claim: Claim) -> object:
    return submit_appeal(claim_id=claim.pk, submitted_at=NOW, text="As sent.", files=[], actor=AMZ, now=NOW)


def decide(claim: Claim) -> object:
    fields = DecisionFields("granted", funded_by="seller", counts_in_odr="no")
    return record_decision(claim_id=claim.pk, fields=fields, actor=AMZ, now=NOW)


def concede(claim: Claim) -> object:
    return concede_claim(claim_id=claim.pk, reason="not worth it", actor=AMZ, now=NOW)


def close(claim: Claim) -> object:
    return close_claim(claim_id=claim.pk, reason="done", actor=AMZ, now=NOW)


def reopen(claim: Claim) -> object:
    return reopen_claim(claim_id=claim.pk, reason="closed by mistake", actor=AMZ, now=NOW)


def retract(kind: str) -> Callable[[Claim], object]:
    def run(claim: Claim) -> object:
        sent = claim.replies.filter(kind=kind, status=ReplyStatus.SUBMITTED).last()
        reply = sent or Reply.objects.create(
            claim=claim, kind=kind, text="Facts.", status=ReplyStatus.SUBMITTED, text_sha256="0" * 64,
            submitted_at=NOW, confirmed_at=NOW, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        return retract_submission(
            reply_id=reply.pk, revision=reply.revision, reason="the page said error", actor=AMZ, now=NOW
        )

    return run


ACTS: dict[str, Callable[[Claim], object]] = {
    "confirm answer": confirm("answer"),
    "confirm appeal": confirm("appeal"),
    "confirm appeal_information": confirm("appeal_information"),
    "submit_appeal": appeal_outside,
    "record_decision": decide,
    "concede": concede,
    "retract answer": retract("answer"),
    "retract appeal": retract("appeal"),
    "close": close,
    "reopen": reopen,
}

#: (action, state) → the claim afterwards. Every pair that is not here is refused and changes nothing.
TAKEN: dict[tuple[str, str], Picture] = {
    ("confirm answer", "action_required"): Picture("under_review", ("response met",), replies=(_SENT,)),
    ("confirm appeal", "decided"): Picture("appeal_under_review", _APPEALED, _GRANTED, (), _APPEAL_SENT),
    ("confirm appeal_information", "appeal_action_required"): Picture(
        "appeal_under_review", (*_APPEALED, "appeal_information met"), _GRANTED, (),
        (*_APPEAL_SENT, "appeal_information submitted"),
    ),
    ("submit_appeal", "decided"): Picture("appeal_under_review", _APPEALED, _GRANTED, (), _APPEAL_SENT),
    ("record_decision", "received"): Picture("decided", ("preparation cancelled", "appeal open"), _GRANTED),
    ("record_decision", "action_required"): Picture("decided", ("response cancelled", "appeal open"), _GRANTED),
    ("record_decision", "under_review"): Picture(
        "decided", ("response met", "appeal open"), _GRANTED, replies=(_SENT,)
    ),
    ("record_decision", "decided"): Picture(
        "decided", ("response met", "appeal cancelled", "appeal open"), ("granted past", "granted current"),
        (), (_SENT,),
    ),
    ("record_decision", "appeal_under_review"): Picture(
        "decided", _APPEALED, ("granted past", "granted appeal current"), (), _APPEAL_SENT
    ),
    ("record_decision", "appeal_action_required"): Picture(
        "decided", (*_APPEALED, "appeal_information cancelled"), ("granted past", "granted appeal current"),
        (), _APPEAL_SENT,
    ),
    ("concede", "action_required"): Picture("under_review", ("response cancelled",)),
    ("concede", "appeal_action_required"): Picture(
        "appeal_under_review", (*_APPEALED, "appeal_information cancelled"), _GRANTED, (), _APPEAL_SENT
    ),
    ("concede", "decided"): Picture("closed", ("response met", "appeal cancelled"), _GRANTED, (), (_SENT,)),
    ("retract answer", "under_review"): Picture("action_required", ("response open",), replies=(_SENT,)),
    ("retract appeal", "appeal_under_review"): Picture(
        "decided", ("response met", "appeal open"), _GRANTED, (), _APPEAL_SENT
    ),
    ("close", "decided"): Picture("closed", ("response met", "appeal cancelled"), _GRANTED, (), (_SENT,)),
    ("reopen", "closed"): Picture(
        "decided", ("response met", "appeal open"), _GRANTED, (), (_SENT, "appeal void")
    ),
}  # fmt: skip
REFUSED = [(act, state) for act in ACTS for state in STATES if (act, state) not in TAKEN]


@pytest.mark.parametrize(("act", "state"), TAKEN, ids=str)
def test_an_action_does_what_the_table_says(acme: Seller, act: str, state: str) -> None:
    claim = bring_to(state, acme)
    ACTS[act](claim)
    assert picture(claim) == TAKEN[act, state]


def test_the_refused_cells_are_all_the_others() -> None:
    assert len(ACTS) * len(STATES) == 70
    assert len(REFUSED) == 70 - len(TAKEN)


@pytest.mark.parametrize(("act", "state"), REFUSED, ids=str)
def test_an_action_that_the_state_does_not_take_is_refused_and_changes_nothing(
    acme: Seller, monkeypatch: pytest.MonkeyPatch, act: str, state: str
) -> None:
    claim = bring_to(state, acme)
    before: list[Any] = []
    refused_code = (
        "no_request_open" if (act, state) == ("confirm answer", "received") else "action_not_allowed"
    )
    prepared = Reply.objects.create

    def remember(**values: Any) -> Reply:
        made = prepared(**values)
        before.append(everything(claim))
        return made

    with monkeypatch.context() as patch:
        patch.setattr(Reply.objects, "create", remember)
        before.append(everything(claim))
        with pytest.raises(ActionRefused) as refused:
            ACTS[act](claim)
    assert refused.value.extra == {"state": state, "allowed_actions": ALLOWED[state]}
    assert refused.value.code == refused_code
    assert everything(claim) == before[-1]
    assert set(ReplyKind) == {"answer", "appeal", "appeal_information"}
