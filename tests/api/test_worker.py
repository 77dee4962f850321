"""The worker that `./dev run` serves with: what sockets see, also of slow and broken readers."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

THREADS = 2

APPLICATION = """
import os, time, threading

def application(environ, start_response):
    path = environ["PATH_INFO"]
    length = [("Content-Length", "6")]
    if path == "/whole":
        start_response("200 OK", length)
        return [b"abc", b"def"]
    if path == "/large":
        body = b"0123456789" * 800_000
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    if path == "/pieces":
        start_response("200 OK", [])
        return iter([b"", b"x" * 100_000, b"", b"yy", b"z" * 70_000])
    if path == "/broken":
        return broken(start_response, [])
    if path == "/short":
        return broken(start_response, length)
    if path == "/early":
        raise RuntimeError("before anything was sent")
    if path == "/echo":
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    if path == "/slow":
        time.sleep(1.5)
        start_response("200 OK", length)
        return [b"abcdef"]
    if path == "/endless":
        start_response("200 OK", [])
        return Endless()
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(os.path.getsize(__file__)))])
        return environ["wsgi.file_wrapper"](open(__file__, "rb"))
    if path == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"x"')])
        return [b""]
    if path == "/thread":
        start_response("200 OK", length)
        return [threading.current_thread().name[:6].encode()]
    if path == "/closed":
        body = str(Endless.closed).encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

def broken(start_response, headers):
    start_response("200 OK", headers)
    yield b"abc"
    raise RuntimeError("half way")

class Endless:
    closed = 0
    def __iter__(self):
        return self
    def __next__(self):
        return b"x" * 100_000
    def close(self):
        Endless.closed += 1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worker")
    (folder / "spoken.py").write_text(textwrap.dedent(APPLICATION))
    return folder


def start(folder: Path, *arguments: str) -> tuple[int, "subprocess.Popen[bytes]"]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    repository = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": f"{repository}:{folder}"}
    command = [sys.executable, "-m", "gunicorn", "spoken:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "geo_accmr.worker.Worker"]
    command += ["--threads", str(THREADS), "--log-level", "critical"]
    command += ["--no-control-socket", *arguments]
    process = subprocess.Popen(command, cwd=folder, env=env)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            assert ask(port, "/whole").status == 200
        except OSError:
            time.sleep(0.05)
        else:
            return port, process
    process.kill()
    pytest.fail("the server did not start")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    number, process = start(folder)
    yield number
    process.terminate()
    process.wait(timeout=30)


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None
) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, body, headers={"Connection": "close"})
    return line.getresponse()


