"""The files of a bundle: what people handed in, and the proofs that stand inside carriers' answers."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from claims.bundle.content import EvidenceFile
from claims.evidence.case import Case
from claims.evidence.parcels import carried_proofs
from shipping.services.documents import document_of_shipment

#: What a reader can be shown. A carrier's page of HTML stays in its answer, which the archive holds as it came.
_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})


def original_files(case: Case) -> tuple[EvidenceFile, ...]:
    """Each file once, in the order in which it came; the same content handed in and carried is the one handed in."""
    return (*_handed_in(case), *_carried(case))


def _handed_in(case: Case) -> Iterator[EvidenceFile]:
    for item in case.evidence:
        with default_storage.open(str(item.file.name)) as file:
            content = file.read()
        yield EvidenceFile(
            name=item.name,
            kind=item.kind,
            media_type=item.media_type,
            content=content,
            source=item.source,
            observed_at=item.observed_at,
            note=item.note,
        )


def _carried(case: Case) -> Iterator[EvidenceFile]:
    known = {item.sha256 for item in case.evidence}
    for shipment, row in carried_proofs(case):
        if row["sha256"] in known or row["media_type"] not in _SHOWN:
            continue
        known.add(row["sha256"])
        document = document_of_shipment(shipment=shipment, sha256=row["sha256"])
        if document is not None:
            yield EvidenceFile(
                name=f"{row['kind']}-{shipment.tracking_number}",
                kind=row["kind"],
                media_type=document.media_type,
                content=document.content,
                source=document.provider,
                observed_at=document.fetched_at,
                note=f"Cut out of the answer of {document.provider} as it came.",
            )
