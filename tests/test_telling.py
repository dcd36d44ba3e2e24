"""Digests by webhook and mail: off by default, what is new and who acts, secrets from the environment and nowhere else."""

import json
import socketserver
import threading
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from gouji.app.run_night import night
from gouji.cli import Exit, main
from nights import CONFIG, submit, workspace

TOLD = CONFIG + "notify: {addresses_from: GOUJI_TEST_NOTIFY, when: changed}\n"


@pytest.fixture
def webhook():
    """A server that keeps what is posted to it."""
    got = []

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://user:geheim@127.0.0.1:{server.server_port}/hook", got
    server.shutdown()


@pytest.fixture
def mail():
    """A mail server that takes one message after another."""
    got = []

    class Take(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go\r\n")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    got.append(message_from_bytes(b"".join(lines)))
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
                if word == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Take) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield (
            f"mailto://127.0.0.1:{server.server_address[1]}?from=gouji@example.org&to=bureau@example.org&mode=insecure",
            got,
        )
        server.shutdown()


def logged(root):
    return "".join(p.read_text("utf-8") for p in (root / "log").iterdir())


def test_off_unless_asked_for(tmp_path, monkeypatch, webhook):
    monkeypatch.setenv("GOUJI_TEST_NOTIFY", webhook[0])
    night(workspace(tmp_path, A={"left": "4.00"}))
    assert webhook[1] == []


def test_a_digest_by_webhook(tmp_path, monkeypatch, webhook):
    monkeypatch.setenv("GOUJI_TEST_NOTIFY", webhook[0])
    root = workspace(tmp_path, TOLD, A={}, B={})
    night(root)
    submit(root, "A", left="4.00")
    night(root)
    night(root)  # Nothing changed: nobody is told again.
    assert len(webhook[1]) == 2
    said = webhook[1][1]
    assert "运行 2" in said["title"] and "门禁：关" in said["title"]
    assert (
        "新问题 1 个" in said["message"]
        and "A 单位A：1 个" in said["message"]
        and "T01" in said["message"]
    )
    assert "geheim" not in logged(root)


def test_a_digest_by_mail(tmp_path, monkeypatch, mail):
    monkeypatch.setenv("GOUJI_TEST_NOTIFY", mail[0])
    night(workspace(tmp_path, TOLD, A={"left": "4.00"}))
    (message,) = mail[1]
    assert "勾稽 运行 1" in str(make_header(decode_header(message["Subject"])))
    part = next(p for p in message.walk() if p.get_content_type() == "text/plain")
    assert "T01" in part.get_payload(decode=True).decode("utf-8")


def test_a_night_that_fails_is_told(tmp_path, monkeypatch, webhook):
    monkeypatch.setenv("GOUJI_TEST_NOTIFY", webhook[0])
    root = workspace(tmp_path, TOLD, A={})
    (root / "book/t01.yaml").write_text("check: [", "utf-8")
    assert main(["night", str(root)]) == Exit.UNUSABLE
    assert "没有完成" in webhook[1][0]["title"]


UNSENT = {
    "nobody listens": "json://127.0.0.1:9/hook",
    "no address": "",
    "no such service": "nosuch://x",
}


@pytest.mark.parametrize("address", UNSENT.values(), ids=UNSENT)
def test_a_message_that_does_not_arrive_is_said_and_changes_no_verdict(
    tmp_path, monkeypatch, address, capsys
):
    monkeypatch.setenv("GOUJI_TEST_NOTIFY", address)
    root = workspace(tmp_path, TOLD, A={})
    assert main(["night", str(root)]) == Exit.CLEAN
    assert "通知没有送到" in capsys.readouterr().err
    assert "notify_failed" in logged(root)
