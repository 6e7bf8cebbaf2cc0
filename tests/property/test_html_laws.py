"""The laws on HTML: any page whatever is tiled by its spans, and answered the same way every time."""

from __future__ import annotations

import functools

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.engine import Engine
from dehusk_server.model import Document, Status

TAGS = st.sampled_from(
    ["p", "div", "li", "ul", "a", "b", "h1", "nav", "article", "main", "table", "tr", "td", "pre", "script", "noscript",
     "template", "br", "img", "select", "svg", "title", "head", "body", "plaintext", "textarea", "dl", "dt", "form"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["The council met on Tuesday to talk about the bridge, which is shut.", "Share", "Read more", "\0", "\ud800",
     "&lt;", "&#0;", "漢字", " ", "\n", "<", ">", '"', "'", "<!--", "-->", "]]>", "é"]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", " class='comment'", " id=x", " style='display:none'", " hidden", " class=", ' a="', ">"]
)
MARKUP = st.lists(
    st.one_of(
        WORDS, st.builds(lambda tag, more: f"<{tag}{more}>", TAGS, ATTRIBUTES), TAGS.map(lambda tag: f"</{tag}>")
    ),
    min_size=1,
    max_size=40,
).map("".join)


@functools.cache
def engine() -> Engine:
    """The engine with the shipped rules."""
    return Engine()


@settings(max_examples=300)
@given(MARKUP)
def test_any_page_is_tiled_and_answered_alike(html: str) -> None:
    """Partition, reasons, paths, determinism and candour, on pages that are open where they should be closed."""
    answer = engine().clean(Document(html=html))
    again = engine().clean(Document(html=html))

    assert answer == again
    assert "".join(answer.partition.text(piece) for piece in answer.partition.pieces) == answer.partition.source
    assert all(piece.evidence for piece in answer.partition.removed())
    kept = "".join(answer.partition.text(piece) for piece in answer.partition.kept())
    assert "".join(answer.body.split()) == "".join(kept.split())
    if not answer.body:
        assert answer.status is not Status.OK
        assert answer.reasons
    parser = LexborHTMLParser(html.encode("utf-8", "replace").decode())
    for piece in answer.partition.removed():
        if answer.partition.text(piece).strip():
            assert piece.css_path
            assert parser.css_first(piece.css_path) is not None


@given(MARKUP)
def test_no_text_of_scripts_is_shown(html: str) -> None:
    """What no reader sees is no source."""
    page = f"<body><script>var hidden_word = 1</script>{html.replace('hidden_word', '')}</body>"

    assert "hidden_word" not in engine().clean(Document(html=page)).partition.source
