"""One message to a real receiver: what is taken for an answer, and how long is waited for it."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from jarvis.control import Control, within
from jarvis.errors import Cancelled, InvalidInput, Unavailable
from jarvis.webhooks import post as hands
from jarvis.webhooks.post import post
from receiver import Receiver, certificate_for, serve


def test_it_works(receiver: Receiver) -> None:
    receiver.statuses = [202]
    assert post(receiver.url, b'{"a":1}', {"Jarvis-Event": "x"}) == 202
    (letter,) = receiver.letters
    assert letter.path == "/hook/T0P-PATH?key=T0P-QUERY"
    assert letter.body == b'{"a":1}'
    assert letter.headers["jarvis-event"] == "x"
    assert letter.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert letter.headers["connection"] == "close"


def test_an_address_without_a_path_gets_the_root(receiver: Receiver) -> None:
    assert post(f"http://127.0.0.1:{receiver.port}?a=b", b"", {}) == 204
    assert receiver.letters[0].path == "/?a=b"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.statuses, receiver.location = [status], receiver.url
    assert post(receiver.url, b"", {}) == status
    assert len(receiver.letters) == 1


def test_an_answer_without_end_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.tail = 200_000
    assert post(receiver.url, b"", {}, seconds=10) == 204


def test_who_says_nothing_is_not_waited_for(receiver: Receiver) -> None:
    receiver.before = lambda _: receiver.over.wait(30)
    with pytest.raises(Unavailable, match=r"did not answer: not within 0\.3 seconds"):
        post(receiver.url, b"", {}, seconds=0.3)


def test_who_says_a_little_again_and_again_is_not_waited_for_either(receiver: Receiver) -> None:
    receiver.trickle = True
    began = time.monotonic()
    with pytest.raises(Unavailable, match="not within"):
        post(receiver.url, b"", {}, seconds=0.5)
    assert time.monotonic() - began < 5


def test_who_accepts_no_connection_is_named_without_the_path() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable) as caught:
        post(f"http://127.0.0.1:{port}/T0P-PATH?T0P-QUERY", b"", {})
    assert caught.value.message == f"127.0.0.1:{port} did not answer: Connection refused."
    assert "T0P" not in f"{caught.value.facts} {caught.value.hint}"


@pytest.mark.parametrize(
    ("said", "words"),
    [(b"", "it hung up"), (b"SSH-2.0-OpenSSH\r\n", "not HTTP"), (b"HTTP/1.1 abc\r\n\r\n", "not HTTP")],
)
def test_who_does_not_speak_http_is_found_out(said: bytes, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once() -> None:
            with listener.accept()[0] as line:
                line.recv(4096)
                line.sendall(said)

        thread = Thread(target=once)
        thread.start()
        with pytest.raises(Unavailable, match=words):
            post(f"http://127.0.0.1:{listener.getsockname()[1]}/", b"", {})
        thread.join()


def test_who_does_not_speak_tls_is_found_out(receiver: Receiver) -> None:
    with pytest.raises(Unavailable, match=r"TLS|hung up"):
        post(receiver.url.replace("http:", "https:"), b"", {})
    assert receiver.letters == []


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> Callable[[], int]:
    """Let every name lead to these addresses; returns how often one was asked for."""
    asked: list[str] = []

    def addresses(name: str, _: float) -> list[str]:
        asked.append(name)
        return list(found)

    monkeypatch.setattr(hands, "addresses", addresses)
    return lambda: len(asked)


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for once; whatever it leads to a moment later does not count."""
    count = resolving(monkeypatch, "127.0.0.1")
    assert post(f"http://hook.example.org:{receiver.port}/", b"", {}) == 204
    assert count() == 1
    assert receiver.letters[0].headers["host"] == f"hook.example.org:{receiver.port}"


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "0.0.0.0", "::"])
def test_a_name_that_leads_where_nothing_is_sent_is_refused(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, address)

    def never(*_: object) -> None:
        raise AssertionError("it connected")

    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(InvalidInput, match=r"hook\.example\.org leads to"):
        post(f"http://hook.example.org:{receiver.port}/", b"", {})


def test_a_machine_at_home_with_a_link_local_address_beside_is_told_at_the_other(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "fe80::1", "127.0.0.1")
    assert post(f"http://nas.local:{receiver.port}/", b"", {}) == 204


def test_when_the_first_address_does_not_answer_the_next_is_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.2", "127.0.0.1")
    assert post(f"http://two.example.org:{receiver.port}/", b"", {}) == 204


def test_a_name_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch)
    with pytest.raises(Unavailable, match=r"The name gone\.example\.org has no address"):
        post("https://gone.example.org/T0P-PATH", b"", {})


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "169.254.43518"])
def test_other_spellings_of_an_address_are_seen_through(host: str) -> None:
    with pytest.raises((InvalidInput, Unavailable), match=r"leads to 169\.254\.169\.254|no address"):
        post(f"http://{host}/", b"", {}, seconds=1)


def test_a_cancelled_delivery_does_not_wait_for_the_answer(receiver: Receiver) -> None:
    control = Control("0d4c5f0e-3d0a-4f43-9d0c-7a1a5b0d9a11", "try 1", 60)

    def cancel(_: object) -> None:
        control.stop(Cancelled("Cancelled by anna."))
        receiver.over.wait(30)

    receiver.before = cancel
    with within(control), pytest.raises(Cancelled, match="anna"):
        post(receiver.url, b"", {}, seconds=20)


def test_over_tls_the_name_must_be_in_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiver's certificate is for hook.example.org, and signed by itself."""
    resolving(monkeypatch, "127.0.0.1")
    with serve(certificate_for(tmp_path, "hook.example.org")) as receiver:
        good = f"https://hook.example.org:{receiver.port}/"
        with pytest.raises(Unavailable, match=r"its certificate is not trusted \(self-signed certificate"):
            post(good, b"", {})
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        assert post(good, b"", {}) == 204
        with pytest.raises(Unavailable, match=r"its certificate is not trusted \(Hostname mismatch"):
            post(f"https://other.example.org:{receiver.port}/", b"", {})
        assert [letter.headers["host"] for letter in receiver.letters] == [
            f"hook.example.org:{receiver.port}"
        ]


def test_a_handshake_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(Unavailable, match="not within"):
        post(f"https://hook.example.org:{listener.getsockname()[1]}/", b"", {}, seconds=0.3)
