"""Every setting of the product, in one file. Nothing here needs a running server or reads the network.

What is wrong with a configuration is said by number in checks.py, not here; README.md has the table of
environment variables.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key

from config import database, env, keyfiles, places

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are -------------------------------------------------------------------------------------
DATA_DIR_GIVEN = env.path("DATA_DIR") is not None
DATA_DIR = env.path("DATA_DIR") or places.default_data_dir(BASE_DIR)
PORT = env.integer("PORT", 8000, least=1, most=65535)
HOST = env.text("HOST", "127.0.0.1")
BASE_URL = env.text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
WEB_WORKERS = env.integer("WEB_WORKERS", 2, least=1)
WEB_THREADS = env.integer("WEB_THREADS", 8, least=1, most=database.POOL_SIZE)
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 5, least=1)
SAMPLES_DIR = env.path("SAMPLES_DIR")

DATABASE_URL = env.secret("DATABASE_URL")
REDIS_URL = env.secret("REDIS_URL")
DATABASE_EMBEDDED = not DATABASE_URL
DATABASE_POOL = env.boolean("DATABASE_POOL", False)  # wsgi.py turns it on for the web
DATABASES = {
    "default": (
        database.embedded(places.socket_dir(DATA_DIR), pooled=DATABASE_POOL)
        if DATABASE_EMBEDDED
        else database.outside(DATABASE_URL, pooled=DATABASE_POOL)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Secrets: made in DATA_DIR for an embedded database, else given (checks.py refuses their absence) ------
SECRET_KEY = env.secret("SECRET_KEY")
ENCRYPTION_KEYS = env.split_words(env.secret("ENCRYPTION_KEYS"))  # Fernet keys, newest first
if DATABASE_EMBEDDED:
    SECRET_KEY = SECRET_KEY or keyfiles.read_or_make(DATA_DIR / "secret_key", get_random_secret_key())
    ENCRYPTION_KEYS = ENCRYPTION_KEYS or env.split_words(
        keyfiles.read_or_make(DATA_DIR / "encryption_keys", Fernet.generate_key().decode("ascii"))
    )

# --- The house --------------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG", False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
INSTALLED_APPS = [
    "config",
    "claims",
    "shipping",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.api.limits.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.api.slashes.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "config.cache.PatientRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SECURE_COOKIES = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE_COOKIES else []
BEHIND_PROXY = env.boolean("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# --- Time and language ------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"  # storage and arithmetic; people see their own zone
LANGUAGE_CODE = "en"
USE_I18N = True

# --- Static files: served by the product itself, straight from the packages --------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT")  # only for those who let another server serve them
WHITENOISE_USE_FINDERS = True

# --- Files: originals and bundles, named by their hash -----------------------------------------------------
MEDIA_ROOT = DATA_DIR / "files"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        # any storage class of Django's will do, S3 and the like; its package is the operator's to install
        "BACKEND": env.text("FILE_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json_object("FILE_STORAGE_OPTIONS"),
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600  # buyers' names and addresses are in them
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Mail and people to reach -----------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.boolean("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 10, least=1)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "claims@localhost")
OPERATOR_EMAIL = env.text("OPERATOR_EMAIL")
#: Warnings may also go to addresses inside this network, without TLS, and to chat servers of one's own.
OUTGOING_ALLOW_PRIVATE = env.boolean("OUTGOING_ALLOW_PRIVATE", False)

# --- Clocks and work --------------------------------------------------------------------------------------
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", 5, least=1, most=300)
# A mail takes up to four answers of the server, each within EMAIL_TIMEOUT; the lease must outlast them.
DELIVERY_LEASE_SECONDS = env.integer("DELIVERY_LEASE_SECONDS", 45, least=1)
JOB_LEASE_SECONDS = env.integer("JOB_LEASE_SECONDS", 120, least=1)
MEBIBYTE = 1024 * 1024
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", 25 * MEBIBYTE, least=1)
TRACKING_MAX_BYTES = env.integer("TRACKING_MAX_BYTES", 10 * MEBIBYTE, least=1)
NOTICE_MAX_BYTES = env.integer("NOTICE_MAX_BYTES", 10 * MEBIBYTE, least=1)
REQUEST_MAX_BYTES = max(UPLOAD_MAX_BYTES, TRACKING_MAX_BYTES, NOTICE_MAX_BYTES) + MEBIBYTE
DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_MAX_BYTES

# --- Sources of tracking ------------------------------------------------------------------------------------
#: Other addresses of sources than the vendors' own, by the source's name; an account may have its own besides.
SOURCE_BASE_URLS = env.json_object("SOURCE_BASE_URLS")
AMAZON_TOKEN_BASE_URL = env.text("AMAZON_TOKEN_BASE_URL", "https://api.amazon.com")
SHIPENGINE_KEYS_URL = env.text("SHIPENGINE_KEYS_URL", "https://api.shipengine.com/jwks")
SOURCE_ANSWER_SECONDS = env.integer("SOURCE_ANSWER_SECONDS", 20, least=1, most=120)
# A question is up to six calls of three tries each; the lease must outlast what usually happens, not the worst.
POLL_LEASE_SECONDS = env.integer("POLL_LEASE_SECONDS", 300, least=1)

# --- Celery -----------------------------------------------------------------------------------------------
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT: str | None = (
    "config.redis_broker:Transport" if REDIS_URL else "config.broker:Transport"
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "visibility_timeout": 900,
        "socket_connect_timeout": 3,
        # a Redis that vanished without a word (power, firewall) must not hold anybody for ever
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
    if REDIS_URL
    else {"folder": str(BROKER_DIR), "polling_interval": 0.1}
)
# after an outage of the broker Celery would take fewer messages at a time for a while; a sweep must not queue then
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # an outage may be long; workers and beats wait for its end
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # files have no broadcast
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_LOST_WAIT = 2
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.beat:SteadyScheduler"
# A message names the moment at which it expires by its sender's clock, and is judged by the worker's. Machines'
# clocks may be an hour apart (a time zone taken for another); what is left of an outage is done quickly.
MESSAGES_EXPIRE_SECONDS = 2 * 60 * 60
CELERY_BEAT_SCHEDULE = {
    task.rsplit(".", maxsplit=1)[1]: {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expires": MESSAGES_EXPIRE_SECONDS},
    }
    for task, seconds in (
        ("claims.tasks.sweep", SWEEP_SECONDS),
        ("claims.tasks.deliver", SWEEP_SECONDS),
        ("claims.tasks.work", SWEEP_SECONDS),
        ("shipping.tasks.poll_tracking", SWEEP_SECONDS),
    )
}

# --- API policy -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "claims.api.desk.renderer.DeskRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "accounts.api.parsers.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.CallerPermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.api.pagination.CursorPages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.ProblemAwareSchema",
    "EXCEPTION_HANDLER": "config.api.errors.answer_problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "A-to-z claims",
    "DESCRIPTION": "Takes A-to-z Guarantee claims from their notice to a frozen reply.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ActorKindEnum": "claims.api.choices.ACTOR_KINDS",
        "ChannelAudienceEnum": "accounts.channels.words.ChannelAudience",
        "ChannelKindEnum": "accounts.channels.words.ChannelKind",
        "BundleStatusEnum": "claims.api.choices.BUNDLE_STATUSES",
        "ChecklistStateEnum": "claims.api.choices.CHECKLIST_STATES",
        "ClaimStateEnum": "claims.api.choices.STATES",
        "ConditionStateEnum": "claims.api.choices.CONDITION_STATES",
        "CoveredEnum": "claims.api.choices.COVERED",
        "DeadlineBasisEnum": "claims.api.choices.BASES",
        "DeadlineKindEnum": "claims.api.choices.DEADLINE_KINDS",
        "DeadlineStatusEnum": "claims.api.choices.DEADLINE_STATUSES",
        "DeliveryChannelEnum": "claims.api.choices.DELIVERY_CHANNELS",
        "DeliveryStatusEnum": "claims.api.choices.DELIVERY_STATUSES",
        "EvidenceKindEnum": "claims.words.EvidenceKind",
        "GradeEnum": "claims.api.choices.GRADES",
        "FindingStatusEnum": "claims.api.choices.FINDING_STATUSES",
        "JobKindEnum": "claims.api.choices.JOB_KINDS",
        "JobStatusEnum": "claims.api.choices.JOB_STATUSES",
        "NoticeKindEnum": "claims.words.NoticeKind",
        "NoticeStatusEnum": "claims.words.NoticeStatus",
        "ParcelStatusEnum": "shipping.vocabulary.ParcelStatus",
        "PolicyKindEnum": "claims.api.choices.POLICY_KINDS",
        "PreviewDeliveryStatusEnum": "claims.api.choices.PREVIEW_DELIVERY_STATUSES",
        "PreviewStatusEnum": "claims.api.choices.PREVIEW_STATUSES",
        "ReplyKindEnum": "claims.words.ReplyKind",
        "ReplyStatusEnum": "claims.words.ReplyStatus",
        "SendingSourceEnum": "shipping.sources.words.SendingSource",
        "SnapshotStatusEnum": "shipping.vocabulary.SnapshotStatus",
        "VerdictEnum": "claims.api.choices.VERDICTS",
        "SourceNameEnum": "shipping.sources.words.SourceName",
        "WarningStatusEnum": "claims.api.choices.WARNING_STATUSES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.add_problem_component",
    ],
}

# --- Logs: one line each, on standard error ----------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # ticks come every few seconds; only what goes wrong with them is news
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # these write whole addresses, and a chat's address is its password
        **{
            name: {"handlers": ["nowhere"], "level": "WARNING", "propagate": False}
            for name in ("apprise", "httpx", "oauthlib", "requests_oauthlib", "sp_api", "urllib3")
        },
    },
}

# --- Tests: pytest_postgres.py chooses a database name of its own for every run ---------------------------
if TEST_DATABASE_NAME := env.text("TEST_DATABASE_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": TEST_DATABASE_NAME}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # tests clear it
    CELERY_TASK_DEFAULT_QUEUE = TEST_DATABASE_NAME
    WHITENOISE_AUTOREFRESH = True  # look a file up when asked, instead of listing all for every test's client
    if not REDIS_URL:
        CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT = "memory://", None
