"""A local server in the place of the address service, which can misbehave in many ways.

    with GeocoderDouble(drips) as double:
        locate_at(double.url)

What it does is a function of the request's handler and of the event that ends the double, on
which slow behaviour waits, so that no thread outlives its test.
"""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

COOLSINGEL = {
    "type": "adres",
    "postcode": "3011AD",
    "woonplaatsnaam": "Rotterdam",
    "gemeentenaam": "Rotterdam",
    "centroide_ll": "POINT(4.47945 51.92245)",
    "score": 12.5,
}


class GeocoderDouble:
    """Serves on 127.0.0.1 while it is entered; `behave` can be replaced in between."""

    def __init__(self, behave):
        self.behave = behave
        self.queries = []  # of every request, as dicts of lists
        self.paths = []
        self._over = threading.Event()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                address = urlsplit(self.path)
                double.paths.append(address.path)
                double.queries.append(parse_qs(address.query))
                try:
                    double.behave(self, double._over)
                except OSError:
                    self.close_connection = True  # the client left, as it should

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/search/v3_1"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def answers(body, *, status=200, content_type="application/json", headers=()):
    """A whole answer at once; a `body` that is no bytes is written as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def behave(handler, _over):
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return behave


def finds(*documents):
    """The answer of a service that is well, with the documents that fit, best first."""
    return answers({"response": {"numFound": len(documents), "start": 0, "docs": list(documents)}})


def keeps_silent(_handler, over):
    over.wait(10)


def drips(handler, over):
    """A byte of the body at a time, each sooner than any time-out."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    while not over.wait(0.02):
        handler.wfile.write(b" ")


def drips_headers(handler, over):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        handler.wfile.write(b"y")


def resets(handler, _over):
    # Closing without lingering sends a reset instead of an orderly end.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hangs_up(handler, _over):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def never_ends(handler, over):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    while not over.is_set():
        handler.wfile.write(b" " * 65_536)


def talks_nonsense(handler, _over):
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True
