"""A mail server for tests: takes messages on loopback and keeps each as a JSON file.

    smtp_server.py FOLDER

Listens on three free ports of 127.0.0.1 and prints them as the first three lines of its output:
    1. in the clear, for anybody
    2. STARTTLS, then user and password (both are demanded)
    3. TLS from the first byte, then user and password
The certificate is tests/support/tls/mail.cert.pem, vouched for by mail.ca.pem; the user is `siaga`, the password
`surat-rahasia`. Every accepted message becomes FOLDER/000001.json, 000002.json, ... (written whole or not at all) with the
keys `from`, `to`, `subject`, `headers`, `text`, `html`, `parts`, `attachments`, `raw`, `tls` and `user`. All tests share
the folder: look for your own message by its recipient.

A recipient says how the server shall behave, so that a test can see retry and refusal:
    defer...@...    answered 451, "try again later"
    refuse...@...   answered 550, "no such mailbox"
"""

import asyncio
import email
import email.policy
import hashlib
import itertools
import json
import pathlib
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

TLS = pathlib.Path(__file__).parent / "tls"
LOGIN = LoginPassword(b"siaga", b"surat-rahasia")


class Keeper:
    """Writes what arrives to the folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.numbers = itertools.count(1)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("defer"):
            return "451 4.3.0 try again later"
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):06}.json"
        unfinished = self.folder / f".{name}"
        kept = describe(envelope) | {
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.login.decode() if session.authenticated else None,
        }
        unfinished.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        unfinished.rename(self.folder / name)
        return "250 2.0.0 message kept"


def describe(envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "subject": message["subject"],
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": body(message, "plain"),
        "html": body(message, "html"),
        "parts": [describe_part(part) for part in message.walk()],
        "attachments": [
            {"name": part.get_filename(), "type": part.get_content_type(), "bytes": len(part.get_payload(decode=True) or b"")}
            for part in message.iter_attachments()
        ],
        "raw": envelope.content.decode("utf-8", errors="replace"),
    }


def describe_part(part):
    content = b"" if part.is_multipart() else part.get_payload(decode=True) or b""
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset(),
        "disposition": part.get_content_disposition(),
        "id": part["content-id"],
        "name": part.get_filename(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else part.get_content()


def authenticate(server, session, envelope, mechanism, auth_data):
    # Not handled: the server says 535 itself.
    return AuthResult(success=auth_data == LOGIN, handled=False, auth_data=auth_data)


async def main(folder):
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    keeper = Keeper(folder)
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.load_cert_chain(TLS / "mail.cert.pem", TLS / "mail.key.pem")
    common = {"enable_SMTPUTF8": True, "hostname": "localhost"}
    login = {"authenticator": authenticate, "auth_required": True}

    def in_the_clear():
        return SMTP(keeper, **common)

    def starttls():
        return SMTP(keeper, tls_context=certificate, require_starttls=True, **login, **common)

    def tls():
        # The connection is in TLS before the protocol begins, which the protocol cannot see.
        return SMTP(keeper, auth_require_tls=False, **login, **common)

    servers = [
        await loop.create_server(in_the_clear, "127.0.0.1", 0),
        await loop.create_server(starttls, "127.0.0.1", 0),
        await loop.create_server(tls, "127.0.0.1", 0, ssl=certificate),
    ]
    ports = [str(server.sockets[0].getsockname()[1]) for server in servers]
    print("\n".join(ports), flush=True)
    await stopped.wait()
    for server in servers:
        server.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: smtp_server.py FOLDER")
    asyncio.run(main(sys.argv[1]))
