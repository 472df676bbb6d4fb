"""A host on this machine that behaves as badly as a test wants."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WebHost:
    """Answers by path: a status, (status, headers), or a function of the handler.

    A list is answered one by one; its last answer stays. `asked` has what came in, in order.
    """

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.agents = set()
        self.released = threading.Event()  # what a slow page waits for
        self.url = ""

    def count(self, path):
        return sum(asked.endswith(f" {path}") for asked in self.asked)


@contextmanager
def web_host(answers):
    """A running WebHost; every path that isn't named answers 200."""
    host = WebHost(answers)

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            host.asked.append(f"{self.command} {self.path}")
            host.agents.add(self.headers["User-Agent"])
            answer = host.answers.get(self.path, 200)
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if callable(answer):
                answer(self)
                return
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_HEAD = do_GET = answer

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # visitors hang up: that is what is tested
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        host.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def refuses_head(handler):
    """405 for HEAD, 200 for GET."""
    handler.send_response(405 if handler.command == "HEAD" else 200)
    handler.end_headers()


def drops_head(handler):
    """Hangs up on HEAD, 200 for GET."""
    if handler.command == "HEAD":
        handler.close_connection = True
        return
    handler.send_response(200)
    handler.end_headers()
