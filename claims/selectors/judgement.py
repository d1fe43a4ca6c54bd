"""From rows to a judgement: what a claim's own row, its parcels and what was handed in amount to."""

from collections.abc import Iterable, Sequence

from claims.judgement.grounds import Grounds, HandedIn
from claims.judgement.judging import Judgement, judge
from claims.models import Claim, EvidenceItem
from shipping.models import Shipment


def judged(claim: Claim, shipments: Sequence[Shipment], evidence: Iterable[EvidenceItem]) -> Judgement:
    """No query where the shipments' history is loaded."""
    return judge(
        Grounds(
            reason=claim.reason,
            marketplace_id=claim.marketplace_id,
            opened_at=claim.opened_at,
            decision=claim.decision,
            shipments=shipments,
            handed_in=[HandedIn(item.kind, item.name, item.observed_at) for item in evidence],
        )
    )
