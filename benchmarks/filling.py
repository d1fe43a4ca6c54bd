"""Fills a migrated, empty database with claims of one seller among others, by one statement a table.

Every part of the mix (states, overdue ones, reasons …) is a share of the whole, so that a filter finds as
large a part of the many claims as of the few. Some values are rare: sixty rows among few as among many.
Leaves measuring to `lists.py`.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import connection
from django.db.models import Model
from psycopg.types.json import Jsonb

from accounts.models import Membership, Seller, User
from benchmarks.cases import COMMON_TEXT, LEA, RARE_TEXT
from claims.models import Bundle, Claim, Deadline, Delivery, Notice, Reply, Warning
from shipping.models import Shipment

#: r numbers all claims from 1, newest last. Every second is ACME's; the others belong to two more sellers.
_SELLER = "(CASE WHEN r % 2 = 0 THEN 1 WHEN r % 4 = 1 THEN 2 ELSE 3 END)"
_K = "(r / 2)"
#: 0 to 99, spread evenly over the claims of each seller.
_P = f"(({_K} * 37) % 100)"
_OPENED = "(now() - interval '2 years' * ((%(all)s - r)::float / %(all)s))"
_STATE = f"""(CASE WHEN {_P} < 40 THEN 'closed' WHEN {_P} < 55 THEN 'decided' WHEN {_P} < 65 THEN 'under_review'
    WHEN {_P} < 85 THEN 'action_required' WHEN {_P} < 90 THEN 'received'
    WHEN {_P} < 95 THEN 'appeal_action_required' ELSE 'appeal_under_review' END)"""
_ANSWER_OWED = f"({_P} BETWEEN 65 AND 84 OR {_P} BETWEEN 90 AND 94)"
_APPEAL_OPEN = f"({_P} BETWEEN 47 AND 54)"
_OVERDUE = f"({_P} BETWEEN 65 AND 70)"
#: Different for every claim, within 46 hours.
_SPREAD = f"(interval '46 hours' * (({_K} * 7919) % 10007) / 10007.0)"
_TARGET = f"""(CASE WHEN {_OVERDUE} THEN now() - interval '1 minute' - {_SPREAD}
    WHEN {_ANSWER_OWED} THEN now() + interval '5 minutes' + {_SPREAD}
    WHEN {_APPEAL_OPEN} THEN now() + interval '3 days' + {_SPREAD} * 10 END)"""
_DUE = f"({_TARGET} + CASE WHEN {_OVERDUE} THEN interval '0' ELSE interval '1 day' END)"
_PREPARE = f"(CASE WHEN {_P} BETWEEN 85 AND 89 THEN now() + {_SPREAD} - interval '10 hours' END)"
#: As few among many: sixty of ACME's.
_SIXTY = f"(r % 2 = 0 AND {_K} % (%(all)s / 2 / 60) = 0)"
_ORDER = """(lpad((100 + r % 900)::text, 3, '0') || '-' || lpad(((r * 7919::bigint + 1234567) % 10000000)::text, 7, '0')
    || '-' || lpad(((r * 104729::bigint) % 10000000)::text, 7, '0'))"""
_MARKETPLACE = f"""(CASE WHEN {_SIXTY} THEN 'A39IBJ37TRP1C6' WHEN {_K} % 10 = 0 THEN 'A1VC38T7YXB528'
    WHEN {_K} % 10 < 3 THEN 'A13V1IB3VIYZZH' WHEN {_K} % 10 = 3 THEN 'A1F83G8C2ARO7P' ELSE 'A1PA6795UKMFR9' END)"""
_COMMENT = f"""(CASE WHEN r IN (SELECT 2 * g * (%(all)s / 2 / 20) FROM generate_series(1, 20) g)
         THEN 'The {RARE_TEXT} came without its saddle.'
    WHEN {_K} % 10 < 3 THEN 'The parcel {COMMON_TEXT}, I have asked every neighbour. ' || md5(r::text)
    WHEN {_K} % 10 < 6 THEN 'Tracking says delivered, but nobody rang. ' || md5(r::text) ELSE '' END)"""  # noqa: S608

ALICE, OMAR = 1, 3

_EVERY_CLAIM: dict[str, str] = {"id": "r", "claim_id": "r", "seller_id": _SELLER, "created_at": _OPENED}

_TABLES: list[tuple[type[Model], dict[str, str]]] = [
    (
        Claim,
        {
            **_EVERY_CLAIM, "marketplace_id": _MARKETPLACE, "order_id": _ORDER, "state": _STATE,
            "amazon_claim_id": "CASE WHEN r % 3 = 0 THEN 'AZ-' || md5((r * 31)::text) ELSE '' END",
            "reason": f"CASE WHEN {_SIXTY} THEN 'extra_charge' ELSE "
            f"(ARRAY['not_received', 'delivered_not_received', 'late', 'not_as_described'])[1 + {_K} % 4] END",
            "buyer_comment": _COMMENT, "currency": "'EUR'",
            "amount": f"CASE WHEN {_K} % 20 > 0 THEN (({_K} * 7919) % 50021) / 100.0 END",
            "assignee_id": f"CASE WHEN {_SIXTY} THEN {ALICE} WHEN {_K} % 5 < 2 THEN {LEA} END",
            "respond_by": _DUE, "target_by": _TARGET, "prepare_by": _PREPARE,
            "deadline_basis": f"CASE WHEN {_TARGET} IS NULL THEN '' ELSE 'policy' END",
            "missing": "ARRAY['signature']", "opened_at": _OPENED, "updated_at": _OPENED,
        },
    ),
    (
        Notice,
        {
            **_EVERY_CLAIM, "source": "'integration:1'", "notice_id": "'N-' || r", "content_hash": "md5(r::text)",
            "media_type": "'application/json'", "raw": "'{}'::bytea", "received_at": _OPENED,
            "received_from": "'amz'", "status": f"CASE WHEN {_P} < 6 THEN 'needs_person' ELSE 'processed' END",
            "kind": "'information_requested'", "marketplace_id": _MARKETPLACE, "order_id": _ORDER,
            "noticed_at": _OPENED,
        },
    ),
    (
        Deadline,
        {
            **_EVERY_CLAIM, "notice_id": "r", "noticed_at": _OPENED, "started_at": _OPENED, "basis": "'policy'",
            "kind": f"CASE WHEN {_APPEAL_OPEN} THEN 'appeal' WHEN {_P} BETWEEN 85 AND 89 THEN 'preparation' "
            f"WHEN {_P} BETWEEN 90 AND 94 THEN 'appeal_information' ELSE 'response' END",
            "due_at": f"coalesce({_DUE}, {_PREPARE}, {_OPENED} + interval '2 days')",
            "target_at": f"coalesce({_TARGET}, {_PREPARE}, {_OPENED} + interval '2 days')",
            "status": f"CASE WHEN {_OVERDUE} THEN 'missed' WHEN {_TARGET} IS NOT NULL OR {_PREPARE} IS NOT NULL "
            f"THEN 'open' WHEN {_P} < 6 THEN 'cancelled' ELSE 'met' END",
            "settled": f"{_TARGET} IS NULL AND {_PREPARE} IS NULL",
        },
    ),
    (
        Warning,
        {
            **_EVERY_CLAIM, "deadline_id": "r", "stage_at": _OPENED,
            "stage": f"CASE WHEN {_SIXTY} THEN 'missed' ELSE (ARRAY['at_once', '24h', '12h', '4h'])[1 + {_K} % 4] END",
            "audience": "ARRAY['assignee']",
            "status": f"CASE WHEN {_SIXTY} THEN 'failed' WHEN {_P} < 30 THEN 'superseded' ELSE 'sent' END",
        },
    ),
    (
        Delivery,
        {
            "id": "r", "warning_id": "r", "created_at": _OPENED, "channel": "'email'", "status": "'sent'",
            "recipient": "'lea@example.com'", "message_id": "'w-' || r",
            "user_id": f"CASE WHEN {_SIXTY} THEN {ALICE} ELSE {LEA} END",
        },
    ),
    (
        Bundle,
        {
            **_EVERY_CLAIM, "version": "1", "status": "'ready'", "inputs_sha256": "md5(r::text)",
            "policy_version": "'1'",
        },
    ),
    (
        Reply,
        {
            **_EVERY_CLAIM, "kind": "'answer'", "updated_at": _OPENED, "text": "'Dear Amazon team'",
            "status": f"CASE WHEN {_ANSWER_OWED} THEN 'draft' ELSE 'void' END",
        },
    ),
    (
        Shipment,
        {
            **_EVERY_CLAIM, "order_id": _ORDER, "marketplace_id": _MARKETPLACE, "carrier": "'dhl'",
            "tracking_number": "lpad(((r * 15485863::bigint) % 100000000000)::text, 20, '0')",
            "status": f"CASE WHEN {_SIXTY} THEN 'exception' WHEN {_P} < 80 THEN 'delivered' "
            f"WHEN {_P} < 94 THEN 'in_transit' ELSE 'unknown' END",
            "updated_at": _OPENED,
        },
    ),
]  # fmt: skip


def fill(claims_of_acme: int) -> None:
    """Three sellers, three people, and `claims_of_acme` claims of ACME (pk 1) among as many of the others."""
    _people()
    for model, columns in _TABLES:
        late = [
            index for index in model._meta.indexes if isinstance(index, GinIndex)
        ]  # slow to fill row by row
        with connection.schema_editor() as editor:
            for index in late:
                editor.remove_index(model, index)
        insert(model, columns, 2 * claims_of_acme)
        with connection.schema_editor() as editor:
            for index in late:
                editor.add_index(model, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def known_claim(claims_of_acme: int) -> Claim:
    """One of ACME's, from the middle."""
    return Claim.objects.get(pk=2 * (claims_of_acme // 2))


def known_number(claims_of_acme: int) -> str:
    """The tracking number of that claim's order."""
    return str(Shipment.objects.get(pk=2 * (claims_of_acme // 2)).tracking_number)


def _people() -> None:
    """alice and lea work for ACME, omar for all three sellers."""
    sellers = [Seller(pk=pk, merchant_token=f"A{pk}SELLER", name=f"Seller {pk}") for pk in (1, 2, 3)]
    Seller.objects.bulk_create(sellers)
    names = {ALICE: "alice", LEA: "lea", OMAR: "omar"}
    User.objects.bulk_create(User(pk=pk, username=n, email=f"{n}@example.com") for pk, n in names.items())
    roles = [(ALICE, 1, "agent"), (LEA, 1, "lead"), *((OMAR, seller, "lead") for seller in (1, 2, 3))]
    Membership.objects.bulk_create(Membership(user_id=u, seller_id=s, role=r) for u, s, r in roles)


def insert(model: type[Model], columns: dict[str, str], all_claims: int) -> None:
    """One row for each r; a column that is not named gets its field's default."""
    names, values = [], []
    parameters: dict[str, Any] = {"all": all_claims}
    for field in model._meta.local_concrete_fields:
        column = str(field.column)
        given = columns.get(column)
        names.append(f'"{column}"')
        if given is None and not field.null:
            default = field.get_default()
            parameters[column] = Jsonb(default) if isinstance(default, dict | list) else default
            if field.get_internal_type() == "ArrayField":
                parameters[column] = default
            given = f"%({column})s"
        values.append((given or "NULL").replace(" % ", " %% "))
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "  # noqa: S608 - our own words only
        f"SELECT {', '.join(values)} FROM generate_series(1, %(all)s) r"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
