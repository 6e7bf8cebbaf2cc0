"""Each law check fails on a cleaner that breaks that law, and passes on an honest one that removes things."""

# ruff: noqa: D102 - the class says how it breaks the method that it overrides

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

import laws
from dehusk_server.model import Cleaning, Document, Evidence, Kind, Options, Partition, Piece, Status, Whitespace
from dehusk_server.rules.rule import Family, Rule, Support
from dehusk_server.rules.ruleset import RuleSet
from strategies import PAGES

TEXT = "Menu\nIt rained.  \r\nRead more\nAnd then\nMenu\nit stopped.\n"
RULES = RuleSet(
    version="1",
    sha256="",
    learned="",
    provenance={},
    rules=(
        Rule(
            "phrase:menu", Family.PHRASE, "Menu or Read more", {Kind.NAVIGATION: 2.0}, Support(1, 1, 1.0), "2025-01-01"
        ),
    ),
)


class Honest:
    """Removes lines that say Menu or Read more, as the laws want it."""

    def __init__(self) -> None:
        self.rules = RULES

    def clean(self, document: Document, options: Options | None = None) -> Cleaning:
        """Clean one document."""
        options = options or Options()
        pieces = tuple(self.pieces(document.text, options))
        kept = "".join(document.text[p.start : p.end] for p in pieces if not p.removed)
        body = self.body(kept, pieces, options)
        return Cleaning(self.partition(document.text, pieces), body, Status.OK)

    def partition(self, text: str, pieces: tuple[Piece, ...]) -> Partition:
        """Build the partition past its own checks, so that a broken one can exist."""
        made = object.__new__(Partition)
        object.__setattr__(made, "source", text)
        object.__setattr__(made, "pieces", pieces)
        return made

    def pieces(self, text: str, options: Options) -> list[Piece]:
        """Cut the text at line ends."""
        lines = list(itertools.accumulate((len(line) for line in text.splitlines(keepends=True)), initial=0))
        return [self.piece(text, start, end, options) for start, end in itertools.pairwise(lines)]

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        """Decide one line."""
        husk = re.match(r"Menu|Read more", text[start:end])
        if husk is None:
            return Piece(start, end, Kind.BODY, removed=False, confidence=0.8)
        evidence = (Evidence("phrase:menu", 2.0, start, start + husk.end()),)
        stays = Kind.NAVIGATION in options.keep_kinds or (options.threshold or 0.5) > 0.8
        stays = stays or any(self.covers(text, phrase, start, end) for phrase in options.allow_phrases)
        return Piece(start, end, Kind.NAVIGATION, removed=not stays, confidence=0.8, evidence=evidence)

    def covers(self, text: str, phrase: str, start: int, end: int) -> bool:
        """Tell whether an occurrence of a phrase touches a stretch."""
        places = (match.start() for match in re.finditer(f"(?={re.escape(phrase)})", text))
        return any(place < end and start < place + len(phrase) for place in places)

    def body(self, kept: str, pieces: tuple[Piece, ...], options: Options) -> str:
        """Tidy the kept text, or leave it."""
        if options.whitespace is Whitespace.VERBATIM:
            return kept
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept.splitlines())).strip()


class LosesTheLastPiece(Honest):
    """Ends before the text does."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        return super().pieces(text, options)[:-1]


class Overlaps(Honest):
    """Begins each piece one character early."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        return [replace(piece, start=max(0, piece.start - 1)) for piece in super().pieces(text, options)]


class ReordersPieces(Honest):
    """Gives the pieces backwards."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        return super().pieces(text, options)[::-1]


class AnswersForAnotherText(Honest):
    """Normalises the source before it answers."""

    def partition(self, text: str, pieces: tuple[Piece, ...]) -> Partition:
        return super().partition(text.replace("\r", " "), pieces)


class AltersWords(Honest):
    """Mends a spelling."""

    def body(self, kept: str, pieces: tuple[Piece, ...], options: Options) -> str:
        return super().body(kept, pieces, options).replace("rained", "RAINED")


class ReordersWords(Honest):
    """Sorts the lines of the body."""

    def body(self, kept: str, pieces: tuple[Piece, ...], options: Options) -> str:
        tidy = super().body(kept, pieces, options)
        return tidy if options.whitespace is Whitespace.VERBATIM else "\n".join(sorted(tidy.split("\n")))


class JoinsWords(Honest):
    """Takes the line end before a removed line along with it, and the kept words meet."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        pieces = super().pieces(text, options)
        for number in range(1, len(pieces)):
            if pieces[number].removed and not pieces[number - 1].removed:
                pieces[number - 1] = replace(pieces[number - 1], end=pieces[number - 1].end - 1)
                pieces[number] = replace(pieces[number], start=pieces[number].start - 1)
        return pieces


