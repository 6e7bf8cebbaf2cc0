"""Servers to measure, as processes on this machine: the service, and an echo that sends prepared answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio

UNLIMITED: list[Any] = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs."""

    target: str
    pid: int

    @property
    def pids(self) -> list[int]:
        """Its process, and those that it started."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [self.pid, *map(int, children.split())]

    def processor_seconds(self) -> float:
        """Return the processor time of all its processes so far; 0 where the system does not say."""
        try:
            return sum(_processor_seconds(pid) for pid in self.pids)
        except OSError:
            return 0.0


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def service(workers: int, *flags: str) -> Iterator[Serving]:
    """Run the service, with more flags of ``dehusk serve`` where they are given."""
    command = [sys.executable, "-m", "dehusk_server", "serve", "--port", "0", "--workers", str(workers)]
    command += ["--notice-seconds", "0", "--grace-seconds", "1", "--log-level", "error", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output to say its port on")
        try:
            yield Serving(process.stdout.readline().split()[-1], process.pid)
        finally:
            process.terminate()


@contextmanager
def echo(alone: bytes, streamed: bytes) -> Iterator[Serving]:
    """Run a server of the same kind that does nothing but transport.

    Args:
        alone: its answer to every unary call.
        streamed: its answer to every message of a stream.
    """
    code = "import sys; from bench.servers import serve_echo; serve_echo(*sys.stdin.read().split())"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the echo has no pipes")
        process.stdin.write(f"{alone.hex()} {streamed.hex()}".encode())
        process.stdin.close()
        try:
            yield Serving(process.stdout.readline().decode().strip(), process.pid)
        finally:
            process.kill()


def serve_echo(alone: str, streamed: str) -> None:
    """Serve prepared answers, given in hexadecimal, until killed."""
    answers = bytes.fromhex(alone), bytes.fromhex(streamed)

    async def unary(_: bytes, __: Any) -> bytes:
        return answers[0]

    async def stream(requests: Any, _: Any) -> Any:
        async for _request in requests:
            yield answers[1]

    async def serve() -> None:
        server = grpc.aio.server(options=UNLIMITED)
        handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
            "Clean": grpc.unary_unary_rpc_method_handler(unary),
            "CleanStream": grpc.stream_stream_rpc_method_handler(stream),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("dehusk.v1.CleaningService", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(f"127.0.0.1:{port}", flush=True)
        await server.wait_for_termination()

    asyncio.run(serve())
