"""``dehusk clean``: pages in, bodies and removed spans out; in this process or through a server."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dehusk import TLS, CleanOptions, Client, DehuskError, Document, Failure, Result
from dehusk_server.cli import resume
from dehusk_server.cli.answers import Clean, answers
from dehusk_server.cli.connection import read_connection
from dehusk_server.cli.exits import FAILED, OK, UsageError, say
from dehusk_server.cli.pages import Page, Source, sources
from dehusk_server.cli.progress import progress
from dehusk_server.cli.rulesets import open_engine
from dehusk_server.cli.writers import writer

if TYPE_CHECKING:
    from dehusk_server.local import LocalClient


def run(arguments: argparse.Namespace) -> int:
    """Clean what the arguments name; the exit status says whether all of it was cleaned."""
    inputs = sources(arguments.files, arguments.input)
    output = arguments.output or ("jsonl" if any(source.form == "jsonl" for source in inputs) else "text")
    _check(arguments, inputs, output)
    with ExitStack() as stack:
        try:
            clean = stack.enter_context(_cleaner(arguments))
        except DehuskError as error:
            say(f"nothing was cleaned: {error}")
            return FAILED
        pages: Iterator[Page] = itertools.chain.from_iterable(source.pages() for source in inputs)
        if arguments.resume:
            done = resume.cut_broken_end(arguments.output_file)
            pages = resume.unanswered(pages, arguments.output_file, done)
        stream = stack.enter_context(_open_output(arguments))
        count = stack.enter_context(progress(inputs, wanted=not arguments.no_progress))
        writing = writer(output, stream, many=len(inputs) > 1 or any(source.form == "jsonl" for source in inputs))
        total = failed = 0
        try:
            for answer in answers(pages, clean):
                writing.write(answer)
                count(answer.page)
                total += 1
                failed += isinstance(answer.outcome, Failure)
        except DehuskError as error:
            say(f"stopped after {total} documents: {error}{_advice(arguments)}")
            failed += 1
        writing.end()
    if failed and total > 1:
        say(f"{failed} of {total} documents failed")
    return FAILED if failed else OK


def _check(arguments: argparse.Namespace, inputs: tuple[Source, ...], output: str) -> None:
    if arguments.server and arguments.rules:
        raise UsageError("--rules chooses the rules of this process; a server has its own (dehusk serve --rules)")
    if sum(source.is_stdin for source in inputs) > 1:
        raise UsageError("standard input (-) can be read once only")
    path: Path | None = arguments.output_file
    if arguments.resume and (path is None or output != "jsonl"):
        raise UsageError("--resume goes on with JSON Lines in a file: give -o FILE and --output jsonl")
    if path is not None and path.exists():
        for source in inputs:
            if not source.is_stdin and Path(source.name).exists() and path.samefile(source.name):
                raise UsageError(f"{path} is both input and output")


def _open_output(arguments: argparse.Namespace) -> AbstractContextManager[BinaryIO]:
    path: Path | None = arguments.output_file
    if path is None:
        return nullcontext(sys.stdout.buffer)
    try:
        return path.open("ab" if arguments.resume else "wb")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _advice(arguments: argparse.Namespace) -> str:
    return "; the same command with --resume goes on from there" if arguments.output_file else ""


def _options(arguments: argparse.Namespace) -> CleanOptions:
    return {
        "keep_kinds": tuple(kind.value for kind in arguments.keep),
        "threshold": arguments.threshold,
        "whitespace": arguments.whitespace.upper(),
        "offset_unit": arguments.offset_unit.upper().replace("-", "_"),
        "allow_phrases": tuple(arguments.allow),
        "cautious": arguments.cautious,
        "cut_links": arguments.cut_links,
    }


@contextmanager
def _cleaner(arguments: argparse.Namespace) -> Iterator[Clean]:
    """Open the engine of this process, or a connection to a server that fits."""
    options = _options(arguments)
    try:
        client = _connect(arguments)
    except ValueError as error:
        raise UsageError(str(error)) from error
    with client:
        client.check()

        def clean(documents: Iterable[Document]) -> Iterator[Result | Failure]:
            return client.clean_many(documents, **options)

        yield clean


def _connect(arguments: argparse.Namespace) -> Client | LocalClient:
    # Rules are of this process: who names them does not mean the server that the environment names.
    connection = read_connection(arguments, {} if arguments.rules else None)
    if connection.server:
        tls = TLS(connection.roots, connection.key, connection.certificate, connection.name)
        return Client(connection.server, tls=tls if connection.tls else None, metadata=connection.metadata)
    from dehusk_server.local import LocalClient

    return LocalClient(open_engine(arguments.rules))