class TidiesVerbatim(Honest):
    """Trims what it was asked to leave."""

    def body(self, kept: str, pieces: tuple[Piece, ...], options: Options) -> str:
        return kept.strip()


class RemovesMoreWhenTidy(Honest):
    """Lets the white space option change the decision."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        piece = super().piece(text, start, end, options)
        return piece if options.whitespace is Whitespace.TIDY else replace(piece, removed=False)


class GivesNoReason(Honest):
    """Removes without evidence."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return replace(super().piece(text, start, end, options), evidence=())


class NamesAnUnknownRule(Honest):
    """Points to a rule that cannot be looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.rules = replace(RULES, rules=())


class RemovesBody(Honest):
    """Gives a removal no kind of husk."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return replace(super().piece(text, start, end, options), kind=Kind.BODY)


class IsMoreThanSure(Honest):
    """Is confident beyond one."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return replace(super().piece(text, start, end, options), confidence=1.5)


class PointsOffTheText(Honest):
    """Finds its evidence after the end of the text."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        piece = super().piece(text, start, end, options)
        far = tuple(replace(evidence, end=len(text) + 1) for evidence in piece.evidence)
        return replace(piece, evidence=far)


class WeighsNothingKnown(Honest):
    """Weighs its evidence by not-a-number."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        piece = super().piece(text, start, end, options)
        return replace(piece, evidence=tuple(replace(e, weight=float("nan")) for e in piece.evidence))


class Remembers(Honest):
    """Lets one request change the next."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        self.seen += 1
        return replace(super().piece(text, start, end, options), confidence=1 / (1 + self.seen))


class DiffersByInstance(Honest):
    """Answers by which instance was asked."""

    instances = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.number = next(self.instances)

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return replace(super().piece(text, start, end, options), confidence=1 / (1 + self.number % 7))


class DeafToTheAllowList(Honest):
    """Removes what the caller allows."""

    def covers(self, text: str, phrase: str, start: int, end: int) -> bool:
        return False


class AllowsTheFirstPlaceOnly(Honest):
    """Keeps the first occurrence of an allowed phrase and no other."""

    def covers(self, text: str, phrase: str, start: int, end: int) -> bool:
        place = text.find(phrase)
        return place < end and start < place + len(phrase)


class AllowsWholeLinesOnly(Honest):
    """Keeps an allowed phrase where it stands inside one line, not across two."""

    def covers(self, text: str, phrase: str, start: int, end: int) -> bool:
        return phrase in text[start:end]


class DeafToKeptKinds(Honest):
    """Removes kinds that the caller keeps."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return super().piece(text, start, end, replace(options, keep_kinds=frozenset()))


class ThresholdUpsideDown(Honest):
    """Removes more when asked for more confidence."""

    def piece(self, text: str, start: int, end: int, options: Options) -> Piece:
        return super().piece(text, start, end, replace(options, threshold=1 - (options.threshold or 0.5)))


class ComparesEveryPairOfLines(Honest):
    """Works in the square of the lines."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        pieces = super().pieces(text, options)
        for one in pieces:
            for other in pieces:
                if one is other:
                    break
        return pieces


class KeepsEveryPrefix(Honest):
    """Takes memory in the square of the text."""

    def pieces(self, text: str, options: Options) -> list[Piece]:
        pieces = super().pieces(text, options)
        prefixes = [text[: piece.end] for piece in pieces]
        return pieces[: len(prefixes)]


Check = Callable[[Honest, str], None]


def one_answer(cleaner: Honest, text: str) -> None:
    """Law 4 for the class of a cleaner."""
    laws.same_answers(type(cleaner), [text, PAGES["husk around prose"], text])


