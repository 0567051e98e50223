"""E-mail, by a server that takes it: with TLS from the beginning (`smtps://`) or from STARTTLS on (`smtp://`)."""

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from jarvis import control
from jarvis.errors import InvalidInput, JarvisError, Unavailable
from jarvis.notices.channel import Json, Letter, Place
from jarvis.webhooks.post import permitted

SECONDS = 20.0
"""For each word of the conversation."""
PORTS = {"smtp": 587, "smtps": 465}
MOST = 20
"""Receivers of one channel."""
TAKEN = 250


class MailRefused(JarvisError):
    """The mail server does not take the mail."""

    code = "mail_refused"
    status = 502


def check(given: Json) -> Place:
    """Receivers, a server such as `smtp://user@mail.example.org:587`, and its password.

    Raises:
        InvalidInput: One of them cannot be used.
    """
    to = [_mailbox(str(one), "to") for one in given.get("to", ())]
    if not 0 < len(to) <= MOST:
        raise InvalidInput(f"A channel has 1 to {MOST} receivers.", "", {"field": "to"})
    try:
        parts = urlsplit(str(given.get("smtp", "")))
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _unreadable() from error
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.query or parts.password:
        raise _unreadable()
    user = unquote(parts.username or "")
    password = str(given.get("password", ""))
    if password and not user:
        raise InvalidInput(
            "There is a password and no user.", "Such as smtp://user@mail.example.org.", {"field": "smtp"}
        )
    sender = str(given.get("sender", "")) or (user if "@" in user else "jarvis@localhost")
    settings: dict[str, Any] = {
        "to": to,
        "sender": _mailbox(sender, "sender"),
        "security": parts.scheme,
        "host": host,
        "port": port or PORTS[parts.scheme],
        "user": user,
    }
    return Place(f"mailto:{','.join(to)}", settings, {"password": password})


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "The mail server cannot be read.",
        "Such as smtp://user@mail.example.org:587 or smtps://mail.example.org; the password is given apart.",
        {"field": "smtp"},
    )


def _mailbox(text: str, field: str) -> str:
    found = text.strip()
    name, at, domain = found.rpartition("@")
    bad = not found.isascii() or not found.isprintable() or bool(set(found) & set(' ,;:<>()[]\\"'))
    if bad or not (name and at and domain):
        raise InvalidInput(f"“{text[:100]}” is no address of a mailbox.", "", {"field": field})
    return found


def send(letter: Letter) -> int:
    """Hand it to the server.

    Raises:
        MailRefused: The server does not take it.
        Unavailable: There is no server.
    """
    told = letter.settings
    place = f"{told['host']}:{told['port']}"
    try:
        with _connected(told) as server:
            control.on_stop(server.close)
            if told["security"] == "smtp":
                _secure(server, place, needed=bool(told["user"]))
            if told["user"]:
                server.login(str(told["user"]), str(letter.secret.get("password", "")))
            server.send_message(_mail(letter))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refused(place, code, said) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(place, error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        control.check()
        reason = "its certificate is not trusted" if isinstance(error, ssl.SSLError) else _reason(error)
        raise Unavailable(
            f"{place} did not take the mail: {reason}.", "See whether it is the right server."
        ) from error
    return TAKEN


class _Plain(smtplib.SMTP):
    """Connects to the address that was checked, whatever the name leads to by now."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _opened(host, port, timeout)


class _Tls(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return ssl.create_default_context().wrap_socket(_opened(host, port, timeout), server_hostname=host)


def _opened(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to the first of its addresses that takes it."""
    *others, last = permitted(host, SECONDS / 2)
    for each in others:
        with suppress(OSError):
            return socket.create_connection((each, port), timeout / 2)
    return socket.create_connection((last, port), timeout)


def _connected(told: Json) -> smtplib.SMTP:
    kind = _Tls if told["security"] == "smtps" else _Plain
    return kind(str(told["host"]), int(told["port"]), timeout=SECONDS)


def _secure(server: smtplib.SMTP, place: str, *, needed: bool) -> None:
    """TLS where the server has it. A password never goes without."""
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    elif needed:
        raise MailRefused(
            f"{place} offers no TLS, and a password is not sent without.",
            "Use smtps://, or a server that needs no password.",
        )


def _refused(place: str, code: int, said: bytes | str) -> MailRefused:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:200]
    error = MailRefused(f"{place} does not take the mail: {code} {shown}.", "See the log of the mail server.")
    error.facts = {"http_status": code}
    error.transient = 400 <= code < 500
    return error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def _mail(letter: Letter) -> EmailMessage:
    told, settings = letter.notice, letter.settings
    mail = EmailMessage()
    mail["From"] = f"Jarvis <{settings['sender']}>"
    mail["To"] = ", ".join(settings["to"])
    mail["Subject"] = told.title
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{letter.key}@{settings['sender'].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{told.title}\n\n{told.text}\n")
    return mail
