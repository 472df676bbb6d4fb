"""Clients that ask as fast as they are answered, each on one kept connection."""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came of a round."""

    seconds: float = 0.0
    answers: dict[int, int] = field(default_factory=dict)  # by status
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.answers.values())

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class _Client:
    """One connection: sends a request, reads its answer, sends the next."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.received = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.received = b""
        self.socket.sendall(request)

    def read(self) -> int | None:
        """The status, once the answer is whole."""
        self.received += self.socket.recv(262_144)
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return int(head[9:12]) if len(body) >= length else None


def run(port: int, requests: Iterator[bytes], *, clients: int, seconds: float) -> Load:
    """Ask on `clients` connections for `seconds`, or until there are no more `requests`.

    Every request that was sent is waited for.
    """
    load = Load()
    selector = selectors.DefaultSelector()
    started = time.perf_counter()
    for _ in range(clients):
        client = _Client(port)
        client.send(next(requests))
        selector.register(client.socket, selectors.EVENT_READ, client)
    while selector.get_map():
        for key, _events in selector.select():
            client = key.data
            status = client.read()
            if status is None:
                continue
            now = time.perf_counter()
            load.answers[status] = load.answers.get(status, 0) + 1
            load.latencies_ms.append((now - client.sent_at) * 1000)
            following = next(requests, None) if now - started < seconds else None
            if following is not None:
                client.send(following)
            else:
                selector.unregister(client.socket)
                client.socket.close()
    load.seconds = time.perf_counter() - started
    return load
