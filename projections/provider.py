"""The identity provider: where people are sent to sign in, and what it vouches for when they come back.

OpenID Connect Core 1.0, 3.1 (authorization code flow) with PKCE (RFC 7636) and the issuer in the answer (RFC 9207).
Nothing of it is remembered here: keys that it changes count at once. Needs the extra `oidc` (Authlib, joserfc).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from projections.settings import LOOPBACK, Settings, SettingsError
from projections.signing_in import Begun

CALLBACK = "/v1/sign-in/callback"
ALGORITHMS = ("RS256", "PS256", "ES256")  # with a key of the provider's, never with a secret, never none
LEEWAY = 60  # seconds by which two clocks may differ
TIMEOUT = 5.0  # seconds to wait for the provider to say something


class NotSignedIn(Exception):
    """The provider does not vouch for who came; the message is for the log and names nobody."""


class ProviderFailed(Exception):
    """The provider cannot be reached, or does not answer as OpenID Connect asks; the message is for the log."""


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name. Raises SettingsError for one that cannot be used."""
    if settings.oidc_issuer is None:
        return None
    assert settings.oidc_client is not None  # as the settings made sure of
    assert settings.public_url is not None
    try:
        # Asked for here, so that whoever starts the server is told, and not whoever signs in.
        import authlib.integrations.requests_client  # noqa: F401
        import joserfc.jwt  # noqa: F401
    except ImportError:
        raise SettingsError("Signing in needs the extra: pip install 'dialogue-record[oidc]'") from None
    return Provider(settings.oidc_issuer, settings.oidc_client, secret_of(settings), settings.public_url)


def secret_of(settings: Settings) -> str | None:
    """The secret that the provider gave to this server. Raises SettingsError for a file that holds none."""
    path = settings.oidc_secret_file
    if settings.oidc_secret is not None or path is None:
        return settings.oidc_secret
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"The file {path}, which oidc_secret_file names, cannot be read: {why}.") from error
    if not secret:
        raise SettingsError(f"The file {path}, which oidc_secret_file names, is empty: put the secret in it.")
    return secret


