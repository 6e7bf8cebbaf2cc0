"""One stream of pages, and the threads that serve it: none of them outlives its client.

A daemon thread that is killed when the interpreter ends takes its locks along, and a call that is collected then waits
for one of them for ever. So whoever ends a stream waits until its threads have ended.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence

import grpc

from dehusk._call import error_from_call
from dehusk.v1 import cleaning_pb2

END_S = 5.0
"""Seconds that threads have to end once nothing is left for them to do; it takes them milliseconds."""

_Request = cleaning_pb2.CleanStreamRequest
_Answer = cleaning_pb2.CleanStreamResponse


class Streams:
    """The open streams of one channel, and the thread with which gRPC serves them. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Stream] = set()
        self._servers: set[threading.Thread] = set()

    def opened(self, stream: Stream) -> None:
        """Add a stream."""
        with self._lock:
            self._open.add(stream)

    def ended(self, stream: Stream) -> None:
        """Drop a stream."""
        with self._lock:
            self._open.discard(stream)

    def enter_server(self) -> None:
        """Add the thread that calls this; those that ended are dropped."""
        with self._lock:
            self._servers = {one for one in self._servers if one.is_alive()} | {threading.current_thread()}

    def close(self) -> None:
        """Cancel the open streams, and wait until gRPC's thread has ended."""
        with self._lock:
            streams, servers = [*self._open], [*self._servers]
        for stream in streams:
            stream.close(answered=False)
        _join(servers)


class Stream:
    """A call under way: requests go in, answers come out in their order. Used by one thread at a time; close it.

    Args:
        method: the call.
        timeout_s: seconds for all of it; ``None`` for no limit.
        metadata: sent with it.
        streams: the streams of its channel; it is among them until it is closed.
    """

    def __init__(
        self,
        method: grpc.StreamStreamMultiCallable[_Request, _Answer],
        timeout_s: float | None,
        metadata: tuple[tuple[str, str | bytes], ...],
        streams: Streams,
    ) -> None:
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[_Answer | grpc.RpcError | None] = queue.SimpleQueue()
        self._streams = streams
        self._sender: threading.Thread | None = None
        self._sending = threading.Event()
        self._call = method(self._sent(), timeout=timeout_s, metadata=metadata)
        self._call.add_callback(streams.enter_server)
        self._reader = threading.Thread(target=self._read, name="dehusk-clean-many", daemon=True)
        self._reader.start()
        streams.opened(self)

    def send(self, request: _Request) -> None:
        """Send one more page."""
        self._requests.put(request)

    @property
    def has_answer(self) -> bool:
        """Whether the next answer, or the end, is there already."""
        return not self._answers.empty()

    def answer(self) -> _Answer | None:
        """Wait for the next answer; ``None`` when the server ended the stream.

        Raises:
            DehuskError: the call failed.
        """
        answer = self._answers.get()
        if isinstance(answer, grpc.RpcError):
            raise error_from_call(answer) from None
        return answer

    def finish(self) -> None:
        """Say that no page follows."""
        self._requests.put(None)

    def close(self, *, answered: bool) -> None:
        """End the call, and wait until its threads have ended.

        Args:
            answered: no page is under way, so the server is about to end the call by itself, and need not see a
                cancelled one.
        """
        self.finish()
        if answered:
            _join([self._reader])
        self._call.cancel()
        self._sending.wait(END_S)
        _join([self._reader] if self._sender is None else [self._reader, self._sender])
        self._streams.ended(self)

    def _sent(self) -> Iterator[_Request]:
        # gRPC takes requests in a thread of its own, and this is the only place to meet it.
        self._sender = threading.current_thread()
        self._sending.set()
        yield from iter(self._requests.get, None)

    def _read(self) -> None:
        try:
            for answer in self._call:
                self._answers.put(answer)
        except grpc.RpcError as fault:
            self._answers.put(fault)
        else:
            self._answers.put(None)


def _join(threads: Sequence[threading.Thread]) -> None:
    end = time.monotonic() + END_S
    for one in threads:
        if one is not threading.current_thread():
            one.join(max(0.0, end - time.monotonic()))