def allow_word(cleaner: Honest, text: str) -> None:
    """The allow-list check for a phrase inside a line."""
    laws.allow_list(cleaner, text, "Menu")


def allow_across_lines(cleaner: Honest, text: str) -> None:
    """The allow-list check for a phrase that reaches over a line end."""
    laws.allow_list(cleaner, text, "more\nAnd")


def keep(cleaner: Honest, text: str) -> None:
    """The check of kept kinds."""
    laws.kept_kinds(cleaner, text, frozenset({Kind.NAVIGATION}))


def thresholds(cleaner: Honest, text: str) -> None:
    """The threshold check between a low and the highest threshold."""
    laws.threshold(cleaner, text, 0.1, 1.0)


def work(cleaner: Honest, text: str) -> None:
    """The cost check on many short lines."""
    laws.linear_work(cleaner, text * 8)


CHECKS: tuple[Check, ...] = (
    laws.partition,
    laws.body,
    laws.tidiness,
    laws.reason,
    one_answer,
    allow_word,
    allow_across_lines,
    keep,
    thresholds,
    work,
)
BROKEN: tuple[tuple[type[Honest], Check], ...] = (
    (LosesTheLastPiece, laws.partition),
    (Overlaps, laws.partition),
    (ReordersPieces, laws.partition),
    (AnswersForAnotherText, laws.partition),
    (AltersWords, laws.body),
    (ReordersWords, laws.body),
    (JoinsWords, laws.body),
    (TidiesVerbatim, laws.body),
    (RemovesMoreWhenTidy, laws.body),
    (GivesNoReason, laws.reason),
    (NamesAnUnknownRule, laws.reason),
    (RemovesBody, laws.reason),
    (IsMoreThanSure, laws.reason),
    (PointsOffTheText, laws.reason),
    (WeighsNothingKnown, laws.reason),
    (Remembers, one_answer),
    (DiffersByInstance, one_answer),
    (DeafToTheAllowList, allow_word),
    (AllowsTheFirstPlaceOnly, allow_word),
    (AllowsWholeLinesOnly, allow_across_lines),
    (DeafToKeptKinds, keep),
    (ThresholdUpsideDown, thresholds),
    (ComparesEveryPairOfLines, work),
    (KeepsEveryPrefix, work),
)


HONEST_CASES = [
    pytest.param(check, text, id=f"{check.__name__}-{name}")
    for check in CHECKS
    for name, text in {"mixed": TEXT, **PAGES}.items()
    if check is not work or len(text) < 2500  # counting every step of a giant text is slow
]


@pytest.mark.parametrize(("check", "text"), HONEST_CASES)
def test_an_honest_cleaner_keeps_every_law(check: Check, text: str) -> None:
    """Removing things is lawful: no check fails for the wrong reason."""
    check(Honest(), text)


@pytest.mark.parametrize(("broken", "check"), BROKEN, ids=[cleaner.__name__ for cleaner, _ in BROKEN])
def test_a_broken_law_is_noticed(broken: type[Honest], check: Check) -> None:
    """The check of the law that a cleaner breaks fails on it."""
    text = "Menu\nIt rained.\n" * 40 if check is work else TEXT

    with pytest.raises(AssertionError):
        check(broken(), text)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda body: body + " ", id="blank at the end"),
        pytest.param(lambda body: body.replace("\n", "\r\n"), id="carriage returns"),
        pytest.param(lambda body: body.replace("\n", " \n"), id="blanks before line ends"),
        pytest.param(lambda body: body.replace("\n", "\n\n\n"), id="blank lines"),
        pytest.param(lambda body: body.replace("\n", "\u2028"), id="line separators"),
    ],
)
def test_untidy_white_space_is_noticed(spoil: Callable[[str], str]) -> None:
    """Each promise of the tidying rule is looked at."""

    class Untidy(Honest):
        """Spoils the tidy body."""

        def body(self, kept: str, pieces: tuple[Piece, ...], options: Options) -> str:
            return spoil(super().body(kept, pieces, options))

    with pytest.raises(AssertionError):
        laws.tidiness(Untidy(), TEXT)
