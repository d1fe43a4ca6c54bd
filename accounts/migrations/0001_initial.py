import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.channels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="IANA name; empty: times in the seller's zone.",
                        max_length=64,
                    ),
                ),
                (
                    "must_change_password",
                    models.BooleanField(
                        default=False,
                        help_text="Set while the password is the one-time one that an owner was shown.",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Seller",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "merchant_token",
                    models.CharField(
                        max_length=64,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\Z",
                                "A merchant token has letters, digits, dots and dashes, at most 64.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                (
                    "marketplaces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        help_text="Marketplace ids; empty: all.",
                        size=None,
                    ),
                ),
                (
                    "require_confirmation",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("text", "The pasted text"),
                            ("screenshot", "A screenshot"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                (
                    "four_eyes",
                    models.BooleanField(
                        default=False, help_text="A reply must be approved by someone other than its author."
                    ),
                ),
                (
                    "answer_max_length",
                    models.PositiveIntegerField(
                        default=4000, help_text="Characters that an answer to Amazon may have."
                    ),
                ),
                (
                    "assembly_lead_hours",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="Hours before the target at which bundle and reply are assembled anyway.",
                    ),
                ),
                (
                    "retention_days",
                    models.PositiveIntegerField(
                        blank=True, help_text="Days to keep settled claims; empty means for ever.", null=True
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["merchant_token"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("merchant_token", ""), _negated=True), name="seller_token_present"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="seller_name_present"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("require_confirmation__in", ["none", "text", "screenshot"])),
                        name="seller_confirmation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_max_length__gt", 0)), name="seller_answer_length_set"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("retention_days__isnull", True), ("retention_days__gt", 0), _connector="OR"
                        ),
                        name="seller_retention_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Integration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="integrations",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "name"), name="integration_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="integration_name_present"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=255)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["seller", "ends_at"], name="hand_over_of_seller")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="hand_over_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by__isnull", True),
                            models.Q(("given_by", models.F("taken_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="hand_over_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarningChannel",
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
                            ("email", "E-mail"),
                            ("webhook", "Signed webhook (Standard Webhooks)"),
                            ("apprise", "Chat, SMS or push, by an Apprise address"),
                        ],
                        max_length=16,
                    ),
                ),
                ("label", models.CharField(max_length=100)),
                ("target_encrypted", models.TextField()),
                ("target_hint", models.CharField(max_length=400)),
                ("signing_secret_encrypted", models.TextField(blank=True, default="")),
                (
                    "audiences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("assignee", "Those for the assignee"),
                                ("on_call", "Those for everyone on call"),
                                ("leads", "Those for leads"),
                                ("owners", "Those for owners"),
                            ],
                            max_length=16,
                        ),
                        default=accounts.models.channels.every_audience,
                        size=None,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("disabled_at", models.DateTimeField(blank=True, null=True)),
                ("disabled_reason", models.TextField(blank=True, default="")),
                ("tell_owners_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True, default="")),
                ("last_error_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_sent_at",
                    models.DateTimeField(blank=True, help_text="Written at most once a minute.", null=True),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="accounts.seller",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["seller", "user"],
                        name="channel_active",
                    ),
                    models.Index(
                        condition=models.Q(("tell_owners_at__isnull", False)),
                        fields=["tell_owners_at"],
                        name="channel_tell_owners",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "webhook", "apprise"])),
                        name="channel_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_encrypted", ""), _negated=True), name="channel_has_target"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "webhook"), ("signing_secret_encrypted", ""), _connector="XOR"
                        ),
                        name="channel_webhook_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audiences__contained_by", ["assignee", "on_call", "leads", "owners"]),
                            ("audiences__len__gt", 0),
                        ),
                        name="channel_audiences_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("disabled_at__isnull", True), ("is_active", False), _connector="OR"
                        ),
                        name="channel_disabled_is_not_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, help_text="Written at most once a minute.", null=True),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user",),
                        name="feed_token_one_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")),
                        name="feed_token_hash_is_sha256",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "prefix",
                    models.CharField(
                        help_text="The part before the dot; no secret.", max_length=16, unique=True
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, help_text="Written at most once a minute.", null=True),
                ),
                ("signing_secret_encrypted", models.TextField(blank=True, default="")),
                ("require_signature", models.BooleanField(default=False)),
                (
                    "integration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="accounts.integration",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("prefix", ""), _negated=True), name="api_key_prefix_present"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key_hash__regex", "^[0-9a-f]{64}$")),
                        name="api_key_hash_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("require_signature", False),
                            models.Q(("signing_secret_encrypted", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="api_key_required_signature_has_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallShift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("mon", "mon"),
                                ("tue", "tue"),
                                ("wed", "wed"),
                                ("thu", "thu"),
                                ("fri", "fri"),
                                ("sat", "sat"),
                                ("sun", "sun"),
                            ],
                            max_length=3,
                        ),
                        size=None,
                    ),
                ),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                ("time_zone", models.CharField(max_length=64)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call_shifts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_call_shifts",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["seller", "valid_to"], name="shift_of_seller")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekdays__len__gt", 0)), name="shift_has_weekdays"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
                        ),
                        name="shift_weekdays_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("time_zone", ""), _negated=True), name="shift_zone_present"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("lead", "Lead"),
                            ("agent", "Agent"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "on_call",
                    models.BooleanField(default=False, help_text="Hears the warnings of unassigned claims."),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "quiet_from",
                    models.TimeField(
                        blank=True, help_text="Early warnings wait while it is quiet.", null=True
                    ),
                ),
                ("quiet_until", models.TimeField(blank=True, null=True)),
                (
                    "quiet_time_zone",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="IANA name; empty: the person's zone, else the seller's.",
                        max_length=64,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.seller",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["seller", "role"],
                        name="membership_active",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "seller"), name="membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "lead", "agent", "viewer"])),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="membership_quiet_hours_whole",
                    ),
                ],
            },
        ),
    ]
