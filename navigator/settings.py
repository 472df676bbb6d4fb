"""Settings, in the order in which a reader asks. What differs between machines comes from the
environment; `.env.example` describes every variable. Safe by default: DEBUG is off.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Which machine is this?

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` makes one; in production put a long random text in the "
        "environment or in .env (see .env.example)."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=True)
# Accounts with known passwords, to try the service out with.
DEMO = env.bool("DEMO", default=False)
if DEMO and HTTPS:
    raise ImproperlyConfigured(
        "DEMO makes accounts with known passwords: not with HTTPS, that is on a site for others."
    )
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# What is it made of?

INSTALLED_APPS = [
    "regions",
    "navigator.accounts",
    "navigator.advice",
    "navigator.statistics",
    "navigator.editing",
    "navigator.administration",
    "navigator.finder",
    "api",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "navigator.addresses.DigitsOnly",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "navigator.kept.KeepTyped",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "navigator.accounts.second_factor.InnerPages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "navigator.urls"
WSGI_APPLICATION = "navigator.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "navigator" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "navigator.context.site",
            ],
        },
    }
]

# Where does it keep things?

SQLITE_OPTIONS: dict[str, Any] = {
    # Writers wait for each other instead of failing; see docs/decisions for what was measured.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA cache_size=-16000; "
        # What is deleted is overwritten, so that the salt of a day that is over can't be read.
        "PRAGMA secure_delete=ON;"
    ),
}
DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'navigator.sqlite3'}"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    VAR_DIR.mkdir(exist_ok=True)
# What is counted across processes and may be forgotten: tries to log in. No public page uses it.
REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, Any] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURES_DIR = BASE_DIR / "fixtures"

# Who may come in?

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_overview"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
# Administrators and advisors see nothing internal without a second factor.
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEMO)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "navigator.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The library that lets people in (django-allauth); its addresses stand in navigator.accounts.urls.
ACCOUNT_ADAPTER = "navigator.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
# After 5 failures for an address and a network address together, the next tries wait 5 minutes.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/m/ip"}
ACCOUNT_FORMS = {
    "login": "navigator.accounts.forms.LoginForm",
    "reauthenticate": "navigator.accounts.forms.ReauthenticateForm",
    "reset_password": "navigator.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "navigator.accounts.forms.NewPasswordForm",
    "change_password": "navigator.accounts.forms.ChangePasswordForm",
    "set_password": "navigator.accounts.forms.SetPasswordForm",
    "add_email": "navigator.accounts.forms.ChangeEmailForm",
}
MFA_ADAPTER = "navigator.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "navigator.accounts.forms.AuthenticateForm",
    "reauthenticate": "navigator.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "navigator.accounts.forms.ActivateAppForm",
}
MFA_TOTP_ISSUER = "Loketwijzer"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
# Everybody was invited at their address; one that is being changed is no reason to stay without.
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_ADAPTER = "navigator.accounts.adapter.SessionsAdapter"
# Single sign-on, by any provider that speaks OpenID Connect. It makes no accounts.
OIDC_PROVIDER_NAME = env.str("OIDC_PROVIDER_NAME", default="")
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
SOCIALACCOUNT_ADAPTER = "navigator.accounts.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": OIDC_PROVIDER_NAME or "OpenID Connect",
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_SERVER_URL, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may post to this site alone, redirects included
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "navigator.kept.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
# Own pages tell each other where the visitor came from; other sites learn nothing.
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, Any] = {
    "geolocation": "self",
    "camera": [],
    "microphone": [],
    "browsing-topics": [],
}

# In which language, and when?

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "navigator" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

# What is served as it is?

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "navigator" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "navigator.assets.AssetStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
# Files: tables of at most 2 MB, and nothing larger is read at all.
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["navigator.uploads.WithinLimit"]

# Where do addresses come from?

GEOCODER = env.str("GEOCODER", default="local")
GEOCODER_URL = env.str("GEOCODER_URL", default="")
GEOCODER_TIMEOUT_S = env.float("GEOCODER_TIMEOUT_S", default=1.5)

# How does it write to people?

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# In development mails are printed; in production they go out by SMTP: smtp+tls://user:password@host:587
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Loketwijzer <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# What is kept of what is counted?

# Single views and searches go after these days; their daily totals stay. Visitors are promised 90.
KEEP_COUNTS_DAYS = env.int("KEEP_COUNTS_DAYS", default=90)
# How often a visitor counts at most for the same office, or the same question, in a day.
VIEWS_A_VISITOR_A_DAY = env.int("VIEWS_A_VISITOR_A_DAY", default=10)
# From where the metrics can be read; for everybody else they are not there.
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=["127.0.0.1/32", "::1/128"])

# How do machines talk to it?

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.PageNumberPagination",
    "EXCEPTION_HANDLER": "api.problems.problem_response",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Regional office navigator",
    "DESCRIPTION": (
        "Which regional offices help people who live somewhere and want to work in education, and "
        "with what. Open to all, without an account; what is below `/my` is for editors, "
        "and `/conversations` for advisors."
    ),
    "VERSION": "1.3.0",
    "OAS_VERSION": "3.0.3",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "TAGS": [
        {"name": "search", "description": "From a postcode, place or location to the offices."},
        {"name": "offices", "description": "Regional offices."},
        {"name": "regions", "description": "Education regions, which run the offices."},
        {"name": "vocabulary", "description": "The codes of sectors and types of support."},
        {"name": "geography", "description": "Postcodes."},
        {"name": "conversations", "description": "For advisors: what they registered."},
        {"name": "statistics", "description": "Open data on use, and the figures of advice."},
        {"name": "my", "description": "For editors: their own offices and regions."},
        {"name": "problems", "description": "What the types of problems mean."},
    ],
    "ENUM_NAME_OVERRIDES": {
        "PublicationStateEnum": ["draft", "published", "archived"],
        "RevisionStateEnum": "api.v1.my.revisions.STATES",
        "OutcomeEnum": "api.v1.search.OUTCOMES",
        "ConversationOutcomeEnum": "api.v1.conversations.OUTCOMES",
        "OriginEnum": "api.v1.my.revisions.ORIGINS",
        "ConversationOriginEnum": "api.v1.conversations.ORIGINS",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "CAMELIZE_NAMES": False,
}

# What does it tell about itself? Events with fields; never a person, never a full postcode.

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_postcodes": {"()": "navigator.logs.WithoutPostcodes"}},
    "formatters": {"line": {"()": "navigator.logs.LineFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_postcodes"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "INFO"}},
}