@dataclass(frozen=True)
class Provider:
    """One provider. `base` is the URL of this server, to which it sends people back."""

    issuer: str
    client: str
    secret: str | None = field(repr=False)
    base: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach this server by https."""
        return self.base.startswith("https:")

    def place(self, begun: Begun) -> str:
        """The address where somebody signs in. Raises ProviderFailed."""
        with self.session() as session:
            where = self.endpoint(self.metadata(session), "authorization_endpoint")
            address, _ = session.create_authorization_url(
                where, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return str(address)

    def email(self, begun: Begun, code: str, issuer: str | None, now: int) -> str:
        """The verified address of who came back with this code and, where it is said, from this issuer.

        `now` is in seconds of Unix time. Raises NotSignedIn and ProviderFailed.
        """
        with self.session() as session:
            metadata = self.metadata(session)
            told = issuer is not None or metadata.get("authorization_response_iss_parameter_supported") is True
            if told and issuer != self.issuer:
                raise NotSignedIn("the answer is of another issuer")
            session.token_endpoint_auth_method = self.manner(metadata)
            answer = session.fetch_token(
                self.endpoint(metadata, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                redirect_uri=self.base + CALLBACK,
                code_verifier=begun.verifier,
                allow_redirects=False,
            )
            if not isinstance(answer.get("id_token"), str):
                raise ProviderFailed("it gave no ID token")
            keys = self.asked(session, self.endpoint(metadata, "jwks_uri"))
            claims = self.verified(answer["id_token"], keys, begun.nonce, now)
            if not {"email", "email_verified"} <= claims.keys() and "userinfo_endpoint" in metadata:
                claims = self.further(session, metadata, claims)
        # True and nothing that is merely true: a provider that says "false" means it.
        if claims.get("email_verified") is not True:
            raise NotSignedIn("the address is not verified")
        if not isinstance(claims.get("email"), str) or not claims["email"].strip():
            raise NotSignedIn("no address is told")
        return str(claims["email"])

    def verified(self, id_token: str, keys: dict[str, Any], nonce: str, now: int) -> dict[str, Any]:
        """The claims of an ID token (Core, 3.1.3.7). Raises NotSignedIn for one that is not for this sign-in."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            known = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # what is none is refused by it
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderFailed(f"its keys cannot be read: {type(error).__name__}") from error
        try:
            claims = jwt.decode(id_token, known, algorithms=ALGORITHMS).claims
            registry = jwt.JWTClaimsRegistry(
                now,
                LEEWAY,
                iss={"essential": True, "value": self.issuer},
                sub={"essential": True},
                aud={"essential": True, "value": self.client},
                exp={"essential": True},
                iat={"essential": True},
            )
            registry.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotSignedIn(f"the ID token is refused: {type(error).__name__}") from error
        audiences = claims["aud"]
        party = claims.get("azp", self.client if audiences in (self.client, [self.client]) else None)
        if party != self.client:
            raise NotSignedIn("the ID token is for another party too")
        if claims.get("nonce") != nonce:
            raise NotSignedIn("the ID token is of another sign-in")
        return claims

    def further(self, session: Any, metadata: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells of the same person besides (Core, 5.3). Raises NotSignedIn, ProviderFailed."""
        told = self.asked(session, self.endpoint(metadata, "userinfo_endpoint"), token=True)
        if told.get("sub") != claims["sub"]:
            raise NotSignedIn("it tells of somebody else")
        return told

    def metadata(self, session: Any) -> dict[str, Any]:
        """What the provider says of itself (Discovery 1.0, 4). Raises ProviderFailed."""
        found = self.asked(session, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ProviderFailed("it says that it is another issuer")
        return found

    def endpoint(self, metadata: dict[str, Any], name: str) -> str:
        """An address of the provider's. Raises ProviderFailed for one to which no secret may be sent."""
        url = metadata.get(name)
        if isinstance(url, str):
            parts = urlsplit(url)
            if parts.scheme == "https" or (self.near and parts.scheme == "http" and parts.hostname in LOOPBACK):
                return url
        raise ProviderFailed(f"its {name} is no https address")

    def manner(self, metadata: dict[str, Any]) -> str:
        """How the provider wants to be told who asks (Core, 9)."""
        if self.secret is None:
            return "none"
        either = "client_secret_basic", "client_secret_post"
        supported = metadata.get("token_endpoint_auth_methods_supported") or either
        return next((one for one in either if one in supported), either[0])

    def asked(self, session: Any, url: str, *, token: bool = False) -> dict[str, Any]:
        """The JSON object at an address. Raises ProviderFailed, and what `session` turns into it."""
        answer = session.get(url, withhold_token=not token, allow_redirects=False)
        if answer.status_code != 200:
            raise ProviderFailed(f"{urlsplit(url).path} is answered with {answer.status_code}")
        found = answer.json()
        if not isinstance(found, dict):
            raise ProviderFailed(f"{urlsplit(url).path} is no JSON object")
        return found

    @property
    def near(self) -> bool:
        """Whether the provider is on this machine, and may then be asked by http."""
        return self.issuer.startswith("http:")

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A conversation with the provider; whatever fails in it is one of two things."""
        from authlib.common.errors import AuthlibBaseError
        from authlib.integrations.requests_client import OAuth2Session
        from requests import RequestException

        with OAuth2Session(
            self.client,
            self.secret,
            scope="openid email",
            redirect_uri=self.base + CALLBACK,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        ) as session:
            session.trust_env = not self.near  # a proxy of this machine's does not lead to this machine
            try:
                yield session
            except AuthlibBaseError as error:
                if error.error == "invalid_grant":
                    raise NotSignedIn("the code is refused") from None
                raise ProviderFailed(f"it refuses this server: {error.error}") from None
            except (RequestException, ValueError) as error:
                raise ProviderFailed(type(error).__name__) from None
