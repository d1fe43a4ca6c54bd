"""`notices/`: letters by JSON, by raw mail and by form, and placing those that no rule could.

A refused post is kept as it came; what a letter does is the services' affair.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiRequest, extend_schema
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role
from accounts.api.parsers import BoundedJSONParser
from accounts.errors import InvalidInput, TooLarge
from accounts.models import Seller
from accounts.roles import Role
from claims.api.base import PAGE, ClaimsViewSet, form_action
from claims.api.doors import MAILBOX, source_of
from claims.api.filters import NoticeFilter
from claims.api.parsers import MAIL, MailParser
from claims.api.serializers.notices_in import (
    MailSerializer,
    NoticeSerializer,
    ResolveSerializer,
    notice_fields,
)
from claims.api.serializers.notices_out import NoticeAnswerSerializer, prefill_of
from claims.models import Notice
from claims.selectors.claims import claims_visible_to
from claims.selectors.notices import notices_visible_to
from claims.services.mails import receive_mail
from claims.services.notices import keep_refused, receive_notice
from claims.services.triage import resolve_notice
from claims.tasks import nudge

SELLER_PARAMETER = OpenApiParameter("seller_id", str, description="Merchant token; a key may leave it out.")


class NoticeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ClaimsViewSet):
    """Letters from Amazon, as they came in. The form below takes one that you typed off Seller Central.

    Those with status `needs_person` wait for somebody who says where they belong: open one and choose resolve.
    """

    queryset = Notice.objects.none()
    shape = NoticeAnswerSerializer
    inputs: ClassVar = {"create": NoticeSerializer, "mail": MailSerializer, "resolve": ResolveSerializer}
    scopes: ClassVar = {
        "list": "claims:read",
        "retrieve": "claims:read",
        PAGE: "claims:read",
        "create": "notices:write",
        "mail": "notices:write",
        "resolve": "notices:write",
    }
    filterset_class = NoticeFilter
    ordering = "-received_at"

    def get_queryset(self) -> QuerySet[Notice]:
        return notices_visible_to(self.caller)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Reads the bytes before anything parses them: what came is kept as it came. Raises TooLarge."""
        if request.method == "POST":
            self.raw = _bytes_of(request)
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """A letter refused for what it says is kept too; it uses up no id."""
        response = super().handle_exception(exc)
        if response.status_code == 400 and self.action in ("create", "mail"):
            keep_refused(
                seller=self._sender(),
                raw=self.raw,
                media_type=self.request.content_type or "",
                errors=[dict(fault) for fault in (response.data or {}).get("errors", [])],
                actor=self.caller.actor,
                now=timezone.now(),
            )
        return response

    def _sender(self) -> Seller | None:
        integration = self.caller.integration
        return integration.seller if integration is not None else None

    def _answer(self, notice: Notice, status: int) -> Response:
        return self.shown(self.get_queryset().get(pk=notice.pk), status)

    @extend_schema(
        request=NoticeSerializer,
        responses={201: NoticeAnswerSerializer, 200: NoticeAnswerSerializer},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, description="In place of notice_id."
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Take a letter in: 201, or 200 with the first answer when it came before; other content is 409."""
        values = self.checked(request)
        seller: Seller = values["seller_id"]
        require_role(self.caller, seller.pk, Role.AGENT)
        received = receive_notice(
            seller=seller,
            source=source_of(self.caller),
            notice=notice_fields(values, notice_id=values["notice_id"]),
            raw=self.raw,
            media_type=request.content_type or "",
            actor=self.caller.actor,
            now=timezone.now(),
        )
        nudge()
        return self._answer(received.notice, 201 if received.created else 200)

    @extend_schema(
        request={
            MAIL: OpenApiRequest(OpenApiTypes.BINARY),
            "multipart/form-data": OpenApiRequest(MailSerializer),
        },
        responses={201: NoticeAnswerSerializer, 200: NoticeAnswerSerializer},
        parameters=[SELLER_PARAMETER],
    )
    @form_action(detail=False, parser_classes=[MailParser, MultiPartParser])
    def mail(self, request: Request) -> Response:
        """Take a mail in as it is. Programs post it as message/rfc822; the form takes a saved .eml file.

        Anything that looks like A-to-z and cannot be read waits for a person; other mail is kept as unrelated.
        """
        is_raw = (request.content_type or "").split(";")[0].strip().lower() == MAIL
        seller, raw = self._raw_mail(request) if is_raw else self._uploaded_mail(request)
        require_role(self.caller, seller.pk, Role.AGENT)
        if not raw.strip():
            raise InvalidInput.at("" if is_raw else "/file", "The mail is empty.", code="empty")
        if len(raw) > settings.NOTICE_MAX_BYTES:
            raise TooLarge(f"A mail may have at most {settings.NOTICE_MAX_BYTES:,} bytes.")
        received = receive_mail(
            seller=seller, source=MAILBOX, raw=raw, actor=self.caller.actor, now=timezone.now()
        )
        nudge()
        return self._answer(received.notice, 201 if received.created else 200)

    def _raw_mail(self, request: Request) -> tuple[Seller, bytes]:
        token = request.query_params.get("seller_id")
        body: Any = MailSerializer(context=self.get_serializer_context())
        field = body.fields["seller_id"]
        try:
            seller: Seller = field.run_validation(token) if token is not None else field.get_default()
        except ValidationError as refused:
            raise ValidationError({"seller_id": refused.detail}) from refused
        return seller, self.raw

    def _uploaded_mail(self, request: Request) -> tuple[Seller, bytes]:
        values = self.checked(request)
        return values["seller_id"], values["file"].read()

    @extend_schema(request=ResolveSerializer, responses=NoticeAnswerSerializer)
    @form_action(parser_classes=[BoundedJSONParser, FormParser, MultiPartParser])
    def resolve(self, request: Request, pk: str) -> Response:
        """Say where this letter belongs: to a claim, to what it says itself, or to no claim at all."""
        notice: Notice = self.get_object()
        values = self.checked(request)
        claim_id = values.get("claim_id")
        if claim_id and not claims_visible_to(self.caller).filter(pk=claim_id).exists():
            raise InvalidInput.at("/claim_id", f"There is no claim {claim_id}.", code="does_not_exist")
        letter = values.get("notice")
        resolved = resolve_notice(
            notice_id=notice.pk,
            claim_id=claim_id or None,
            fields=notice_fields(letter, notice_id=notice.notice_id) if letter else None,
            unrelated=values.get("unrelated") or None,
            actor=self.caller.actor,
            now=timezone.now(),
        )
        nudge()
        return self._answer(resolved, 200)

    def form_values(self) -> dict[str, Any]:
        if self.action == "resolve" and self.found is not None:
            return {"notice": prefill_of(self.found)}
        return {}


def _bytes_of(request: Request) -> bytes:
    try:
        body: bytes = request._request.body
    except RequestDataTooBig as refused:
        raise TooLarge from refused
    if len(body) > settings.NOTICE_MAX_BYTES + 64 * 1024:
        raise TooLarge(f"A letter may have at most {settings.NOTICE_MAX_BYTES:,} bytes.")
    return body
