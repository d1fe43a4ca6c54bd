import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_id", models.CharField(max_length=19)),
                ("marketplace_id", models.CharField(blank=True, default="", max_length=32)),
                ("carrier", models.CharField(blank=True, default="", max_length=100)),
                (
                    "tracking_number",
                    models.CharField(help_text="Upper case, no blanks or dashes.", max_length=64),
                ),
                ("service", models.CharField(blank=True, default="", max_length=200)),
                ("shipped_at", models.DateTimeField(blank=True, null=True)),
                ("ship_by", models.DateTimeField(blank=True, null=True)),
                ("deliver_by", models.DateTimeField(blank=True, null=True)),
                (
                    "bought_through_buy_shipping",
                    models.BooleanField(blank=True, help_text="Empty: not known.", null=True),
                ),
                (
                    "claims_protected",
                    models.BooleanField(blank=True, help_text="Empty: not known.", null=True),
                ),
                (
                    "signature_required",
                    models.BooleanField(blank=True, help_text="Empty: not known.", null=True),
                ),
                ("amazon_shipment_id", models.CharField(blank=True, default="", max_length=64)),
                (
                    "ship_to",
                    models.JSONField(blank=True, default=dict, help_text="The buyer's address, by part."),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("label_created", "Label created"),
                            ("in_transit", "In transit"),
                            ("out_for_delivery", "Out for delivery"),
                            ("available_for_pickup", "Available for pick-up"),
                            ("delivery_attempted", "Delivery attempted"),
                            ("delivered", "Delivered"),
                            ("delivered_to_third_party", "Delivered to a third party"),
                            ("delivered_to_pickup_point", "Delivered to a pick-up point"),
                            ("exception", "Exception"),
                            ("lost", "Lost"),
                            ("damaged", "Damaged"),
                            ("returning", "On its way back"),
                            ("returned_to_sender", "Returned to the sender"),
                            ("cancelled", "Cancelled"),
                            ("not_found", "Not found"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=32,
                    ),
                ),
                (
                    "leg",
                    models.CharField(
                        choices=[
                            ("forward", "To the buyer"),
                            ("return", "Back to the sender"),
                            ("unknown", "Not stated"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(
                        blank=True, help_text="Delivery to the buyer's side, UTC.", null=True
                    ),
                ),
                (
                    "delivered_local",
                    models.CharField(
                        blank=True, default="", help_text="As the carrier wrote it.", max_length=40
                    ),
                ),
                (
                    "time_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carrier_offset", "Stated with its offset"),
                            ("carrier_utc", "Stated in UTC"),
                            ("provider_inferred", "UTC as an intermediary believes"),
                            ("place_inferred", "Zone taken from the place"),
                            ("assumed", "Clock time without a zone"),
                            ("date_only", "A date without a time"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                ("delivered_earliest", models.DateTimeField(blank=True, null=True)),
                ("delivered_latest", models.DateTimeField(blank=True, null=True)),
                ("place", models.JSONField(blank=True, default=dict)),
                ("received_by", models.JSONField(blank=True, default=dict, help_text="{raw, kind}")),
                ("signature", models.JSONField(blank=True, default=dict, help_text="{required, obtained}")),
                ("first_scan_at", models.DateTimeField(blank=True, null=True)),
                (
                    "first_scan",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="{at, local, time_basis, earliest, latest, …}",
                    ),
                ),
                (
                    "address_match",
                    models.JSONField(
                        blank=True, default=dict, help_text="match, mismatch or not_stated, by part."
                    ),
                ),
                (
                    "address_how",
                    models.JSONField(blank=True, default=dict, help_text="The rule that decided, by part."),
                ),
                (
                    "name_match",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="{result: match | partial | mismatch | cannot_tell, how}",
                    ),
                ),
                ("conflicts", models.JSONField(blank=True, default=list)),
                ("gaps", models.JSONField(blank=True, default=list)),
                ("documents", models.JSONField(blank=True, default=list)),
                ("number_check", models.JSONField(blank=True, default=dict)),
                (
                    "order_facts",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What answers say of order and label, by name; see rules/order_facts.py.",
                    ),
                ),
                (
                    "facts_pending",
                    models.BooleanField(
                        default=False, help_text="Changed, and not yet read by whoever uses it."
                    ),
                ),
                (
                    "plan_pending",
                    models.BooleanField(
                        db_default=True, default=True, help_text="When to ask whom is to be worked out anew."
                    ),
                ),
                (
                    "watched_until",
                    models.DateTimeField(
                        blank=True, help_text="Until then somebody waits for news of it.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(help_text="Grows with every change of facts.")),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["seller", "status", "id"], name="shipment_status"),
                    models.Index(
                        fields=["tracking_number"],
                        name="shipment_number_start",
                        opclasses=["varchar_pattern_ops"],
                    ),
                    models.Index(
                        condition=models.Q(("facts_pending", True)),
                        fields=["updated_at"],
                        name="shipment_pending",
                    ),
                    models.Index(
                        condition=models.Q(("plan_pending", True)),
                        fields=["id"],
                        name="shipment_plan_pending",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("seller", "order_id", "tracking_number"), name="shipment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "label_created",
                                    "in_transit",
                                    "out_for_delivery",
                                    "available_for_pickup",
                                    "delivery_attempted",
                                    "delivered",
                                    "delivered_to_third_party",
                                    "delivered_to_pickup_point",
                                    "exception",
                                    "lost",
                                    "damaged",
                                    "returning",
                                    "returned_to_sender",
                                    "cancelled",
                                    "not_found",
                                    "unknown",
                                ],
                            )
                        ),
                        name="shipment_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("leg__in", ["forward", "return", "unknown"])),
                        name="shipment_leg_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at__isnull", True),
                            models.Q(("time_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="shipment_delivered_has_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_user_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_integration_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_label", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "details",
                    models.JSONField(
                        blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="shipping.shipment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SourceAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("amazon", "Amazon (Selling Partner API)"),
                            ("easypost", "EasyPost"),
                            ("seventeentrack", "17TRACK"),
                            ("fedex", "FedEx"),
                            ("ups", "UPS"),
                            ("usps", "USPS"),
                            ("dhl_unified", "DHL (Shipment Tracking Unified)"),
                            ("mydhl", "DHL Express (MyDHL)"),
                        ],
                        max_length=32,
                    ),
                ),
                ("base_url", models.CharField(max_length=300)),
                ("secrets_encrypted", models.TextField()),
                ("is_active", models.BooleanField(default=True)),
                (
                    "last_ok_at",
                    models.DateTimeField(blank=True, help_text="Written at most once a minute.", null=True),
                ),
                ("last_error", models.TextField(blank=True, default="")),
                ("last_error_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("seller", "source"),
                        name="source_account_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "amazon",
                                    "easypost",
                                    "seventeentrack",
                                    "fedex",
                                    "ups",
                                    "usps",
                                    "dhl_unified",
                                    "mydhl",
                                ],
                            )
                        ),
                        name="source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secrets_encrypted", ""), _negated=True),
                        name="source_has_secrets",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelPoll",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "next_poll_at",
                    models.DateTimeField(blank=True, help_text="Empty: not to be asked again.", null=True),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", help_text="Why then, or why not.", max_length=200
                    ),
                ),
                (
                    "is_urgent",
                    models.BooleanField(
                        default=False, help_text="Somebody waits: first, and from what is kept back."
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_asked_at", models.DateTimeField(blank=True, null=True)),
                ("last_answer_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=500)),
                ("failures", models.PositiveIntegerField(default=0, help_text="In a row.")),
                ("proof_asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="polls",
                        to="shipping.shipment",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="polls",
                        to="shipping.sourceaccount",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_poll_at__isnull", False)),
                        fields=["-is_urgent", "next_poll_at"],
                        name="parcel_poll_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "account"), name="parcel_poll_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SourcePace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=32)),
                ("tokens", models.FloatField()),
                ("filled_at", models.DateTimeField()),
                ("day", models.DateField(help_text="UTC.")),
                ("used", models.PositiveIntegerField(help_text="Calls of that day.")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paces",
                        to="shipping.sourceaccount",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "operation"), name="source_pace_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("easypost", "EasyPost"),
                            ("seventeentrack", "17TRACK"),
                            ("aftership", "AfterShip"),
                            ("shipengine", "ShipStation API (ShipEngine)"),
                        ],
                        max_length=32,
                    ),
                ),
                ("token", models.CharField(max_length=64, unique=True)),
                (
                    "secret_encrypted",
                    models.TextField(
                        blank=True, default="", help_text="Empty for ShipEngine: its key is public."
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "last_received_at",
                    models.DateTimeField(blank=True, help_text="Written at most once a minute.", null=True),
                ),
                (
                    "last_refused_at",
                    models.DateTimeField(blank=True, help_text="A signature did not fit.", null=True),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tracking_endpoints",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("seller", "source"),
                        name="tracking_endpoint_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["easypost", "seventeentrack", "aftership", "shipengine"])
                        ),
                        name="sending_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "shipengine"),
                            models.Q(("secret_encrypted", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tracking_endpoint_has_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_user_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_integration_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_label", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("details", models.JSONField(blank=True, default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="shipping.sourceaccount",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source_changes",
                        to="accounts.seller",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="shipping.trackingendpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TrackingSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("api", "Posted through the API"),
                            ("poll", "Fetched by this product"),
                            ("webhook", "Sent by the provider"),
                            ("upload", "Uploaded"),
                        ],
                        max_length=16,
                    ),
                ),
                ("http_status", models.PositiveSmallIntegerField(default=200)),
                ("content_type", models.CharField(blank=True, default="", max_length=200)),
                ("raw", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "request",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What was asked, without secrets; empty where it was not asked.",
                    ),
                ),
                (
                    "signature_verified",
                    models.BooleanField(
                        blank=True, help_text="Of a delivery by webhook; empty for every other.", null=True
                    ),
                ),
                (
                    "fetched_at",
                    models.DateTimeField(help_text="When the carrier gave the answer, as far as known."),
                ),
                ("received_at", models.DateTimeField(help_text="When it came in here.")),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_label", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("not_found", "The carrier does not know the number"),
                            ("error_answer", "An error instead of an answer"),
                            ("other_parcel", "Another parcel's answer"),
                            ("unsupported", "No reader for this provider"),
                            ("unreadable", "Not what the provider's format says"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", help_text="Why it was not read.", max_length=500
                    ),
                ),
                (
                    "stated",
                    models.JSONField(
                        blank=True, default=dict, help_text="What it says of the parcel as a whole."
                    ),
                ),
                ("parser_version", models.CharField(blank=True, default="", max_length=40)),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="shipping.shipment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shipment", "provider", "sha256", "http_status"), name="snapshot_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "read",
                                    "not_found",
                                    "error_answer",
                                    "other_parcel",
                                    "unsupported",
                                    "unreadable",
                                ],
                            )
                        ),
                        name="snapshot_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="snapshot_hash_is_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(help_text="Which one in the snapshot, from 0.")),
                ("fingerprint", models.CharField(max_length=64)),
                ("provider", models.CharField(max_length=40)),
                ("carrier", models.CharField(blank=True, default="", max_length=100)),
                ("tracking_number", models.CharField(blank=True, default="", max_length=64)),
                (
                    "leg",
                    models.CharField(
                        choices=[
                            ("forward", "To the buyer"),
                            ("return", "Back to the sender"),
                            ("unknown", "Not stated"),
                        ],
                        help_text="In the light of all events.",
                        max_length=8,
                    ),
                ),
                (
                    "stated_leg",
                    models.CharField(
                        choices=[
                            ("forward", "To the buyer"),
                            ("return", "Back to the sender"),
                            ("unknown", "Not stated"),
                        ],
                        help_text="As this event says.",
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("label_created", "Label created"),
                            ("in_transit", "In transit"),
                            ("out_for_delivery", "Out for delivery"),
                            ("available_for_pickup", "Available for pick-up"),
                            ("delivery_attempted", "Delivery attempted"),
                            ("delivered", "Delivered"),
                            ("delivered_to_third_party", "Delivered to a third party"),
                            ("delivered_to_pickup_point", "Delivered to a pick-up point"),
                            ("exception", "Exception"),
                            ("lost", "Lost"),
                            ("damaged", "Damaged"),
                            ("returning", "On its way back"),
                            ("returned_to_sender", "Returned to the sender"),
                            ("cancelled", "Cancelled"),
                            ("not_found", "Not found"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "provider_status",
                    models.CharField(blank=True, default="", help_text="Verbatim.", max_length=100),
                ),
                ("code", models.CharField(blank=True, default="", help_text="Verbatim.", max_length=100)),
                ("text", models.TextField(blank=True, default="", help_text="Verbatim.")),
                ("time_raw", models.CharField(blank=True, default="", help_text="Verbatim.", max_length=100)),
                (
                    "local_time",
                    models.CharField(
                        blank=True, default="", help_text="ISO 8601 without offset.", max_length=40
                    ),
                ),
                ("offset_minutes", models.SmallIntegerField(blank=True, null=True)),
                ("occurred_at", models.DateTimeField(blank=True, null=True)),
                (
                    "time_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("carrier_offset", "Stated with its offset"),
                            ("carrier_utc", "Stated in UTC"),
                            ("provider_inferred", "UTC as an intermediary believes"),
                            ("place_inferred", "Zone taken from the place"),
                            ("assumed", "Clock time without a zone"),
                            ("date_only", "A date without a time"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                (
                    "sort_at",
                    models.DateTimeField(
                        blank=True, help_text="For ordering only; proves nothing.", null=True
                    ),
                ),
                ("place", models.JSONField(blank=True, default=dict)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("carrier", "The carrier"),
                            ("user", "A person"),
                            ("provider_inferred", "An intermediary"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="shipping.shipment",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="shipping.trackingsnapshot",
                    ),
                ),
            ],
            options={
                "ordering": [
                    models.OrderBy(models.F("sort_at"), nulls_first=True),
                    "position",
                    "fingerprint",
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "fingerprint"), name="tracking_event_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "label_created",
                                    "in_transit",
                                    "out_for_delivery",
                                    "available_for_pickup",
                                    "delivery_attempted",
                                    "delivered",
                                    "delivered_to_third_party",
                                    "delivered_to_pickup_point",
                                    "exception",
                                    "lost",
                                    "damaged",
                                    "returning",
                                    "returned_to_sender",
                                    "cancelled",
                                    "not_found",
                                    "unknown",
                                ],
                            )
                        ),
                        name="tracking_event_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("occurred_at__isnull", True), ("local_time", "")),
                            models.Q(("time_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tracking_event_time_has_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StrayAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("tracking_number", models.CharField(blank=True, default="", max_length=64)),
                ("content_type", models.CharField(blank=True, default="", max_length=200)),
                ("raw", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("linked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stray_answers",
                        to="accounts.seller",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strays",
                        to="shipping.trackingendpoint",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strays",
                        to="shipping.trackingsnapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("linked_at__isnull", True), models.Q(("tracking_number", ""), _negated=True)
                        ),
                        fields=["seller", "tracking_number"],
                        name="stray_unlinked",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "provider", "sha256"), name="stray_once")
                ],
            },
        ),
    ]
