"""A server on this machine that answers as a test tells it, well or badly, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """A server that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.answer: Callable[[Any], None] = lambda handler: None
        self.stop = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.agents.append(self.headers["User-Agent"])
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/NORAD/elements/gp.php"

    def says(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        def answer(handler: Any) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body) if length is None else length))
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answer = answer

    def drips(self, body: bytes, pause_s: float) -> None:
        """Send a byte at a time, until the client has had enough."""

        def answer(handler: Any) -> None:
            handler.send_response(200)
            handler.end_headers()
            try:
                for k in range(len(body)):
                    handler.wfile.write(body[k : k + 1])
                    if self.stop.wait(pause_s):
                        return
            except ConnectionError:
                return

        self.answer = answer

    def waits(self) -> None:
        """Say nothing until the test is over."""
        self.answer = lambda handler: self.stop.wait(5.0)

    def hangs_up(self) -> None:
        self.answer = lambda handler: None

    def speaks_no_http(self) -> None:
        self.answer = lambda handler: handler.wfile.write(b"hello\r\n")

    def goes(self) -> None:
        """Leave, so that nothing listens."""
        self.stop.set()
        self.http.shutdown()
        self.http.server_close()
