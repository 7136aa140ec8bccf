"""A mail server for tests: takes messages on loopback and keeps each as a JSON file.

    smtp_server.py FOLDER

Listens on a free port of 127.0.0.1 and prints that port as the first line of its output. Every accepted message becomes
FOLDER/000001.json, 000002.json, ... (written whole or not at all) with the keys `from`, `to`, `subject`, `headers`,
`text`, `html`, `attachments` and `raw`. All tests share the folder: look for your own message by its recipient.

A recipient says how the server shall behave, so that a test can see retry and refusal:
    defer...@...    answered 451, "try again later"
    refuse...@...   answered 550, "no such mailbox"
"""

import asyncio
import email
import email.policy
import itertools
import json
import pathlib
import signal
import sys

from aiosmtpd.smtp import SMTP


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
        unfinished.write_text(json.dumps(describe(envelope), ensure_ascii=False, indent=1), encoding="utf-8")
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
        "attachments": [
            {"name": part.get_filename(), "type": part.get_content_type(), "bytes": len(part.get_payload(decode=True) or b"")}
            for part in message.iter_attachments()
        ],
        "raw": envelope.content.decode("utf-8", errors="replace"),
    }


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else part.get_content()


async def main(folder):
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    keeper = Keeper(folder)
    server = await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: smtp_server.py FOLDER")
    asyncio.run(main(sys.argv[1]))