def opened(port: int, text: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(text)
    return line


def get(path: str, *headers: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", "")
    return "\r\n".join(lines).encode()


def everything(line: socket.socket) -> bytes:
    said = b""
    while piece := line.recv(65_536):
        said += piece
    return said


def test_a_small_answer_is_one_packet(port: int) -> None:
    with opened(port, get("/whole")) as line:
        first = line.recv(65_536)
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith((b"\r\n\r\nabc", b"\r\n\r\nabcdef"))


def test_a_large_answer_is_whole(port: int) -> None:
    assert ask(port, "/large").read() == b"0123456789" * 800_000


def test_pieces_come_as_chunks_and_empty_ones_do_not_end_them(port: int) -> None:
    answer = ask(port, "/pieces")
    assert answer.getheader("Transfer-Encoding") == "chunked"
    assert answer.read() == b"x" * 100_000 + b"yy" + b"z" * 70_000


def test_a_file_is_sent(port: int, folder: Path) -> None:
    assert ask(port, "/file").read() == (folder / "spoken.py").read_bytes()


@pytest.mark.parametrize("path", ["/broken", "/short"])
def test_what_fails_half_way_is_seen_to_fail(port: int, path: str) -> None:
    answer = ask(port, path)
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert cut.value.partial == b"abc"


def test_what_fails_before_anything_was_sent_is_a_500(port: int) -> None:
    assert ask(port, "/early").status == 500


def test_head_and_304_have_no_body(port: int) -> None:
    answer = ask(port, "/whole", "HEAD")
    assert (answer.getheader("Content-Length"), answer.read()) == ("6", b"")
    with opened(port, get("/unchanged") + get("/whole", "Connection: close")) as line:
        said = everything(line)
    assert said.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert said.count(b"HTTP/1.1 ") == 2
    assert said.endswith(b"\r\n\r\nabcdef")


def test_a_connection_carries_one_request_after_the_other(port: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for body in (b"", b"first", b"second" * 50_000):
        line.request("POST", "/echo", body)
        assert line.getresponse().read() == body
    line.close()


def test_requests_that_come_together_are_answered_in_turn(port: int) -> None:
    several = get("/whole") * 20 + get("/thread", "Connection: close")
    with opened(port, several) as line:
        said = everything(line)
    assert said.count(b"HTTP/1.1 200 OK") == 21
    assert said.endswith(b"serve-")


def test_a_head_may_come_byte_by_byte(port: int) -> None:
    with opened(port) as line:
        for byte in get("/whole", "Connection: close"):
            line.sendall(bytes([byte]))
            time.sleep(0.002)
        assert everything(line).endswith(b"abcdef")


def test_readers_who_send_no_head_hold_up_nobody(port: int) -> None:
    with ExitStack() as stack:
        for number in range(5 * THREADS):
            text = b"GET /whole HTTP/1.1\r\n" + b"A: aaaaaaa\r\n" * 200 * number
            stack.enter_context(opened(port, text))
        began = time.monotonic()
        for _ in range(10):
            assert ask(port, "/whole").read() == b"abcdef"
    assert time.monotonic() - began < 5


def test_who_does_not_end_his_head_is_cut_off(folder: Path) -> None:
    port, process = start(folder)
    try:
        with opened(port, b"GET /whole HTTP/1.1\r\n") as line:
            began = time.monotonic()
            assert everything(line) == b""
        assert 9 < time.monotonic() - began < 25
    finally:
        process.kill()
        process.wait()


def test_idle_connections_are_closed(port: int) -> None:
    with opened(port, get("/whole")) as line:
        began = time.monotonic()
        assert everything(line).endswith(b"abcdef")
    assert 1.5 < time.monotonic() - began < 15  # gunicorn keeps them for 2 s


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET /" + b"a" * 9_000, b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 9_000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: a\r\n" * 12_000, b"431"),
        (b"NO SENSE AT ALL\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\nContent-Length: 3\r\n\r\n", b"400"),
        (
            b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n",
            b"400",
        ),
    ],
)
def test_what_is_no_proper_request_is_refused(
    port: int, text: bytes, status: bytes
) -> None:
    with opened(port, text) as line:
        assert everything(line).split(b" ", 2)[1] == status


def test_a_reader_who_goes_ends_the_answer(port: int) -> None:
    before = int(ask(port, "/closed").read())
    for _ in range(2 * THREADS):
        with opened(port, get("/endless")) as line:
            assert line.recv(100).startswith(b"HTTP/1.1 200")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if int(ask(port, "/closed").read()) == before + 2 * THREADS:
            return
        time.sleep(0.05)
    pytest.fail("the answers were not closed")


def test_a_stop_lets_answers_finish_and_takes_no_more(folder: Path) -> None:
    port, process = start(folder, "--graceful-timeout", "5")
    idle = opened(port, get("/whole"))
    idle.recv(65_536)
    with opened(port, get("/slow")) as line:
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        said = everything(line)
    assert said.endswith(b"abcdef")
    assert b"Connection: close" in said
    assert process.wait(timeout=10) == 0
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        opened(port)


def test_a_stop_does_not_wait_for_ever(folder: Path) -> None:
    port, process = start(folder, "--graceful-timeout", "1")
    with opened(port, get("/endless")) as line:
        line.recv(100)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0


def test_more_connections_than_may_be_wait_for_their_turn(folder: Path) -> None:
    port, process = start(folder, "--worker-connections", "5")
    try:
        with ExitStack() as stack:
            lines = [stack.enter_context(opened(port)) for _ in range(12)]
            for line in lines:
                line.sendall(get("/whole", "Connection: close"))
            for line in lines:
                assert everything(line).endswith(b"abcdef")
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_many_readers_at_once_are_all_answered(port: int) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(opened(port)) for _ in range(60)]
        for _ in range(5):
            for line in lines:
                line.sendall(get("/whole"))
            for line in lines:
                said = b""
                while not said.endswith(b"abcdef"):
                    said += line.recv(65_536)
