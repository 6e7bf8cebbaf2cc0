"""Results for browsers to show."""

from __future__ import annotations

from dehusk import Evidence, Kept, Kind, Removed, Result
from dehusk.render_html import Pages
from unit.client.results import result

HUSK = tuple(kind for kind in Kind if kind is not Kind.BODY)

PARTS: tuple[tuple[str, Kind | None], ...] = (
    ("Home\nNews\n", Kind.NAVIGATION),
    ("The council met on Tuesday.", None),
    ("READ MORE: Another story\n", Kind.RELATED),
    ("The bridge stays shut.\n", None),
    ("Share on Facebook\n", Kind.SHARE),
    ("Share on X\n", Kind.SHARE),
)
"""A page with a removal inside a line."""

BODY = "The council met on Tuesday.\nThe bridge stays shut."


def sample() -> Result:
    """Return a small result with four removed spans."""
    return result(*PARTS, body=BODY, title="The bridge")


def with_kept() -> Result:
    """Return a result in which a caption was found and kept, and one was removed."""
    kept = (Kept(0, 10, Kind.CAPTION, 0.5), Kept(10, 20, Kind.BODY, 0.7))
    return result(("A caption\n", None), ("The story\n", None), ("A caption\n", Kind.CAPTION), kept=kept)


def every_kind() -> Result:
    """Return a result with one removed span of each kind."""
    return result(("The story.\n", None), *((f"Husk of kind {kind.value}\n", kind) for kind in HUSK))


def with_path(path: str) -> Result:
    """Return a result of HTML, whose removed span knows where it stood, with two rules."""
    evidence = (Evidence("phrase:share", 1.25, "Share", 0, 5), Evidence("shape:short", -0.5, "Share this", 0, 10))
    return result(
        ("Share this", None), removed=(Removed(0, 10, Kind.SHARE, 0.9375, "Share this", evidence, path),), kept=()
    )


def large(spans: int) -> Result:
    """Return a result of so many removed spans, with prose between them."""
    prose = ("The council met on Tuesday to talk about the bridge. " * 2 + "\n", None)
    return result(*(part for number in range(spans) for part in (prose, ("Read more\n", HUSK[number % len(HUSK)]))))


def many() -> str:
    """Return one page of two results and a failure."""
    pages = Pages()
    shown = (
        pages.start(),
        pages.result("first.txt", sample()),
        pages.failure("second.txt", "INVALID_ARGUMENT: the file is empty"),
        pages.result("third.txt", every_kind()),
        pages.end(),
    )
    return "".join(shown)
