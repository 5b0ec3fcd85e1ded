"""Settings: the only reader of the environment and of the config file.

A flag wins over the environment, that over the config file, that over the default; `Settings.sources`
tells for each value which of them it came from. Secrets never appear in a message, a `repr` or
`Settings.rows()`.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs

T = TypeVar("T")

FILE_KEYS = (
    "data",
    "database",
    "actor",
    "tz",
    "master_key_file",
    "log_key_file",
    "checkpoint_every",
    "source",
    "color",
    "public_url",
    "oidc_issuer",
    "oidc_client",
    "oidc_secret_file",
)
SECRETS = {"master_key": "master_key_file", "oidc_secret": "oidc_secret_file"}  # and what names their file instead
LOOPBACK = ("127.0.0.1", "::1", "localhost")
COLORS = ("auto", "always", "never")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence for the person who set it."""


@dataclass(frozen=True)
class Settings:
    """Where the stores are, who acts, and how to print; made by `load`."""

    data: Path
    """The data folder of the embedded stores."""
    database: str | None = field(repr=False)
    """A postgresql:// URL (it may hold a password), or None for the embedded stores."""
    actor: str | None
    """The participant for whom the command line acts."""
    tz: str | None
    """The IANA time zone in which times are read and shown; None is the machine's own."""
    master_key: str | None = field(repr=False)
    """The secret that wraps the subject keys; from the environment only."""
    master_key_file: Path
    """Where that secret is kept otherwise: outside the data folder, whose backup must not carry it."""
    log_key_file: Path
    """Where the secret is kept that signs checkpoints: outside the stores, for its owner only."""
    checkpoint_every: int
    """After how many entries a checkpoint is made without being asked for; 0 for never."""
    source: str
    """The origin name that `init` writes into a new record; it names this installation in every proof."""
    color: str
    """`auto` (on a terminal only), `always` or `never`."""
    public_url: str | None
    """The URL under which browsers reach this server; signing in comes back to it and to no other."""
    oidc_issuer: str | None
    """The OpenID Connect provider that participants may sign in with, by its issuer identifier."""
    oidc_client: str | None
    """What this server is called there."""
    oidc_secret: str | None = field(repr=False)
    """The secret that the provider gave to it, if it gave one; from the environment only."""
    oidc_secret_file: Path | None
    """Where that secret is kept otherwise."""
    config: Path
    """The config file, which need not exist unless it was named."""
    sources: Mapping[str, str] = field(repr=False)
    """For each setting "flag --data", "environment DIALOGUE_DATA", "file /…/config.toml" or "default"."""

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Name, value fit to be shown (secrets masked, "" where unset) and origin of each setting."""
        for name, origin in self.sources.items():
            value = getattr(self, name)
            if name == "database" and value is not None:
                value = without_password(value)
            if name in SECRETS and value is not None:
                value = "(set, not shown)"
            yield name, "" if value is None else str(value), origin


def load(flags: Mapping[str, object], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.

    `flags` maps a setting's name (`data`, `master_key_file`, `config`, …) to what the command line gave
    for it; None or "" stands for "not given", there as in `environ`. Paths in the config file are relative
    to its folder, others to the working directory. Raises SettingsError.
    """
    sources = dict.fromkeys((each.name for each in fields(Settings) if each.name != "sources"), "default")

    def first(candidates: Iterable[_Candidate], read: Callable[[_Candidate], T], default: T) -> T:
        for candidate in candidates:
            if candidate.value is not None and candidate.value != "":
                sources[candidate.name] = candidate.origin
                return read(candidate)
        return default

    def flag(name: str) -> _Candidate:
        return _Candidate(name, flags.get(name), f"flag --{name.replace('_', '-')}")

    def variable(name: str) -> _Candidate:
        key = f"DIALOGUE_{name.upper()}"
        return _Candidate(name, environ.get(key), f"environment {key}")

    def anywhere(name: str) -> list[_Candidate]:
        in_file = _Candidate(name, content.get(name), f"file {config}", config.parent)
        return [flag(name), variable(name), in_file]

    folder = platformdirs.user_config_path("dialogue")
    config = first([flag("config"), variable("config")], _path, folder / "config.toml")
    content = _read_file(config, must_exist=sources["config"] != "default")
    # https://no-color.org: NO_COLOR gives way to what a person set for this program, also in a file.
    no_color = _Candidate("color", "never" if environ.get("NO_COLOR") else None, "environment NO_COLOR")
    master_key_file = first(anywhere("master_key_file"), _path, folder / "master.key")
    settings = Settings(
        data=first(anywhere("data"), _path, platformdirs.user_data_path("dialogue")),
        database=first(anywhere("database"), _postgresql, None),
        actor=first(anywhere("actor"), _text, None),
        tz=first(anywhere("tz"), _zone, None),
        master_key=first([variable("master_key")], _text, None),
        master_key_file=master_key_file,
        log_key_file=first(anywhere("log_key_file"), _path, master_key_file.parent / "log.key"),
        checkpoint_every=first(anywhere("checkpoint_every"), _count, 100),
        source=first(anywhere("source"), _origin, "dialogue.localhost"),
        color=first([*anywhere("color"), no_color], _color, "auto"),
        public_url=first(anywhere("public_url"), _base, None),
        oidc_issuer=first(anywhere("oidc_issuer"), _url, None),
        oidc_client=first(anywhere("oidc_client"), _text, None),
        oidc_secret=first([variable("oidc_secret")], _text, None),
        oidc_secret_file=first(anywhere("oidc_secret_file"), _path, None),
        config=config,
        sources=MappingProxyType(sources),
    )
    if settings.oidc_issuer is not None and None in (settings.oidc_client, settings.public_url):
        raise SettingsError("To let people sign in with oidc_issuer, set oidc_client and public_url too.")
    return settings


