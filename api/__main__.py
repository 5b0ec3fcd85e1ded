"""`python -m api`: what `dialogue serve` runs, on the same data folder or database as the command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields

from flask import Flask

from api.app import Options, create_app
from api.limits import Rates
from api.serving import serve, serve_for_load
from projections.founding import open_installation
from projections.provider import Provider, provider_of
from projections.secretariat import Secretariat
from projections.settings import Settings, SettingsError, load
from projections.stores import NoStore, StoreFailed

STATUSES: dict[type[Exception], int] = {SettingsError: 2, NoStore: 4, StoreFailed: 5}  # those of the command line


def main() -> int:
    """Serves until it is told to stop; the exit status."""
    asked = arguments().parse_args()
    try:
        settings = named(asked)
        provider = provider_of(settings)
        installation = open_installation(settings)
    except (SettingsError, NoStore, StoreFailed) as error:
        print(f"dialogue: {error}", file=sys.stderr)  # noqa: T201  # a command says what is wrong
        return STATUSES[type(error)]
    if asked.server == "granian":
        installation.close()  # its workers open it for themselves
        return serve_for_load("api.__main__:application", asked.host, asked.port, asked.threads)
    try:
        serve(made(installation, asked, provider), asked.host, asked.port, asked.threads)
    finally:
        installation.close()
    return 0


def application() -> Flask:
    """What a worker of another server serves: the same, by the arguments that its process was started with."""
    asked = arguments().parse_args()
    settings = named(asked)
    return made(open_installation(settings), asked, provider_of(settings))


def named(asked: argparse.Namespace) -> Settings:
    return load({"data": asked.data, "database": asked.database, "config": asked.config})


def made(installation: Secretariat, asked: argparse.Namespace, provider: Provider | None) -> Flask:
    rates = Rates(**{one.name: getattr(asked, one.name) for one in fields(Rates)})
    streams = min(max(1, asked.threads // 4), asked.threads - 1)  # a thread at least is left for what is no stream
    hosts, origins = tuple(asked.allow_host), tuple(asked.allow_origin)
    return create_app(installation, Options(hosts, origins, streams, rates=rates, provider=provider))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dialogue serve")
    for name in ("data", "database", "config"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8008)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--server", choices=["waitress", "granian"], default="waitress")
    parser.add_argument("--allow-host", action="append", default=[])
    parser.add_argument("--allow-origin", action="append", default=[])
    for one in fields(Rates):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=int, default=one.default)
    return parser


if __name__ == "__main__":
    sys.exit(main())
