"""The line to Mistral: the SDK as this program wants it, and what goes wrong on the way as errors of ours.

The SDK is loaded when the first question is asked. It waits for ever unless told otherwise, follows redirects, logs whole requests where
$MISTRAL_DEBUG is set and sends traces where $MISTRAL_SDK_TELEMETRY is: none of that here. Its own retries heed any Retry-After, days too,
and cannot be stopped; so the waiting is done here. Proxies and certificates are those of the environment ($HTTPS_PROXY, $SSL_CERT_FILE).
"""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from reviewer.domain.errors import Refused, shown
from reviewer.domain.judges import NoAnswer

if TYPE_CHECKING:
    from mistralai.client import Mistral

T = TypeVar("T")
Wait = Callable[[float], None]
"""Waits so many seconds; raises Cancelled where nobody wants the answer any more."""

SERVERS = ("global", "eu", "us")

_TRIES = 4
_FIRST_S, _LONGEST_S = 0.5, 20.0
_PATIENCE_S = 120.0  # a service that asks to be left alone for longer is not waited for
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_KEY_REFUSED = frozenset({401, 403})
_CHECK_SERVER = "Check the network, proxies and the setting “Judge's server”, then run it again: what was answered is kept."


class Address(NamedTuple):
    """Where to ask and how long to wait. server: global, eu, us, or an address; timeout_s: of one try."""

    server: str
    timeout_s: float = 60.0


class Line:
    """An SDK client with a key. Several threads may use it at once."""

    def __init__(self, address: Address, key: str, *, wait: Wait) -> None:
        """Raises Refused for an address that a key may not go to."""
        self._address = address
        self._http, self._sdk = _client(address, key)
        self._wait = wait

    def close(self) -> None:
        """Hang up; whoever still waits for an answer gets none."""
        self._http.close()

    def call(self, ask: Callable[["Mistral"], T], *, once: bool = False) -> T:
        """Ask, and again after a pause where that may help. Raises NoAnswer, and Cancelled while it waits.

        once: never again where the first may have been heard, and would be done and paid for twice.
        """
        for attempt in range(1, _TRIES + 1):
            trouble = self._tried(ask)
            if not isinstance(trouble, _Trouble):
                return trouble
            if not trouble.again or (once and not trouble.unheard) or attempt == _TRIES or (trouble.after_s or 0) > _PATIENCE_S:
                raise trouble.error
            self._wait(trouble.after_s if trouble.after_s is not None else _pause_s(attempt))
        raise AssertionError("the last try answers or raises")

    def call_for(self, ask: Callable[["Mistral"], T]) -> T | None:
        """The same for what may be gone: None where the service knows no such thing (404)."""
        from mistralai.client import errors

        def or_nothing(sdk: "Mistral") -> T | None:
            try:
                return ask(sdk)
            except errors.MistralError as error:
                if error.status_code == 404:
                    return None
                raise

        return self.call(or_nothing)

    def _tried(self, ask: Callable[["Mistral"], T]) -> "T | _Trouble":
        import httpx2
        from mistralai.client import errors

        try:
            return ask(self._sdk)
        except errors.MistralError as error:
            return _refused(error.status_code, error.headers, error.body)
        except httpx2.TimeoutException:
            return _Trouble(_no_answer(f"Mistral gave no answer within {self._address.timeout_s:g} s.", for_all=False), again=True)
        except (httpx2.ConnectError, httpx2.ProxyError) as error:
            return _Trouble(_no_answer(f"Mistral could not be reached: {shown(str(error), 120)}.", for_all=True), again=True, unheard=True)
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            return _Trouble(_no_answer(f"Mistral's answer broke off: {shown(str(error), 120)}.", for_all=False), again=True)
        except errors.NoResponseError:
            return _Trouble(_no_answer("Mistral gave no answer.", for_all=False), again=True)


class _Trouble(NamedTuple):
    """What went wrong in one try. after_s: how long the service asks to be left alone; unheard: it certainly did nothing."""

    error: NoAnswer
    again: bool
    after_s: float | None = None
    unheard: bool = False


