"""HTML to its visible text: what shows, on which line, and what never runs together or apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dehusk_server.markup.burden import MOST_DEEP
from dehusk_server.markup.walk import Markup, flatten


def walked(html: str) -> Markup:
    """Walk a page."""
    return flatten(LexborHTMLParser(html))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>one <b>bold</b> and <a href=x>linked</a>, so.", "one bold and linked, so.", id="inline joins"),
        pytest.param("<p>un<b>break</b>able", "unbreakable", id="no blank is put into a word"),
        pytest.param("<div>a<div>b</div>c</div>", "a\nb\nc", id="blocks part"),
        pytest.param("<p>a</p><p>b</p>", "a\n\nb", id="paragraphs stand apart"),
        pytest.param("<p>  a \n\t b&nbsp;c </p>", "a b c", id="blanks are one"),
        pytest.param("<p>a<br>b<br><br>c", "a\nb\n\nc", id="br ends a line, two leave one blank"),
        pytest.param("<pre>  a\n    b\n\nc</pre>", "  a\n    b\n\nc", id="pre keeps its lines"),
        pytest.param("<p>a <code>x = 1</code> b", "a x = 1 b", id="code inside a sentence"),
        pytest.param("<ul><li>a<li>b <i>c</i></ul>", "a\nb c", id="list items"),
        pytest.param("<dl><dt>term<dd>what it is</dl>", "term\nwhat it is", id="definition list"),
        pytest.param("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a\tb\n1\t2", id="table rows and cells"),
        pytest.param("<nav><a>Home</a><a>News</a></nav>", "Home News", id="links side by side"),
        pytest.param("<p>x<a>y</a>z", "xyz", id="a link inside a word"),
        pytest.param("<span style='display: block'>a</span><span style='display:block'>b</span>", "a\nb", id="styled"),
        pytest.param("<p>a<noscript><p>b</noscript>", "a\n\nb", id="noscript is read"),
        pytest.param("<noscript><article><p>thread</article></noscript>", "thread", id="a thread in noscript"),
        pytest.param("a<script>x()</script><style>y</style><template>t</template>b", "ab", id="code is not"),
        pytest.param("a<!-- c -->b<?php p ?>c", "abc", id="nor comments"),
        pytest.param("<select><option>1</select><textarea>t</textarea><svg><text>s</text></svg>a", "a", id="nor forms"),
        pytest.param("<iframe>fallback</iframe><video>fallback</video><object>old</object>a", "a", id="nor fallbacks"),
        pytest.param("<figure><img alt=x><figcaption>a boat</figcaption></figure><p>b", "a boat\n\nb", id="figures"),
        pytest.param("<blockquote class=twitter-tweet><p>said</p>- x <a>date</a></blockquote>", "said\n\n- x date",
                     id="an embedded post"),
        pytest.param("<details><summary>more</summary>inside</details>", "more\ninside", id="details are read"),
        pytest.param("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", "漢字", id="readings beside ruby are not"),
        pytest.param("<p>a<p>b<div>c</p>d", "a\n\nb\n\nc\n\nd", id="what is not closed"),
        pytest.param("plain words", "plain words", id="no markup at all"),
        pytest.param("&lt;b&gt; &amp; &nosuch; &#x1F600;", "<b> & &nosuch; 😀", id="entities"),
        pytest.param("<title>t</title><head><meta></head>", "", id="a head alone"),
    ],
)  # fmt: skip
def test_what_shows(html: str, text: str) -> None:
    """Each thing that pages do, and the text that it gives."""
    assert walked(html).text == text


@given(st.text(alphabet="ab <>/=\"'!-&;\n\t\0pdivtablerscu1", max_size=300))
def test_any_input_gives_runs_that_lie_in_the_text(html: str) -> None:
    """Text nodes lie in order, none overlap, what is between them is blank, and each has an element that holds it."""
    markup = walked(html)
    at = 0
    for start, end, element in markup.runs:
        assert at <= start < end
        assert not markup.text[at:start].strip()
        assert markup.elements.start[element] <= start
        assert end <= markup.elements.end[element]
        at = end
    assert at == len(markup.text)


@given(st.text(alphabet="ab <>/pdiv", max_size=200))
def test_elements_nest(html: str) -> None:
    """Parents come before their children and hold them."""
    elements = walked(html).elements
    for number, parent in enumerate(elements.parent):
        assert -1 <= parent < number or (parent, number) == (-1, 0)
        assert elements.block[number] <= number
        assert elements.start[number] <= elements.end[number]
        if parent < 0:
            assert elements.depth[number] == 0
        else:
            assert elements.depth[number] == elements.depth[parent] + 1
            assert elements.start[parent] <= elements.start[number]
            assert elements.end[number] <= elements.end[parent]


def test_a_page_as_deep_as_is_parsed_is_walked() -> None:
    """Without recursion."""
    assert walked("<div>" * MOST_DEEP + "deep" + "</div>" * MOST_DEEP).text == "deep"


def test_blank_pieces_of_code_without_end_cost_what_they_are() -> None:
    """What stands between two pieces of code is kept so far, not for ever."""
    text = walked("<pre>a" + "<b> \n</b>" * 200_000 + "b</pre>").text

    assert text.split() == ["a", "b"]
    assert len(text) < 2_000
