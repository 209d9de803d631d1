"""Django's settings. Every one that a clinic may change is read from the environment; docs/operations.md lists them."""

from __future__ import annotations

import secrets
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from stillroom.project.places import places
from stillroom.project.settings import database
from stillroom.project.settings.environment import flag, number, text

# --- who may reach it -------------------------------------------------------------------------------------------------

HOST = text("STILLROOM_HOST", "127.0.0.1")
PORT = number("PORT", 8000)
TLS_CERTIFICATE = text("STILLROOM_TLS_CERTIFICATE")
TLS_KEY = text("STILLROOM_TLS_KEY")
BEHIND_TLS = bool(TLS_CERTIFICATE) or flag("STILLROOM_BEHIND_TLS")
# Most monitors speak without encryption: keep those on a network of their own.
HL7_HOST = text("STILLROOM_HL7_HOST", "127.0.0.1")
HL7_PORT = number("STILLROOM_HL7_PORT", 2575)
# So many gateways listen there side by side, each for some of the lines.
HL7_PROCESSES = number("STILLROOM_HL7_PROCESSES", 1)
HL7_PLAIN = flag("STILLROOM_HL7_PLAIN", default=True)
# Those that can speak by TLS do so on a port of their own, and show a certificate of this issuer.
HL7_TLS_PORT = number("STILLROOM_HL7_TLS_PORT", 2576)
HL7_TLS_CERTIFICATE = text("STILLROOM_HL7_TLS_CERTIFICATE")
HL7_TLS_KEY = text("STILLROOM_HL7_TLS_KEY")
HL7_TLS_CLIENTS = text("STILLROOM_HL7_TLS_CLIENTS")
# Devices that speak SDC are called, and each side shows the other a certificate.
SDC_CERTIFICATE = text("STILLROOM_SDC_CERTIFICATE")
SDC_KEY = text("STILLROOM_SDC_KEY")
SDC_ISSUER = text("STILLROOM_SDC_ISSUER")
# Messages as they came are kept so many days for dispute; 0 keeps none.
HL7_KEPT_DAYS = number("STILLROOM_HL7_KEPT_DAYS", 7)
# While the database is away, what monitors send waits here.
HL7_SPOOL = Path(text("STILLROOM_HL7_SPOOL") or places().folder / "spool")
HL7_SPOOL_MIB = number("STILLROOM_HL7_SPOOL_MIB", 1024)
DEMO = flag("STILLROOM_DEMO")
# Room on the disk that is kept for a drip that runs: `serve` has a default of its own. A demo is forgotten anyway.
RESERVE_MIB = 0 if DEMO else number("STILLROOM_RESERVE_MIB", 0)
WEB_PROCESSES = number("STILLROOM_WEB_PROCESSES", 1)
ALLOWED_HOSTS = text("STILLROOM_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
# The script that the demo's one room rehearses, and how many minutes of its patient pass in one.
REHEARSAL_SCRIPT = text("STILLROOM_REHEARSAL_SCRIPT")
REHEARSAL_SPEED = number("STILLROOM_REHEARSAL_SPEED", 1)
# How others find the public pages: stands in their canonical links and in the sitemap.
PUBLIC_ADDRESS = text("STILLROOM_PUBLIC_ADDRESS")
# Whose editors write the public guide, and keep the directory: a clinic's id. A server with one clinic need not say it.
PUBLIC_CLINIC = text("STILLROOM_PUBLIC_CLINIC")
# Where readers may write instead of filling in the form; and how long the names of those who did are kept.
CRITIQUE_ADDRESS = text("STILLROOM_CRITIQUE_ADDRESS")
CRITIQUE_NAMES_KEPT_DAYS = number("STILLROOM_CRITIQUE_NAMES_KEPT_DAYS", 180)
# Where calls go for people who have no page open; empty: nobody outside of the pages is called.
CALL_URL = "" if DEMO else text("STILLROOM_CALL_URL")
# Who keeps the public directory of this install, as its pages name them; empty: this install keeps none.
DIRECTORY_RUN_BY = text("STILLROOM_DIRECTORY_RUN_BY")

DEBUG = flag("STILLROOM_DEBUG")
# `stillroom serve` gives all its processes one key. A process on its own, as a test or a check, needs no lasting one.
DATA_FOLDER = places().folder
SECRET_KEY = text("STILLROOM_SECRET_KEY") or places().read_secret_key() or secrets.token_urlsafe(50)

# --- what it is made of -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "stillroom.project",
    "stillroom.web",
    "stillroom.clinics",
    "stillroom.patients",
    "stillroom.protocols",
    "stillroom.schedule",
    "stillroom.infusions",
    "stillroom.outcomes",
    "stillroom.devices",
    "stillroom.ledger",
    "stillroom.adverse",
    "stillroom.aftercare",
    "stillroom.exchange",
    "stillroom.intake",
    "stillroom.bedside",
    "stillroom.guide",
    "stillroom.journal",
    "stillroom.office",
    "stillroom.directory",
    "stillroom.rehearsal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stillroom.project.headers.private_by_default",
    "stillroom.project.turns.pages_take_turns",
    "csp.middleware.CSPMiddleware",
    "stillroom.project.bodies.say_what_is_too_large",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stillroom.clinics.requests.RequestTransaction",
]

ROOT_URLCONF = "stillroom.project.urls"
ASGI_APPLICATION = "stillroom.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "stillroom.web.ribbon.demo",
                "stillroom.clinics.displays.light",
                "stillroom.project.front.places",
                "stillroom.project.front.rehearsing",
            ],
        },
    },
]

FORM_RENDERER = "stillroom.web.forms.StillroomRenderer"

# --- the database -----------------------------------------------------------------------------------------------------

# Each request is one transaction, made by clinics.requests.RequestTransaction, which also says whose rows it may see.
DATABASES = {"default": database.settings()}
# What is counted to slow guessers down is counted by all processes together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "clinics_cache"},
}
# The clinics' own keys, by which what patients take along is known to be theirs: kept apart from the database.
SIGNING_KEYS = Path(text("STILLROOM_SIGNING_KEYS") or places().folder / "signing-keys")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "clinics.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# NIST SP 800-63B-4, 3.1.1.2: length and a list of common ones; no rules of composition, no forced change.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "stillroom.clinics.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Wrong passwords are counted per person and address (clinics.accounts), so that nobody locks a colleague out; the count
# per address alone is high, as a whole clinic comes from one.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "critique": "6/10m/ip",
    "directory_form": "10/h/ip",
    "self_referral": "10/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("STILLROOM_BEHIND_TLS") else 0
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Stillroom"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
USERSESSIONS_TRACK_ACTIVITY = False

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = text("STILLROOM_SMTP_HOST", "localhost")
EMAIL_PORT = number("STILLROOM_SMTP_PORT", 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("STILLROOM_EMAIL_FROM", "stillroom@localhost")

# --- what a browser is told -------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("STILLROOM_BEHIND_TLS") else None
# Over plain HTTP (one machine, loopback only) a browser would never send a Secure cookie back.
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stillroom.project.public.not_ours"

STATIC_URL = "/static/"

# --- words and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = text("STILLROOM_TIME_ZONE", "UTC")
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("STILLROOM_LOG_LEVEL", "INFO")},
}
