"""``dehusk learn``: labelled corpora to a rule set, the same bytes from the same corpora and seed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from dehusk_server.learning import readings, written
from dehusk_server.learning.corpora import corpus_files
from dehusk_server.learning.examples import Example
from dehusk_server.learning.gather import read_examples
from dehusk_server.learning.html_examples import HtmlExample, read_html_examples
from dehusk_server.learning.train import Recipe, train

LEARNED: Final = "2026-11-22"
"""Day of the corpora that the shipped set was learned from; part of the file, so not the day of the run."""


def main_learn(corpora: Sequence[Path], output: Path, *, seed: int = 0) -> None:
    """Learn a rule set and write it; says on standard error what is learned from what.

    Args:
        corpora: root folders with the shelves ``seed``, ``spans``, ``flat``, ``news`` and ``html``.
        output: file to write; replaced whole, only once the set is complete.
        seed: of everything that is drawn.

    Raises:
        CorpusError: a corpus cannot be read.
        OSError: the file cannot be written.
    """
    if not output.parent.is_dir():
        raise FileNotFoundError(f"{output.parent}: no such folder to write the rule set to")
    examples = gather_examples(corpora, seed)
    recipe = Recipe(seed=seed)
    html = gather_html(corpora)
    provenance = describe(corpora, examples, recipe, html)
    content = train(examples, recipe, html=html, provenance=provenance, learned=LEARNED, say=say)
    temporary = output.with_name(output.name + ".part")
    temporary.write_bytes(content)
    temporary.replace(output)
    digest = hashlib.sha256(content).hexdigest()
    say(f"wrote {output}: {content.count(10) - 1} rules, {len(content) / 1e6:.1f} MB, sha256 {digest}")


def gather_examples(corpora: Sequence[Path], seed: int) -> list[Example]:
    """Measure every labelled page of the corpora."""
    examples = [example for root in corpora for example in read_examples(root, seed)]
    by_shelf = {
        shelf: sum(example.shelf == shelf for example in examples)
        for shelf in ("seed", "spans", "read", "flat", "calm", "news")
    }
    say("pages: " + ", ".join(f"{count} {shelf}" for shelf, count in by_shelf.items()))
    return examples


def gather_html(corpora: Sequence[Path]) -> list[HtmlExample]:
    """Measure every HTML page of the corpora."""
    return [example for root in corpora for example in read_html_examples(root)]


def describe(
    corpora: Sequence[Path], examples: Sequence[Example], recipe: Recipe, html: Sequence[HtmlExample] = ()
) -> dict[str, str]:
    """Say what a set was learned from: digests of the files, pages, sites, lines and the recipe."""
    files: dict[str, str] = {}
    for root in corpora:
        for path in (*corpus_files(root), *(corpus_files(root / "html") if (root / "html").is_dir() else ())):
            files[f"{path.parent.name}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    of_html = {"html_pages": str(len(html)), "html_lines": str(sum(example.text.lines for example in html))}
    return {
        **files,
        "readings": readings.content_digest(),
        "written": written.content_digest(),
        "pages": str(len(examples)),
        "sites": str(len({example.site for example in examples})),
        "lines": str(sum(example.lines for example in examples)),
        **(of_html if html else {}),
        "recipe": wording(recipe),
    }


def wording(recipe: Recipe) -> str:
    """Write a recipe's numbers in one line."""
    return ", ".join(f"{name}={value}" for name, value in flat(asdict(recipe)))


def flat(numbers: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the numbers of nested mappings with dotted names."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def say(text: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
