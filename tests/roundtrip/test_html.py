"""HTML in: the same engine and the same contract, with the page's visible text as the source."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dehusk import Client, Document, InvalidRequestError, OffsetUnit, Result, Status
from dehusk_server.config import Settings
from dehusk_server.local import LocalClient
from dehusk_server.serving.app import BackgroundServer

PAGE = """<!doctype html><html lang="de"><head><title>Die Brücke - Der Bote</title>
<meta property="og:title" content="Die Brücke"></head><body>
<nav><a href="/">Startseite</a><a href="/sport">Sport</a></nav>
<main><h1>Die Brücke</h1>
<p>Der Rat sprach am Dienstag über die <a href="/b">Brücke</a>, die seit der Flut im März gesperrt ist.</p>
<p>Niemand wusste zu sagen, wann die Arbeiten beginnen und wer am Ende für sie zahlen soll.</p></main>
<footer>© Der Bote</footer></body></html>"""


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundServer]:
    """A server with the shipped rules."""
    with BackgroundServer(Settings(port=0, notice_seconds=0.0)) as running:
        yield running


@pytest.fixture
def client(server: BackgroundServer) -> Iterator[Client]:
    """A client of that server."""
    with Client(server.target) as client:
        yield client


def answers(client: Client) -> list[Result]:
    """Return what every way answers to the same page."""
    with LocalClient() as local:
        [streamed] = client.clean_many([Document(html=PAGE)])
        assert isinstance(streamed, Result)
        return [client.clean(Document(html=PAGE)), streamed, local.clean(Document(html=PAGE))]


def test_every_way_gives_one_answer(client: Client) -> None:
    """Unary, stream and in-process agree to the last rule."""
    first, *others = answers(client)

    assert all(other == first for other in others)


def test_spans_tile_the_visible_text(client: Client) -> None:
    """Offsets point into the text that comes with the answer, and put together the spans are it."""
    answer = client.clean(Document(html=PAGE))

    assert "".join(answer.text_of(span) for span in answer.spans()) == answer.source
    assert answer.source.startswith("Startseite Sport")
    assert "über die Brücke, die seit" in answer.source


@pytest.mark.parametrize("unit", list(OffsetUnit))
def test_spans_are_cut_in_any_unit(client: Client, unit: OffsetUnit) -> None:
    """The source of HTML is the server's, in whatever unit offsets are asked for."""
    answer = client.clean(Document(html=PAGE), offset_unit=unit)

    assert "".join(answer.text_of(span) for span in answer.spans()) == answer.source


def test_bytes_are_read_in_their_own_encoding(client: Client) -> None:
    """What the transport names decides; the answer says which encoding it was."""
    answer = client.clean(Document(html=PAGE.encode("windows-1252"), charset="windows-1252"))

    assert (answer.encoding, answer.source) == ("windows-1252", client.clean(Document(html=PAGE)).source)


@pytest.mark.parametrize(
    ("content", "charset", "notes"),
    [
        (PAGE.encode("utf-8"), "", ()),
        (PAGE.encode("utf-8"), "latin-nonsense", ("the charset 'latin-nonsense' names no encoding and was ignored",)),
        (PAGE.encode("utf-8") + b"<p>caf\xe9</p>", "utf-8", ("some bytes are no utf-8; U+FFFD stands for each",)),
    ],
    ids=["a sound page", "an unknown charset", "a byte that is no UTF-8"],
)
def test_what_was_odd_about_the_bytes_is_said(
    client: Client, content: bytes, charset: str, notes: tuple[str, ...]
) -> None:
    """Nothing is replaced or ignored in silence; the status is that of the answer."""
    answer = client.clean(Document(html=content, charset=charset))

    assert (answer.notes, answer.status) == (notes, Status.OK)


def test_what_the_page_states_comes_with_the_answer(client: Client) -> None:
    """Title and language are the page's own."""
    answer = client.clean(Document(html=PAGE))

    assert (answer.title, answer.language) == ("Die Brücke", "de")


def test_a_place_is_explained(client: Client) -> None:
    """An offset into the visible text has its arguments, with the text that each rule matched."""
    source = client.clean(Document(html=PAGE)).source
    explanation = client.explain(Document(html=PAGE), source.index("Niemand"))

    assert not explanation.removed
    assert explanation.arguments
    assert all(one.matched_text in source for each in explanation.arguments for one in each.evidence)


def test_text_and_html_together_are_refused(client: Client) -> None:
    """One document is one page."""
    with pytest.raises(InvalidRequestError, match="both text and html"):
        client.clean(Document("text", html="<p>html"))
