"""The arguments of every command. Standard library only; the commands themselves are imported when they run."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from dehusk_server.cli import values
from dehusk_server.cli.connection import TWINS, add_connection
from dehusk_server.cli.settings import add_settings
from dehusk_server.model import HUSK_KINDS, Whitespace

OFFSET_UNITS = ("code-points", "utf8-bytes", "utf16-units")
DEFAULT_ADDRESS = "127.0.0.1:50051"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``dehusk``; each command's ``run`` takes the arguments and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="dehusk",
        description="Takes the husk off scraped pages: the article body, and every removed span with kind and rules.",
        epilog="Exit status: 0 all went well, 1 some documents failed, 2 wrong use.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_clean(commands)
    _add_serve(commands)
    _add_health(commands)
    _add_learn(commands)
    _add_evaluate(commands)
    _add_rules(commands)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del namespace, values, option_string
        from importlib.metadata import version

        sys.stdout.write(f"dehusk {version('dehusk')}\n")
        parser.exit()


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _run(module: str, function: str = "run") -> Callable[[argparse.Namespace], int]:
    """Return a function that imports the command's module and runs it."""

    def run(arguments: argparse.Namespace) -> int:
        command: Callable[[argparse.Namespace], int] = getattr(
            importlib.import_module(f"dehusk_server.cli.{module}"), function
        )
        return command(arguments)

    return run


def _add_clean(commands: _Commands[argparse.ArgumentParser]) -> None:
    clean = commands.add_parser(
        "clean",
        help="clean pages",
        description="Clean pages: in this process, or through a server.",
        epilog=f"Exit status: 0 all documents were cleaned, 1 some failed (each says why), 2 wrong use. {TWINS}",
    )
    clean.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="pages, or - for standard input")
    clean.add_argument("--server", metavar="HOST:PORT", help="clean through this server; without one, in this process")
    add_connection(clean)
    clean.add_argument(
        "--input",
        choices=("auto", "text", "html", "jsonl"),
        default="auto",
        help="what the files hold; auto goes by the name (.jsonl, .html), for standard input by how it begins",
    )
    clean.add_argument(
        "--output",
        choices=("text", "json", "jsonl", "html", "ansi"),
        help="what to write: body, records, or spans coloured by kind (default: jsonl for JSON Lines, else text)",
    )
    clean.add_argument("-o", "--output-file", type=Path, metavar="FILE", help="write here instead of standard output")
    clean.add_argument(
        "--resume",
        action="store_true",
        help="go on where an interrupted job stopped: keep the answers in the -o FILE and clean the rest (jsonl only)",
    )
    _add_options(clean)
    clean.add_argument("--rules", type=Path, metavar="PATH", help="rule set to clean by (in this process only)")
    clean.add_argument("--no-progress", action="store_true", help="no progress bar, even on a terminal")
    clean.set_defaults(run=_run("clean"))


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        type=values.husk_kind,
        metavar="KIND",
        help=f"leave this kind in the body; may be repeated ({', '.join(HUSK_KINDS)})",
    )
    parser.add_argument(
        "--threshold",
        type=values.probability,
        metavar="P",
        help="confidence 0..1 a removal needs (default: the rules')",
    )
    parser.add_argument(
        "--whitespace",
        type=str.lower,
        choices=[choice.lower() for choice in Whitespace],
        default="tidy",
        help="tidy the body's white space, or leave it untouched (default: tidy)",
    )
    parser.add_argument(
        "--allow",
        action="append",
        default=[],
        metavar="PHRASE",
        help="never remove this phrase, letter for letter; may be repeated",
    )
    parser.add_argument(
        "--cautious", action="store_true", help="of a doubtful page remove only what is husk beyond doubt"
    )
    parser.add_argument(
        "--cut-links",
        action="store_true",
        help="cut markdown links down to their words, and markdown images, out of the body",
    )
    parser.add_argument(
        "--offset-unit", choices=OFFSET_UNITS, default="code-points", help="what offsets count (default: code-points)"
    )


