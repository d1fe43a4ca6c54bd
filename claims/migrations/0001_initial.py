import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="EngineHeartbeat",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("last_sweep_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marketplace_id", models.CharField(max_length=32)),
                ("order_id", models.CharField(max_length=19)),
                ("amazon_claim_id", models.CharField(blank=True, max_length=64)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_received", "Not received"),
                            ("delivered_not_received", "Tracking says delivered, buyer says not"),
                            ("late", "Received late"),
                            ("not_as_described", "Not as described, damaged or wrong"),
                            ("return_not_refunded", "Returned, not refunded"),
                            ("return_refused", "Return refused or impossible"),
                            ("extra_charge", "Extra charge (customs and the like)"),
                            ("cancelled", "Order cancelled"),
                            ("other", "Other"),
                        ],
                        max_length=32,
                    ),
                ),
                ("reason_label", models.CharField(blank=True, max_length=500)),
                ("buyer_comment", models.TextField(blank=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("ship_to", models.JSONField(blank=True, default=dict)),
                ("request_text", models.TextField(blank=True)),
                (
                    "requested",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), blank=True, default=list, size=None
                    ),
                ),
                ("stated_window", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received: prepare"),
                            ("action_required", "Action required"),
                            ("under_review", "Under review"),
                            ("decided", "Decided"),
                            ("appeal_under_review", "Appeal under review"),
                            ("appeal_action_required", "Appeal: action required"),
                            ("closed", "Closed"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("denied", "Denied: the seller keeps the money"),
                            ("granted", "Granted to the buyer"),
                            ("withdrawn", "Withdrawn by the buyer"),
                            ("refunded_by_seller", "Refunded by the seller"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "funded_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("amazon", "Amazon"),
                            ("seller", "Seller"),
                            ("none", "Nobody"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "counts_in_odr",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
                        max_length=16,
                    ),
                ),
                (
                    "debited_amount",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
                ),
                (
                    "loss_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_answer_in_time", "No answer in time"),
                            ("no_valid_tracking", "No valid tracking"),
                            ("no_signature", "Delivered without signature"),
                            ("delivered_elsewhere", "Proof names another place"),
                            ("delivered_after_claim", "Delivered after the claim"),
                            ("shipped_late", "Shipped after the ship-by date"),
                            ("return_not_offered", "No valid return offered"),
                            ("refund_not_issued", "Refund not issued in time"),
                            ("not_as_described", "Item not as described"),
                            ("buyer_not_answered", "Buyer's message not answered in time"),
                            ("recorded_unanswered", "Answered, but recorded as not answered"),
                            ("unstated", "Amazon gave no reason"),
                            ("other", "Other"),
                        ],
                        max_length=32,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reopened", models.BooleanField(default=False)),
                ("unheard", models.BooleanField(default=False)),
                ("fought", models.BooleanField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("respond_by", models.DateTimeField(blank=True, null=True)),
                ("target_by", models.DateTimeField(blank=True, null=True)),
                ("prepare_by", models.DateTimeField(blank=True, null=True)),
                ("deadline_basis", models.CharField(blank=True, max_length=16)),
                ("close_at", models.DateTimeField(blank=True, null=True)),
                ("checklist", models.JSONField(blank=True, default=list)),
                ("checklist_satisfied", models.BooleanField(default=False)),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), blank=True, default=list, size=None
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="A to F; empty: no grade, or not judged yet.",
                        max_length=1,
                    ),
                ),
                (
                    "number_misfit",
                    models.BooleanField(
                        default=False,
                        help_text="A tracking number that its carrier does not have, and that can be repaired.",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "order_id"], name="claim_order"),
                    models.Index(
                        models.F("seller"),
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce("target_by", "prepare_by"),
                            nulls_last=True,
                        ),
                        models.F("id"),
                        name="claim_queue",
                    ),
                    models.Index(fields=["seller", "target_by", "id"], name="claim_target"),
                    models.Index(fields=["seller", "opened_at", "id"], name="claim_opened"),
                    models.Index(fields=["seller", "amount", "id"], name="claim_amount"),
                    models.Index(
                        models.F("seller"),
                        models.F("state"),
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce("target_by", "prepare_by"),
                            nulls_last=True,
                        ),
                        models.F("id"),
                        name="claim_state_queue",
                    ),
                    models.Index(fields=["seller", "marketplace_id"], name="claim_marketplace"),
                    models.Index(fields=["seller", "reason"], name="claim_reason"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            django.db.models.functions.text.Replace(
                                "order_id", models.Value("-"), models.Value(" ")
                            ),
                            django.db.models.functions.text.Replace(
                                "amazon_claim_id", models.Value("-"), models.Value(" ")
                            ),
                            "buyer_comment",
                            config="simple",
                        ),
                        name="claim_words",
                    ),
                    models.Index(
                        condition=models.Q(("close_at__isnull", False)),
                        fields=["close_at"],
                        name="claim_to_close",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("seller"),
                        models.F("marketplace_id"),
                        models.F("amazon_claim_id"),
                        condition=models.Q(("amazon_claim_id", ""), _negated=True),
                        name="claim_amazon_id_once",
                    ),
                    models.UniqueConstraint(
                        models.F("seller"),
                        models.F("marketplace_id"),
                        models.F("order_id"),
                        condition=models.Q(("amazon_claim_id", "")),
                        name="claim_order_once_without_amazon_id",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "action_required",
                                    "appeal_action_required",
                                    "appeal_under_review",
                                    "closed",
                                    "decided",
                                    "received",
                                    "under_review",
                                ],
                            )
                        ),
                        name="claim_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("strength__in", ["", "A", "B", "C", "D", "E", "F"])),
                        name="claim_strength_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="claim_amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("building", "Building"), ("ready", "Ready"), ("failed", "Failed")],
                        default="building",
                        max_length=16,
                    ),
                ),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("zip_sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("partial", models.BooleanField(default=False)),
                ("missing", models.JSONField(blank=True, default=list)),
                ("items", models.JSONField(blank=True, default=list)),
                ("policy_version", models.CharField(max_length=32)),
                ("pdf", models.FileField(blank=True, max_length=255, upload_to="")),
                ("zip", models.FileField(blank=True, max_length=255, upload_to="")),
                ("last_error", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to="claims.claim"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"), models.F("version"), name="bundle_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dispatch", "Dispatch"),
                            ("tracking", "Tracking"),
                            ("proof_of_delivery", "Carrier's proof of delivery"),
                            ("signature", "Signature"),
                            ("delivery_photo", "Delivery photo"),
                            ("delivery_address", "Buyer's delivery address"),
                            ("carrier_details", "Carrier details"),
                            ("correspondence", "Correspondence with the buyer"),
                            ("buyer_acknowledgement", "Buyer acknowledges receipt or satisfaction"),
                            ("return_address", "Domestic return address"),
                            ("return_label", "Return label"),
                            ("return_offer", "Return offer"),
                            ("return_refusal_reason", "Why the return was refused"),
                            ("return_tracking", "Return tracking"),
                            ("refund", "Refund"),
                            ("buy_shipping_label", "Buy Shipping label"),
                            ("listing", "Listing"),
                            ("product_photo", "Product photo"),
                            ("invoice", "Invoice"),
                            ("submission_screenshot", "Screenshot of the submission"),
                            ("other", "Other"),
                        ],
                        max_length=32,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(max_length=255, upload_to="")),
                ("source", models.CharField(max_length=255)),
                ("observed_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="claims.claim",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"),
                        models.F("kind"),
                        models.F("sha256"),
                        name="evidence_once_per_content",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("collector", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dispatch", "Dispatch"),
                            ("tracking", "Tracking"),
                            ("proof_of_delivery", "Carrier's proof of delivery"),
                            ("signature", "Signature"),
                            ("delivery_photo", "Delivery photo"),
                            ("delivery_address", "Buyer's delivery address"),
                            ("carrier_details", "Carrier details"),
                            ("correspondence", "Correspondence with the buyer"),
                            ("buyer_acknowledgement", "Buyer acknowledges receipt or satisfaction"),
                            ("return_address", "Domestic return address"),
                            ("return_label", "Return label"),
                            ("return_offer", "Return offer"),
                            ("return_refusal_reason", "Why the return was refused"),
                            ("return_tracking", "Return tracking"),
                            ("refund", "Refund"),
                            ("buy_shipping_label", "Buy Shipping label"),
                            ("listing", "Listing"),
                            ("product_photo", "Product photo"),
                            ("invoice", "Invoice"),
                            ("submission_screenshot", "Screenshot of the submission"),
                            ("other", "Other"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("found", "Found"), ("absent", "Absent"), ("failed", "Failed")],
                        max_length=16,
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("reason", models.TextField(blank=True)),
                ("retryable", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=255)),
                ("observed_at", models.DateTimeField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("collected_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="claims.claim",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"), models.F("collector"), models.F("kind"), name="finding_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collect_evidence", "Collect evidence"),
                            ("assemble_bundle", "Assemble bundle"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("again", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("run_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bundle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.bundle",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="jobs", to="claims.claim"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=["run_at"],
                        name="job_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"),
                        models.F("kind"),
                        condition=models.Q(("status__in", ["queued", "running"])),
                        name="job_one_open_per_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LadderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "response"),
                            ("appeal", "appeal"),
                            ("appeal_information", "appeal information"),
                            ("preparation", "preparation"),
                            ("triage", "triage"),
                        ],
                        max_length=32,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("stage", models.CharField(max_length=16)),
                ("before", models.DurationField(blank=True, null=True)),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=None
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        help_text="Kinds of channel; empty: all.",
                        size=None,
                    ),
                ),
                ("repeats", models.BooleanField(default=False)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ladder_steps",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("seller"), models.F("kind"), models.F("stage"), name="ladder_stage_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=64)),
                ("notice_id", models.CharField(max_length=255)),
                ("content_hash", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=100)),
                ("raw", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("received_from", models.CharField(max_length=255)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("processed", "Processed"),
                            ("needs_person", "Needs a person"),
                            ("conflict", "Conflict: same id, other content"),
                            ("unrelated", "Unrelated"),
                            ("resolved", "Resolved by a person"),
                        ],
                        max_length=16,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("claim_received", "Claim received (no answer asked yet)"),
                            ("information_requested", "Information requested: answer now"),
                            ("claim_decided", "Claim decided"),
                            ("claim_withdrawn", "Claim withdrawn by the buyer"),
                            ("appeal_information_requested", "Information requested in an appeal"),
                            ("appeal_decided", "Appeal decided"),
                        ],
                        max_length=32,
                    ),
                ),
                ("marketplace_id", models.CharField(blank=True, max_length=32)),
                ("marketplace_inferred", models.BooleanField(default=False)),
                ("order_id", models.CharField(blank=True, max_length=19)),
                ("amazon_claim_id", models.CharField(blank=True, max_length=64)),
                ("noticed_at", models.DateTimeField(blank=True, null=True)),
                ("noticed_at_basis", models.CharField(blank=True, max_length=32)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("text", models.TextField(blank=True)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_by", models.CharField(blank=True, max_length=255)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="claims.claim",
                    ),
                ),
                (
                    "conflicts_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="claims.notice",
                    ),
                ),
                (
                    "same_letter_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="claims.notice",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "-received_at", "-id"], name="notice_received"),
                    models.Index(fields=["seller", "order_id"], name="notice_order"),
                    models.Index(fields=["seller", "status", "-received_at", "-id"], name="notice_status"),
                    models.Index(fields=["claim", "kind", "noticed_at"], name="notice_same_letter"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("seller"),
                        models.F("source"),
                        models.F("notice_id"),
                        condition=models.Q(("status", "conflict"), _negated=True),
                        name="notice_id_once",
                    ),
                    models.UniqueConstraint(
                        models.F("seller"),
                        models.F("source"),
                        models.F("notice_id"),
                        models.F("content_hash"),
                        condition=models.Q(("status", "conflict")),
                        name="notice_conflict_once_per_content",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=48)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_label", models.CharField(max_length=255)),
                ("integration_id", models.BigIntegerField(blank=True, null=True)),
                ("facts", models.JSONField(blank=True, default=dict)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="claims.claim",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.seller"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="claims.notice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["claim", "id"], name="event_of_claim")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("denied", "Denied: the seller keeps the money"),
                            ("granted", "Granted to the buyer"),
                            ("withdrawn", "Withdrawn by the buyer"),
                            ("refunded_by_seller", "Refunded by the seller"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "funded_by",
                    models.CharField(
                        choices=[
                            ("amazon", "Amazon"),
                            ("seller", "Seller"),
                            ("none", "Nobody"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                (
                    "counts_in_odr",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Unknown")],
                        default="unknown",
                        max_length=16,
                    ),
                ),
                (
                    "debited_amount",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "loss_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_answer_in_time", "No answer in time"),
                            ("no_valid_tracking", "No valid tracking"),
                            ("no_signature", "Delivered without signature"),
                            ("delivered_elsewhere", "Proof names another place"),
                            ("delivered_after_claim", "Delivered after the claim"),
                            ("shipped_late", "Shipped after the ship-by date"),
                            ("return_not_offered", "No valid return offered"),
                            ("refund_not_issued", "Refund not issued in time"),
                            ("not_as_described", "Item not as described"),
                            ("buyer_not_answered", "Buyer's message not answered in time"),
                            ("recorded_unanswered", "Answered, but recorded as not answered"),
                            ("unstated", "Amazon gave no reason"),
                            ("other", "Other"),
                        ],
                        max_length=32,
                    ),
                ),
                ("decision_text", models.TextField(blank=True)),
                ("of_appeal", models.BooleanField(default=False)),
                ("decided_at", models.DateTimeField()),
                ("current", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=255)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="claims.claim",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.notice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"), condition=models.Q(("current", True)), name="decision_one_current"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("received_from", models.CharField(max_length=255)),
                ("media_type", models.CharField(max_length=100)),
                ("raw", models.BinaryField()),
                ("errors", models.JSONField(default=list)),
                (
                    "seller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["seller", "-received_at"], name="attempt_received")],
            },
        ),
        migrations.CreateModel(
            name="PolicyWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marketplace_id", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "response"),
                            ("appeal", "appeal"),
                            ("appeal_information", "appeal information"),
                            ("preparation", "preparation"),
                            ("triage", "triage"),
                        ],
                        max_length=32,
                    ),
                ),
                ("hours", models.PositiveIntegerField(blank=True, null=True)),
                ("calendar_days", models.PositiveIntegerField(blank=True, null=True)),
                ("effective_from", models.DateField()),
                ("source", models.TextField()),
                ("source_date", models.DateField(blank=True, null=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "seller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policies",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("calendar_days__gt", 0), ("hours__isnull", True)),
                            models.Q(("calendar_days__isnull", True), ("hours__gt", 0)),
                            _connector="OR",
                        ),
                        name="policy_hours_or_days",
                    ),
                    models.UniqueConstraint(
                        models.F("seller"),
                        models.F("marketplace_id"),
                        models.F("kind"),
                        models.F("effective_from"),
                        models.F("hours"),
                        models.F("calendar_days"),
                        name="policy_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answer", "Answer to Amazon's request"),
                            ("appeal", "Appeal"),
                            ("appeal_information", "Answer in an appeal"),
                        ],
                        max_length=32,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                ("text", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("submitted", "Submitted"),
                            ("void", "Void"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("stale_bundle", models.BooleanField(default=False)),
                ("edited", models.BooleanField(default=False)),
                ("author", models.CharField(blank=True, max_length=64)),
                ("made_outside", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=255)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=255)),
                ("late", models.BooleanField(default=False)),
                ("text_sha256", models.CharField(blank=True, max_length=64)),
                ("frozen", models.JSONField(blank=True, default=dict)),
                ("pasted_text", models.TextField(blank=True)),
                ("pasted_differs", models.BooleanField(blank=True, null=True)),
                ("retracted_at", models.DateTimeField(blank=True, null=True)),
                ("retracted_by", models.CharField(blank=True, max_length=255)),
                ("retract_reason", models.TextField(blank=True)),
                (
                    "approved_by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.bundle",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="claims.claim"
                    ),
                ),
                (
                    "screenshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.evidenceitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("claim"),
                        models.F("kind"),
                        condition=models.Q(("status__in", ["draft", "approved"])),
                        name="reply_one_open_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "submitted"), _negated=True),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("submitted_at__isnull", False),
                                models.Q(("text_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reply_submitted_is_frozen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "response"),
                            ("appeal", "appeal"),
                            ("appeal_information", "appeal information"),
                            ("preparation", "preparation"),
                            ("triage", "triage"),
                        ],
                        max_length=32,
                    ),
                ),
                ("noticed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("target_at", models.DateTimeField()),
                ("stated", models.TextField(blank=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("stated_date", "stated_date"),
                            ("stated_window", "stated_window"),
                            ("policy", "policy"),
                            ("default_48h", "default_48h"),
                            ("internal", "internal"),
                            ("set_by_agent", "set_by_agent"),
                        ],
                        max_length=16,
                    ),
                ),
                ("basis_source", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("previous_due_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("settled", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.TextField(blank=True)),
                ("next_warn_at", models.DateTimeField(blank=True, null=True)),
                ("assembled_version", models.PositiveIntegerField(default=0)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="claims.claim",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.seller",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="claims.notice",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="claims.reply",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_warn_at__isnull", False)),
                        fields=["next_warn_at"],
                        name="deadline_next_warn",
                    ),
                    models.Index(fields=["claim", "settled"], name="deadline_of_claim"),
                    models.Index(
                        condition=models.Q(("answered_by__isnull", False)),
                        fields=["answered_by"],
                        name="deadline_answered_by",
                    ),
                    models.Index(fields=["seller", "due_at", "id"], name="deadline_due"),
                    models.Index(
                        condition=models.Q(("settled", False)),
                        fields=["seller", "due_at", "id"],
                        name="deadline_unsettled_due",
                    ),
                    models.Index(fields=["seller", "status", "due_at", "id"], name="deadline_status_due"),
                    models.Index(fields=["seller", "kind", "due_at", "id"], name="deadline_kind_due"),
                    models.Index(
                        condition=models.Q(("settled", False)),
                        fields=["seller", "target_at", "id"],
                        name="deadline_unsettled",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claim__isnull", False), ("notice__isnull", False), _connector="OR"
                        ),
                        name="deadline_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "open"), _negated=True), ("settled", False), _connector="OR"
                        ),
                        name="deadline_open_is_not_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled", False), ("next_warn_at__isnull", True), _connector="OR"
                        ),
                        name="deadline_settled_is_quiet",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline_version", models.PositiveIntegerField(default=1)),
                ("stage", models.CharField(max_length=16)),
                ("stage_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("superseded", "Superseded by a more urgent one"),
                            ("void", "Void: moved or answered first"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), default=list, size=None
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        help_text="Kinds of channel; empty: all.",
                        size=None,
                    ),
                ),
                (
                    "held_until",
                    models.DateTimeField(
                        blank=True, help_text="Everyone who hears it has quiet hours until then.", null=True
                    ),
                ),
                ("repeats", models.BooleanField(default=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0)),
                ("next_round_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="claims.claim",
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to="claims.deadline",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_round_at__isnull", False)),
                        fields=["next_round_at"],
                        name="warning_next_round",
                    ),
                    models.Index(fields=["seller", "-created_at", "-id"], name="warning_created"),
                    models.Index(fields=["seller", "stage", "-created_at", "-id"], name="warning_stage"),
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "failed"])),
                        fields=["stage_at"],
                        name="warning_unsent",
                    ),
                    models.Index(fields=["claim", "id"], name="warning_of_claim"),
                    models.Index(
                        condition=models.Q(("acknowledged_by__isnull", False)),
                        fields=["acknowledged_by"],
                        name="warning_acknowledged_by",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("deadline"),
                        models.F("deadline_version"),
                        models.F("stage"),
                        name="warning_once_per_stage",
                    ),
                    models.UniqueConstraint(
                        models.F("claim"),
                        models.F("stage"),
                        models.F("stage_at"),
                        condition=models.Q(("deadline__isnull", True)),
                        name="warning_once_no_clock",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient", models.CharField(max_length=320)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("in_app", "In the app"),
                            ("webhook", "Signed webhook"),
                            ("apprise", "Chat, SMS or push"),
                        ],
                        max_length=16,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("void", "Void: answered or moved before it was sent"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=255)),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.warningchannel",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "warning",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="claims.warning",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "sending"]), ("target__isnull", True)),
                        fields=["next_attempt_at"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "sending"]), ("target__isnull", False)),
                        fields=["target", "next_attempt_at"],
                        name="delivery_due_by_channel",
                    ),
                    models.Index(
                        condition=models.Q(("status", "failed")), fields=["warning"], name="delivery_failed"
                    ),
                    models.Index(
                        condition=models.Q(("target__isnull", False)),
                        fields=["target"],
                        name="delivery_by_target",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("warning"),
                        models.F("recipient"),
                        models.F("channel"),
                        models.F("round"),
                        name="delivery_once",
                    )
                ],
            },
        ),
    ]
