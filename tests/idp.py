"""An identity provider on loopback, which tells the truth until a test has it lie.

    with identity_provider() as idp:
        idp.person = {"email": "tuya@example.org", "email_verified": True}
        back = idp.visit(address)  # where the browser is sent back to

It keeps the rules of OpenID Connect that protect the other side (a code works once, for the verifier, client and
redirect address that it was asked with), so that a test that breaks one of them is refused by it as by a real one.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT, SECRET = "the-record", "what only the record & the provider know: 1+1"
Claims = dict[str, Any]


class Idp:
    """What it says and how it behaves; a test changes that. `asked` are the paths that it was asked for."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.asked: list[str] = []
        self.codes: dict[str, Claims] = {}
        self.keys = (
            RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}),
            ECKey.generate_key("P-256", {"kid": "second", "use": "sig"}),
        )
        self.honest()

    def honest(self) -> None:
        """As it should be, and nobody in particular signed in there."""
        self.rsa, self.ec = self.keys
        self.person: Claims = {"email": "nobody@example.org", "email_verified": True}
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = lambda claims: self.signed(claims, "RS256", self.rsa)
        self.metadata: Claims = {}  # in place of what it says of itself
        self.answers: dict[str, tuple[int, bytes]] = {}  # in place of what a path is answered with
        self.pkce = self.once = True  # whether it minds the verifier, and that a code is used once
        self.thin = False  # whether the ID token leaves out who it is about
        self.subject: str | None = None  # whom the userinfo endpoint tells of instead
        self.known = SECRET

    def signed(self, claims: Claims, alg: str, key: Any, **header: Any) -> str:
        return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])

    def visit(self, address: str) -> str:
        """Signs in at this address, as the person; where the browser is sent then."""
        where = urlsplit(address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        connection.request("GET", f"{where.path}?{where.query}")
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        assert answer.status == 302, (answer.status, said)
        return answer.headers["Location"]

    # ------------------------------------------------------------------ what it is asked

    def said_of_itself(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """The address that the browser is sent back to, with a code."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert set(asked["scope"].split()) == {"openid", "email"}
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "person": self.person}
        back = {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "of the provider"}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, Claims]:
        if self.known and not self.knows(asked, authorization):
            return 401, {"error": "invalid_client"}
        begun = self.codes.get(asked["code"]) if not self.once else self.codes.pop(asked["code"], None)
        if begun is None or asked["redirect_uri"] != begun["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if self.pkce and not self.verifies(asked.get("code_verifier", ""), begun):
            return 400, {"error": "invalid_grant"}
        now = int(self.clock().timestamp())
        told = {} if self.thin else begun["person"]
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, **told}
        claims = self.claims({**claims, "nonce": begun["nonce"]})
        access = secrets.token_urlsafe(16)
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self.sign(claims)}

    def knows(self, asked: dict[str, str], authorization: str) -> bool:
        if "client_secret" in asked:
            return (asked["client_id"], asked["client_secret"]) == (CLIENT, self.known)
        said = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        return said == f"{CLIENT}:{self.known}" or unquote(said) == f"{CLIENT}:{self.known}"

    def verifies(self, verifier: str, begun: Claims) -> bool:
        """RFC 7636, 4.6."""
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return begun.get("code_challenge_method") == "S256" and begun.get("code_challenge") == digest


class Handler(BaseHTTPRequestHandler):
    """Asks the provider that its server belongs to."""

    idp: Idp

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.idp.asked.append(path)
        if path in self.idp.answers:
            self.answer(*self.idp.answers[path])
        elif path == "/authorize":
            asked = {name: value for name, [value] in parse_qs(query, keep_blank_values=True).items()}
            self.answer(302, b"", Location=self.idp.authorize(asked))
        elif path == "/userinfo":
            known = self.headers["Authorization"].startswith("Bearer ")
            told = {"sub": self.idp.subject or "1", **self.idp.person}
            self.answer(200 if known else 401, json.dumps(told).encode())
        else:
            said = {
                "/.well-known/openid-configuration": self.idp.said_of_itself(),
                "/keys": KeySet([self.idp.rsa, self.idp.ec]).as_dict(),
            }
            self.answer(200 if path in said else 404, json.dumps(said.get(path)).encode())

    def do_POST(self) -> None:
        self.idp.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path in self.idp.answers:
            self.answer(*self.idp.answers[self.path])
            return
        asked = {name: value for name, [value] in parse_qs(body).items()}
        assert asked["grant_type"] == "authorization_code"
        status, said = self.idp.token(asked, self.headers.get("Authorization", ""))
        self.answer(status, json.dumps(said).encode())

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        headers = {"Location": "/elsewhere", **headers} if status == 302 else headers
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing: what it is asked is kept in `asked`."""


@contextmanager
def identity_provider() -> Iterator[Idp]:
    """A provider that listens, until the end."""
    handler = type("Asked", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.idp = idp = Idp(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield idp
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