def _add_serve(commands: _Commands[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="run the gRPC service",
        description="Run the gRPC service until SIGTERM; calls under way may finish, a second signal ends them.",
        epilog="Each flag has a twin in the environment, which it overrides: DEHUSK_THREADS=4, DEHUSK_RULES=PATH.",
    )
    serve.add_argument("--address", metavar="HOST:PORT", help="host and port in one, or unix:PATH")
    serve.add_argument("--check", action="store_true", help="try settings, rules, certificates and tokens, and stop")
    add_settings(serve)
    serve.set_defaults(run=_run("serve"))


def _add_health(commands: _Commands[argparse.ArgumentParser]) -> None:
    health = commands.add_parser(
        "health",
        help="ask a server whether it serves",
        description="Ask a server whether it serves. Exit status: 0 it does, 1 it does not (yet).",
        epilog=TWINS,
    )
    health.add_argument("--server", metavar="HOST:PORT", help=f"default: {DEFAULT_ADDRESS}")
    add_connection(health)
    health.add_argument("--timeout", type=values.seconds, default=3.0, metavar="SECONDS", help="default: 3")
    health.add_argument("--wait", action="store_true", help="use the whole time-out to wait until it serves")
    health.set_defaults(run=_run("health"))


def _add_learn(commands: _Commands[argparse.ArgumentParser]) -> None:
    learn = commands.add_parser(
        "learn",
        help="learn a rule set from labelled pages",
        description="Learn a rule set from labelled corpora. Corpora and seed decide it to the byte.",
    )
    learn.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS", help="folders or files of labelled pages")
    learn.add_argument("-o", "--output", type=Path, required=True, metavar="RULES", help="where to write the rule set")
    learn.add_argument("--seed", type=int, default=0, help="of every draw (default: 0)")
    learn.set_defaults(run=_run("learn"))


def _add_evaluate(commands: _Commands[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="score a rule set on labelled pages",
        description="Score a rule set on labelled corpora, by flattening style and kind, with confidence intervals.",
    )
    evaluate.add_argument(
        "rules", metavar="RULES", help='path of a rule set, or "shipped" for the one that is built in'
    )
    evaluate.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS", help="folders or files of labelled pages")
    evaluate.add_argument("--output", choices=("text", "json"), default="text", help="default: text")
    evaluate.set_defaults(run=_run("evaluate"))


def _add_rules(commands: _Commands[argparse.ArgumentParser]) -> None:
    rules = commands.add_parser("rules", help="look into rule sets", description="Look into rule sets.")
    actions = rules.add_subparsers(title="actions", metavar="ACTION", required=True)

    show = actions.add_parser("show", help="list rules with weights and evidence", description="List rules by kind.")
    show.add_argument("ids", nargs="*", metavar="ID", help="only these rules, whole")
    show.add_argument("--rules", type=Path, metavar="PATH", help="rule set to read (default: the shipped one)")
    show.add_argument("--kind", type=values.kind, metavar="KIND", help="only rules that speak most for this kind")
    show.add_argument("--limit", type=values.count, metavar="N", help="at most so many rules of each kind")
    show.add_argument("--output", choices=("text", "json"), default="text", help="default: text")
    show.set_defaults(run=_run("rules", "show"))

    diff = actions.add_parser("diff", help="what changed between two rule sets", description="Compare two rule sets.")
    diff.add_argument("before", metavar="A", help='path of a rule set, or "shipped"')
    diff.add_argument("after", metavar="B", help='path of a rule set, or "shipped"')
    diff.add_argument(
        "--tolerance", type=values.tolerance, default=0.0, metavar="W", help="weights this close are equal (default: 0)"
    )
    diff.set_defaults(run=_run("rules", "diff"))

    explain = actions.add_parser(
        "explain",
        help="why a place was kept or removed",
        description="Say for one place of a page what spoke for keeping it and for each kind.",
    )
    explain.add_argument("file", metavar="FILE", help="the page as text, or - for standard input")
    where = explain.add_mutually_exclusive_group(required=True)
    where.add_argument("--offset", type=int, metavar="N", help="the place, in code points from 0")
    where.add_argument("--find", metavar="TEXT", help="the place where this text first stands")
    explain.add_argument("--rules", type=Path, metavar="PATH", help="rule set to ask (default: the shipped one)")
    explain.add_argument("--limit", type=values.count, default=4, metavar="N", help="kinds to show (default: 4)")
    explain.set_defaults(run=_run("rules", "explain"))