def _client(address: Address, key: str) -> "tuple[Any, Mistral]":
    import httpx2
    from mistralai.client import Mistral

    url = checked_server(address.server)
    http = httpx2.Client(follow_redirects=False, timeout=address.timeout_s)
    where: dict[str, Any] = {"server": url} if url in SERVERS else {"server_url": url}
    sdk = Mistral(api_key=key, client=http, timeout_ms=round(address.timeout_s * 1000), debug_logger=_Silent(), **where)
    sdk.sdk_configuration.__dict__["telemetry"] = False  # whatever the environment says
    return http, sdk


def checked_server(server: str) -> str:
    """A server as the SDK takes it. Raises Refused for an address to which a key would go in clear, and for what is none."""
    if server in SERVERS:
        return server
    try:
        parts = urlsplit(server)
        host, safe = parts.hostname or "", parts.scheme == "https"
        fits = bool(host) and parts.scheme in ("https", "http") and not parts.username and not parts.query and parts.port != 0
    except ValueError:
        fits, safe, host = False, False, ""
    if not fits:
        raise Refused(
            f"“{shown(server, 80)}” is no server.", f"Name one of {', '.join(SERVERS)}, or an address such as https://judge.example."
        )
    if not safe and host not in ("127.0.0.1", "::1", "localhost"):
        raise Refused(f"“{shown(server, 80)}” would get key and items unencrypted.", "Name an address that begins with https://.")
    return server.rstrip("/")


class _Silent:
    """Takes what the SDK would log, whole requests among it, and says nothing."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Nothing."""


def _refused(status: int, headers: Mapping[str, str], body: str) -> _Trouble:
    """An answer that is none, or one that the SDK cannot read."""
    if status in _KEY_REFUSED:
        what = f"Mistral refused the key (status {status})."
        return _Trouble(
            NoAnswer(what, "Give a valid one: `reviewer judge --key`, or $MISTRAL_API_KEY.", for_all=True, about="key"), again=False
        )
    said = f": {shown(' '.join(body.split()), 120)}" if body.strip() else ""
    if status == 200:
        return _Trouble(_no_answer("Mistral's answer is not in the form that it promises.", for_all=False), again=False)
    if status in _AGAIN:
        after = _retry_after_s(headers)
        waits = f" It asks to wait {after:,.0f} s." if after is not None and after > _PATIENCE_S else ""
        what = "Mistral has too much to do" if status == 429 else "Mistral has a fault of its own"
        return _Trouble(
            _no_answer(f"{what} (status {status}).{waits}", for_all=bool(waits)), again=True, after_s=after, unheard=status == 429
        )
    for_all = status in (402, 404) or 300 <= status < 400
    hint = "Check the settings “Judge's model” and “Judge's server”, then run it again." if for_all else "Have people review this item."
    about = "" if for_all else "question"
    return _Trouble(NoAnswer(f"Mistral refused the question (status {status}){said}.", hint, for_all=for_all, about=about), again=False)


def _no_answer(what: str, *, for_all: bool) -> NoAnswer:
    return NoAnswer(what, _CHECK_SERVER if for_all else "Run it again later: what was answered is kept.", for_all=for_all)


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for, in seconds: a number, or a date of RFC 9110. None for anything else."""
    seconds, milliseconds = headers.get("retry-after", ""), headers.get("retry-after-ms")
    with suppress(ValueError, OverflowError):
        return max(0.0, float(seconds) if milliseconds is None else float(milliseconds) / 1000)
    with suppress(ValueError, TypeError):
        left: float = (parsedate_to_datetime(seconds) - datetime.now(UTC)).total_seconds()
        return max(0.0, left)
    return None


def _pause_s(attempt: int) -> float:
    """Twice as long each time, with chance, so that many who were turned away do not come back at once."""
    return min(_LONGEST_S, _FIRST_S * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 - nothing secret hangs on it
