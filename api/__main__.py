"""`python -m api`: what `dialogue serve` runs, on the same data folder or database as the command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields

from api.app import Options, create_app
from api.limits import Rates
from api.serving import serve
from projections.founding import open_installation
from projections.settings import SettingsError, load
from projections.stores import NoStore


def main() -> int:
    """Serves until it is told to stop; the exit status."""
    asked = arguments().parse_args()
    try:
        installation = open_installation(load({"data": asked.data, "database": asked.database, "config": asked.config}))
    except (SettingsError, NoStore) as error:
        print(f"dialogue: {error}", file=sys.stderr)  # noqa: T201  # a command says what is wrong
        return 2 if isinstance(error, SettingsError) else 4
    rates = Rates(**{one.name: getattr(asked, one.name) for one in fields(Rates)})
    streams = max(1, asked.threads // 4)
    app = create_app(installation, Options(tuple(asked.allow_host), tuple(asked.allow_origin), streams, rates=rates))
    try:
        serve(app, asked.host, asked.port, asked.threads)
    finally:
        installation.close()
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dialogue serve")
    for name in ("data", "database", "config"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8008)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--allow-host", action="append", default=[])
    parser.add_argument("--allow-origin", action="append", default=[])
    for one in fields(Rates):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=int, default=one.default)
    return parser


if __name__ == "__main__":
    sys.exit(main())
