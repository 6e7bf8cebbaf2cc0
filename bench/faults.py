"""What hostile and unlucky callers do to a service, each a function of its address. None may hurt another caller.

Where the service answers otherwise than it must, `UnrightError` is raised; that a worker is killed is no fault.
"""

from __future__ import annotations

import random
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import grpc

from dehusk.v1 import cleaning_pb2

_CLEAN, _STREAM = "/dehusk.v1.CleaningService/Clean", "/dehusk.v1.CleaningService/CleanStream"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""How an HTTP/2 client begins (RFC 9113, 3.4): the preface and an empty SETTINGS frame."""
_GONE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
"""Statuses that a caller may meet while workers are killed and processors are busy."""


class UnrightError(RuntimeError):
    """The service answered otherwise than it must."""


def malformed(target: str, chance: random.Random) -> None:
    """Send bytes that are no message; each is refused, and says so."""
    raws = (b"\xff" * 100, b"\x12\x02\xff\xfe", chance.randbytes(chance.randrange(1, 2_000)))
    with _channel(target) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_CLEAN)
        for raw in raws:
            try:
                call(raw, timeout=30)
            except grpc.RpcError as error:
                _expect(error, grpc.StatusCode.INVALID_ARGUMENT)
            else:
                raise UnrightError(f"bytes that are no message were answered: {raw[:20]!r}")


def oversized(target: str, _: random.Random) -> None:
    """Send a message that is larger than any may be; gRPC refuses it by its size."""
    with _channel(target) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_CLEAN)
        try:
            call(b"\x0a" * 70_000_000, timeout=30)
        except grpc.RpcError as error:
            _expect(error, grpc.StatusCode.RESOURCE_EXHAUSTED)
        else:
            raise UnrightError("a message of 70 MB was answered")


def cancels(target: str, chance: random.Random) -> None:
    """Begin many calls and streams, and leave them at any moment."""
    page = cleaning_pb2.CleanRequest(text="Prose of some length. " * 500)
    streamed = cleaning_pb2.CleanStreamRequest(request=page).SerializeToString()
    with _channel(target) as channel:
        unary: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(_CLEAN)
        stream: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(_STREAM)
        begun: list[Any] = [unary.future(page.SerializeToString()) for _ in range(50)]
        begun += [stream(iter([streamed] * 5)) for _ in range(20)]
        time.sleep(chance.random() * 0.2)
        for each in begun:
            each.cancel()


def storm(target: str, _: random.Random) -> None:
    """Open many connections at once, say nothing or nonsense, and close them."""
    opened = [_connect(target) for _ in range(100)]
    for each in opened[::2]:
        with suppress(OSError):
            each.sendall(b"GET / HTTP/1.1\r\n\r\n")
    for each in opened:
        each.close()


def half_open(target: str, _: random.Random) -> None:
    """Begin HTTP/2 and fall silent, answer no ping, and vanish without a farewell; some trickle their first bytes."""
    opened = [_connect(target) for _ in range(10)]
    for each in opened[::2]:
        with suppress(OSError):
            each.sendall(_PREFACE)
    for byte in _PREFACE[:12]:
        for each in opened[1::2]:
            with suppress(OSError):
                each.sendall(bytes([byte]))
        time.sleep(0.05)
    for each in opened:
        # Reset instead of closed: the other side learns of it only when it sends.
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        each.close()


def silent_stream(target: str, _: random.Random) -> None:
    """Open a stream, send one page, stay silent for a while, and then send one more; both are answered."""

    def requests() -> Iterator[bytes]:
        for number in range(2):
            yield _page(str(number), "Prose.")
            time.sleep(0.5)

    _answers(target, requests(), 2, pause_s=0.0)


def slow_reader(target: str, _: random.Random) -> None:
    """Send large pages and read their answers slowly; all come in the end, in order."""
    text = "\n".join(f"A line of prose that is number {number} of its page." for number in range(2_000))
    _answers(target, (_page(str(number), text) for number in range(20)), 20, pause_s=0.1)


FAULTS: Mapping[str, Callable[[str, random.Random], None]] = {
    "malformed messages": malformed,
    "oversized messages": oversized,
    "cancel storms": cancels,
    "connection storms": storm,
    "half-open connections": half_open,
    "silent streams": silent_stream,
    "slow readers": slow_reader,
}
"""All of them, by what they are called."""


def _answers(target: str, requests: Iterator[bytes], count: int, *, pause_s: float) -> None:
    found: list[str] = []
    with _channel(target) as channel:
        call: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(_STREAM)
        try:
            for raw in call(requests, timeout=120):
                found.append(cleaning_pb2.CleanStreamResponse.FromString(raw).id)
                time.sleep(pause_s)
        except grpc.RpcError as error:
            _expect(error, *_GONE)
            return
    if found != [str(number) for number in range(count)]:
        raise UnrightError(f"a stream of {count} pages was answered by {found}")


def _page(name: str, text: str) -> bytes:
    request = cleaning_pb2.CleanRequest(id=name, text=text)
    return cleaning_pb2.CleanStreamRequest(request=request).SerializeToString()


def _expect(error: grpc.RpcError, *wanted: grpc.StatusCode) -> None:
    """See that a call ended as it must, or that its worker or the time went."""
    code = error.code()
    if code not in (*wanted, *_GONE):
        raise UnrightError(f"a call ended with {code}, not {wanted}")


@contextmanager
def _channel(target: str) -> Iterator[grpc.Channel]:
    """Open a connection of its own, as another caller would."""
    with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        yield channel


def _connect(target: str) -> socket.socket:
    host, _, port = target.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)