def without_password(url: str) -> str:
    """A database URL fit to be shown: the password, in either place that libpq allows, becomes `***`."""
    url = re.sub(r"^(\w+://[^:/?#]*):[^/?#]*@", r"\1:***@", url)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", url)


class _Candidate(NamedTuple):
    """What one place says of one setting; `folder` is what a relative path there is relative to."""

    name: str
    value: object
    origin: str
    folder: Path = Path()

    def __str__(self) -> str:
        return f"{self.name} ({self.origin})"


def _read_file(config: Path, *, must_exist: bool) -> Mapping[str, object]:
    """The config file's keys; none if it is absent and nobody named it."""
    try:
        content = tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise SettingsError(f"There is no config file {config}: create it or name another.") from None
        return {}
    except OSError as error:
        raise SettingsError(f"The config file {config} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The config file {config} is not UTF-8: save it as UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The config file {config} is not TOML: {error}.") from error
    for secret in SECRETS.keys() & content.keys():
        raise SettingsError(
            f"The config file {config} holds {secret}, a secret: remove it there, "
            f"and set DIALOGUE_{secret.upper()} or name a key file with {SECRETS[secret]}."
        )
    if unknown := sorted(content.keys() - set(FILE_KEYS)):
        raise SettingsError(
            f"The config file {config} has unknown keys: {', '.join(unknown)}; "
            f"the known ones are {', '.join(FILE_KEYS)}."
        )
    return content


def _text(candidate: _Candidate) -> str:
    if not isinstance(candidate.value, str):
        raise SettingsError(f"{candidate} must be text: put it in quotes.")
    return candidate.value


def _count(candidate: _Candidate) -> int:
    value = candidate.value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**9:
        raise SettingsError(f"{candidate} must be a whole number, such as 100; 0 is for never.")
    return value


def _path(candidate: _Candidate) -> Path:
    text = str(candidate.value) if isinstance(candidate.value, Path) else _text(candidate)
    if "\0" in text:
        raise SettingsError(f"{candidate} is not a path: it holds a NUL character.")
    try:
        return candidate.folder / Path(text).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"{candidate} is {text!r}, but that user has no home folder here.") from error


def _postgresql(candidate: _Candidate) -> str:
    # The value may hold a password, so the message does not repeat it.
    if not _text(candidate).startswith("postgresql://"):
        raise SettingsError(f"{candidate} must be a URL that begins with postgresql://, as in postgresql://host/name.")
    return _text(candidate)


def _url(candidate: _Candidate) -> str:
    # OpenID Connect Discovery 1.0, 2: an https URL without query and fragment; http is for one's own machine alone.
    text = _text(candidate)
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        fits = fits and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or not text.isprintable() or re.search(r"[\s?#]", text):
        raise SettingsError(f"{candidate} must be an https:// URL without query, as in https://record.example.org.")
    return text


def _base(candidate: _Candidate) -> str:
    return _url(candidate).rstrip("/")


def _zone(candidate: _Candidate) -> str:
    name = _text(candidate)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # not found; an absolute path; a folder such as "Asia"
        raise SettingsError(
            f"{candidate} is {name!r}, which is no time zone: use a name such as Asia/Seoul."
        ) from error
    return name


def _origin(candidate: _Candidate) -> str:
    # C2SP signed-note: a key name is non-empty and has neither Unicode spaces nor plus signs.
    name = _text(candidate)
    if not name.isprintable() or re.search(r"[\s+]", name):
        raise SettingsError(f"{candidate} is {name!r}: use a name such as dialogue.example.org, without spaces or '+'.")
    return name


def _color(candidate: _Candidate) -> str:
    name = _text(candidate)
    if name not in COLORS:
        raise SettingsError(f"{candidate} is {name!r}: use {', '.join(COLORS)}.")
    return name


def handed_on(settings: Settings) -> dict[str, str]:
    """The environment for a program that is started with these settings.

    The database goes there, for it may hold a password, and others can read a command line.
    """
    database = {"DIALOGUE_DATABASE": settings.database} if settings.database is not None else {}
    return {**os.environ, **database}
