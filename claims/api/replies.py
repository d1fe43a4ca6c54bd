"""`replies/`: reading, editing, approving and confirming what is said to Amazon."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import InvalidInput, TooLarge
from accounts.roles import Role
from claims.api.base import PAGE, ClaimsViewSet, form_action
from claims.api.revisions import NamedRevision, etag_of, named_revision
from claims.api.serializers.replies import (
    ApproveSerializer,
    ConfirmSubmissionSerializer,
    EditReplySerializer,
    ReplySerializer,
    RetractSubmissionSerializer,
)
from claims.models import Reply
from claims.selectors.evidence import replies_visible_to
from claims.services.replies import approve_reply, edit_reply
from claims.services.submissions import confirm_submission, retract_submission
from claims.tasks import nudge

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The revision you read, such as "3"; else `revision`.',
)


def upload_of(file: Any, *, pointer: str) -> tuple[str, bytes]:
    """Name and bytes of an uploaded file. Raises TooLarge, InvalidInput."""
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(f"The file has {file.size:,} bytes; at most {settings.UPLOAD_MAX_BYTES:,} are taken.")
    content: bytes = file.read()
    if not content:
        raise InvalidInput.at(pointer, "The file is empty.", code="empty_file")
    return str(file.name), content


class ReplyViewSet(mixins.RetrieveModelMixin, ClaimsViewSet):
    """A text for Amazon: checked and approved here, pasted into Seller Central by you, then confirmed here."""

    queryset = Reply.objects.none()
    shape = ReplySerializer
    inputs: ClassVar = {
        "partial_update": EditReplySerializer,
        "approve": ApproveSerializer,
        "confirm_submission": ConfirmSubmissionSerializer,
        "retract_submission": RetractSubmissionSerializer,
    }
    scopes: ClassVar = {
        "retrieve": "claims:read",
        PAGE: "claims:read",
        "partial_update": "replies:write",
        "approve": "replies:write",
        "confirm_submission": "replies:write",
    }
    people_only: ClassVar = frozenset({"retract_submission"})
    roles: ClassVar = {"retract_submission": Role.LEAD}

    def get_queryset(self) -> QuerySet[Reply]:
        return replies_visible_to(self.caller)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().retrieve(request, *args, **kwargs)
        response["ETag"] = etag_of(self.found.revision)
        return response

    def _again(self, reply: Reply) -> Response:
        nudge()
        again = self.get_queryset().get(pk=reply.pk)
        response = self.shown(again)
        response["ETag"] = etag_of(again.revision)
        return response

    def _named(self, values: dict[str, Any]) -> NamedRevision:
        return named_revision(self.request, values.pop("revision", None))

    @extend_schema(request=EditReplySerializer, responses=ReplySerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change text or language. An approved reply becomes a draft again."""
        reply: Reply = self.get_object()
        values = self.checked(request, partial=True)
        with self._named(values).checked() as revision:
            edit_reply(
                reply_id=reply.pk,
                revision=revision,
                text=values.get("text"),
                language=values.get("language"),
                actor=self.caller.actor,
                now=timezone.now(),
            )
        return self._again(reply)

    @extend_schema(request=ApproveSerializer, responses=ReplySerializer, parameters=[IF_MATCH])
    @form_action()
    def approve(self, request: Request, pk: str) -> Response:
        """Approve this text. Only its length and forbidden content can stop it."""
        reply: Reply = self.get_object()
        values = self.checked(request)
        with self._named(values).checked() as revision:
            approve_reply(reply_id=reply.pk, revision=revision, actor=self.caller.actor, now=timezone.now())
        return self._again(reply)

    @extend_schema(request=ConfirmSubmissionSerializer, responses=ReplySerializer, parameters=[IF_MATCH])
    @form_action()
    def confirm_submission(self, request: Request, pk: str) -> Response:
        """Confirm that you pasted the approved text into Seller Central and submitted it. It is frozen then."""
        reply: Reply = self.get_object()
        values = self.checked(request)
        shot = values.get("screenshot")
        with self._named(values).checked() as revision:
            confirm_submission(
                reply_id=reply.pk,
                revision=revision,
                submitted_at=values.get("submitted_at"),
                pasted_text=values.get("pasted_text") or None,
                screenshot=upload_of(shot, pointer="/screenshot") if shot is not None else None,
                actor=self.caller.actor,
                now=timezone.now(),
            )
        return self._again(reply)

    @extend_schema(request=RetractSubmissionSerializer, responses=ReplySerializer, parameters=[IF_MATCH])
    @form_action()
    def retract_submission(self, request: Request, pk: str) -> Response:
        """Take back a confirmation that was wrong (lead, owner). What was frozen stays, marked; clocks run again."""
        reply: Reply = self.get_object()
        values = self.checked(request)
        names_one = "revision" in values or "If-Match" in request.headers
        named = self._named(values) if names_one else NamedRevision(reply.revision, by_header=False)
        with named.checked() as revision:
            retract_submission(
                reply_id=reply.pk,
                revision=revision if names_one else None,
                reason=values["reason"],
                actor=self.caller.actor,
                now=timezone.now(),
            )
        return self._again(reply)
