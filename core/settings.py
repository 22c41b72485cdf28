"""The settings, read once from the environment and `.env`."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-never-use-it-elsewhere"  # noqa: S105  refused in production, below


DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")


class Settings(BaseSettings):
    """Every setting of the application; names in the environment are the upper-case field names."""

    model_config = SettingsConfigDict(env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True)

    environment: Annotated[
        Literal["development", "production"],
        Field(description="`production` refuses default secrets and embedded servers."),
    ] = "development"
    public_url: Annotated[str, Field(description="Where people reach the pages; used in links.")] = (
        "http://127.0.0.1:8000"
    )
    secret_key: Annotated[
        SecretStr, Field(description="At least 32 characters; signs tokens and seals addresses.", min_length=32)
    ] = SecretStr(DEVELOPMENT_SECRET)
    secret_keys_previous: Annotated[
        tuple[Annotated[SecretStr, Field(min_length=32)], ...],
        Field(description="JSON list of former SECRET_KEYs, still read; `reminders secrets status` says how long."),
    ] = ()
    hash_key: Annotated[
        SecretStr | None,
        Field(
            description="Key of keyed hashes, never changed. Empty: the last of SECRET_KEYS_PREVIOUS, else SECRET_KEY.",
            min_length=32,
        ),
    ] = None
    data_dir: Annotated[Path, Field(description="Where the embedded servers of `reminders up` keep their data.")] = (
        Path(".data")
    )

    database_url: Annotated[
        SecretStr | None,
        Field(description="`postgresql://user:password@host/name`; PostgreSQL 18 or newer. Empty: embedded."),
    ] = None
    database_pool_size: Annotated[int, Field(ge=2, le=200, description="Connections kept by each process.")] = 10
    redis_url: Annotated[
        SecretStr | None, Field(description="`redis://`, `rediss://` or `unix://`. Empty: embedded.")
    ] = None

    smtp_host: Annotated[str | None, Field(description="Empty: mail is printed to the log (demo mode).")] = None
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="Usually 587, 465 or 25.")] = 587
    smtp_username: Annotated[str | None, Field(description="Empty: no login.")] = None
    smtp_password: Annotated[SecretStr | None, Field(description="Goes with the user name.")] = None
    smtp_tls: Annotated[Literal["none", "starttls", "tls"], Field(description="How the connection is secured.")] = (
        "starttls"
    )
    smtp_from_email: Annotated[str, Field(description="The sender's address.")] = "reminders@localhost"
    smtp_from_name: Annotated[str, Field(description="The sender's name.")] = "Team Reminders"

    mail_catcher_dir: Annotated[
        Path | None,
        Field(description="Folder of the mail that `reminders up` has caught, for the page `/mail`; set by it."),
    ] = None

    slack_api_url: Annotated[str, Field(description="Slack's Web API.")] = "https://slack.com/api/"
    slack_bot_token: Annotated[
        SecretStr | None,
        Field(description="`xoxb-...` of one workspace; needs `chat:write`. Empty: printed to the log."),
    ] = None
    outbound_allow_cidrs: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Field(description='JSON list of private networks that webhooks may reach, such as `["10.0.0.0/8"]`.'),
    ] = ()

    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Field(description='JSON list of networks of our own proxies, such as `["10.0.0.0/8"]`; they name the client.'),
    ] = ()

    sweep_interval: Annotated[int, Field(ge=1, le=60, description="Seconds between two sweeps by arq's cron.")] = 15
    sweep_in_api: Annotated[bool, Field(description="The API sweeps and delivers as well; needs no worker.")] = False
    ops_token: Annotated[
        SecretStr | None, Field(description="Opens `POST /api/v1/ops/sweep`. Empty: that path does not exist.")
    ] = None

    registration: Annotated[
        Literal["open", "invite", "closed"],
        Field(description="Who may make an account: anybody, the invited, or only `reminders admin create`."),
    ] = "open"
    retention_days: Annotated[
        int,
        Field(ge=0, le=36_500, description="Days after which what has ended is removed for good. 0: never."),
    ] = 400
    email_verification: Annotated[
        Literal["required", "off"] | None,
        Field(description="Empty: `required` in production, `off` in development."),
    ] = None
    rate_limit_enabled: Annotated[bool, Field(description="Slow down repeated logins, and bound requests.")] = True
    rate_limit_requests: Annotated[
        int | None,
        Field(ge=1, description="A minute, of a person or API key. Empty: 600 in production, else 120000."),
    ] = None
    rate_limit_anonymous: Annotated[
        int | None,
        Field(
            ge=1, description="A minute, of an address (/32, /64) not signed in. Empty: 300 in production, else 120000."
        ),
    ] = None
    quota_reminders: Annotated[int, Field(ge=1, description="Active reminders of a team.")] = 100_000
    quota_members: Annotated[int, Field(ge=1, description="Members of a team.")] = 500
    quota_invitations: Annotated[int, Field(ge=1, description="Invitations of a team that wait.")] = 200
    quota_addresses: Annotated[int, Field(ge=1, description="Addresses of a person, and of a team.")] = 50
    quota_calendars: Annotated[int, Field(ge=1, description="Calendars of a team.")] = 50
    quota_api_keys: Annotated[int, Field(ge=1, description="API keys of a team that are in force.")] = 50
    quota_teams: Annotated[int, Field(ge=1, description="Teams that a person owns, beside the personal one.")] = 100
    audit_retention: Annotated[
        int, Field(ge=90, le=36_500, description="Days after which lines of the audit log are removed.")
    ] = 400
    team_deletion_grace: Annotated[
        int, Field(ge=1, le=365, description="Days for which a deleted team can be restored; then it is removed.")
    ] = 30
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="The least that is logged.")
    ] = "INFO"
    log_format: Annotated[
        Literal["console", "json"] | None,
        Field(description="Empty: `json` in production, `console` in development."),
    ] = None

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Every key that opens what was sealed and reads what was signed; the first one seals and signs."""
        return tuple(key.get_secret_value() for key in (self.secret_key, *self.secret_keys_previous))

    @property
    def hash_secret(self) -> str:
        """What keyed hashes are made with; a new SECRET_KEY leaves it as it is, because no hash can be opened."""
        return self.hash_key.get_secret_value() if self.hash_key else self.secret_keys[-1]

    @property
    def production(self) -> bool:
        """Whether strangers may be at the door."""
        return self.environment == "production"

    @property
    def requests_per_minute(self) -> tuple[int, int]:
        """How many a person or API key may make, and how many an address without."""
        callers, addresses = (600, 300) if self.production else (120_000, 120_000)
        return self.rate_limit_requests or callers, self.rate_limit_anonymous or addresses

    @property
    def verifies_email(self) -> bool:
        """Whether an address must be proven before anything but the proof is sent to it."""
        return (self.email_verification or ("required" if self.production else "off")) == "required"

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and url.get_secret_value().split(":", 1)[0] not in DATABASE_SCHEMES:
            message = "DATABASE_URL begins with postgresql://; no other database has what this needs"
            raise ValueError(message)
        return url

    @model_validator(mode="after")
    def _production_is_real(self) -> Self:
        if not self.production:
            return self
        missing = [name for name in ("database_url", "redis_url") if getattr(self, name) is None]
        if DEVELOPMENT_SECRET in (*self.secret_keys, self.hash_secret):
            missing.append("secret_key")
        if missing:
            names = ", ".join(name.upper() for name in missing)
            message = f"ENVIRONMENT=production needs {names}; embedded servers and default secrets are for development"
            raise ValueError(message)
        return self


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
