#!/usr/bin/env python3
"""From a published figure to a mail that the mail server has accepted, with the real program, a publisher and a mail server.

    cargo build --release && bench/alert.py [target/release/siaga] [ROUNDS]

A publisher on loopback gives the cases of five weeks. While `siaga serve` asks it every second, it publishes the day that
crosses the threshold of work from home. Told are the milliseconds from the answer that brought the figure to the moment at
which the mail server has the whole letter: the first one, text, HTML and chart. Beside it, in the same round: the same
letter handed to the same server by Python's smtplib. Needs python3-aiosmtpd (Debian). Serves on loopback from folders of its
own and stops what it starts.
"""

import datetime
import http.server
import json
import os
import pathlib
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
LIMIT = 30
QUIET = 210  # cases a day: 138 per 100,000 a week in a city of 1,063,513
CROSSING = 700


class Publisher(http.server.BaseHTTPRequestHandler):
    table = ""
    is_new = False
    answered = None

    def do_GET(self):
        body, is_new = Publisher.table.encode(), Publisher.is_new
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if is_new and Publisher.answered is None:
            Publisher.answered = time.time()

    def log_message(self, *_):
        pass


def publish(crossing):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
    days = [today - datetime.timedelta(days=back) for back in range(35, 0, -1)]
    rows = [f"{day},3271,cases,{QUIET}" for day in days[:-1]]
    if crossing:
        rows.append(f"{days[-1]},3271,cases,{CROSSING}")
    Publisher.table = "date,location,measure,value\n" + "\n".join(rows) + "\n"
    Publisher.is_new, Publisher.answered = crossing, None


def until(what, condition):
    started = time.time()
    while time.time() - started < LIMIT:
        found = condition()
        if found:
            return found
        time.sleep(0.002)
    sys.exit(f"{what} did not come within {LIMIT} seconds")


def mails(folder, words):
    found = []
    for path in sorted(folder.glob("*.json")):
        if path.name.startswith("."):
            continue  # it is being written
        mail = json.loads(path.read_text())
        if words in mail["subject"]:
            found.append((path.stat().st_mtime, mail))
    return found


def one(siaga, port, mail_port, mail_folder):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        sources = work / "sources"
        sources.mkdir()
        (sources / "bench.toml").write_text(
            f'id = "bench"\ntitle = "bench"\naddress = "http://127.0.0.1:{port}/cases.csv"\nlocations = ["3271"]\n'
        )
        recipient = f"bench-{time.time_ns()}@example.org"
        (work / "siaga.toml").write_text(
            '[server]\nlisten = "127.0.0.1:0"\n[source]\nfolder = "sources"\nprivate_hosts = ["127.0.0.1"]\n'
            '[schedule]\ningest = "* * * * * *"\n'
            f'[alert]\nrecipients = ["{recipient}"]\n'
            f'[alert.smtp]\nhost = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\nfrom = "siaga@example.org"\n'
        )
        publish(crossing=False)
        log = (work / "serve.log").open("w")
        server = subprocess.Popen([siaga, "-v", "--log-format", "json", "serve"], cwd=work, stdout=log, stderr=log)
        try:
            # What was there before is taken in and assessed.
            known = lambda: (work / "serve.log").read_text().partition('"rows.accepted":34')[2]
            until("the first assessment of figures", lambda: '"alert rules evaluated"' in known())
            publish(crossing=True)
            answered = until("a pull", lambda: Publisher.answered)
            theirs = lambda: [found for found in mails(mail_folder, "WFH 100%") if recipient in str(found[1]["to"])]
            accepted, mail = until("the mail", theirs)[0]
        finally:
            server.terminate()
            server.wait(60)
        assert "cid:chart" in mail["html"], "the letter has its chart"
    started = time.time()
    with smtplib.SMTP("127.0.0.1", mail_port) as by_hand:
        by_hand.sendmail("siaga@example.org", [f"hand-{recipient}"], mail["raw"].encode())
    return (accepted - answered) * 1000, (time.time() - started) * 1000


def main():
    siaga = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/siaga")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    publisher = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=publisher.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        post = subprocess.Popen(
            ["/usr/bin/python3", HERE / "tests/support/smtp_server.py", folder], stdout=subprocess.PIPE, text=True
        )
        try:
            mail_port = int(post.stdout.readline())
            told = [one(siaga, publisher.server_port, mail_port, pathlib.Path(folder)) for _ in range(rounds)]
        finally:
            post.terminate()
            post.wait(10)
    print(f"{'milliseconds, ' + str(rounds) + ' rounds':<58} {'median':>8} {'longest':>8}")
    for name, column in (
        ("siaga: answer of the publisher to letter accepted", 0),
        ("smtplib: the same letter handed to the same server", 1),
    ):
        values = [one[column] for one in told]
        print(f"{name:<58} {statistics.median(values):>8.0f} {max(values):>8.0f}")


if __name__ == "__main__":
    main()
