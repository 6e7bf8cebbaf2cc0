"""HTML to its visible text: what shows, on which line, and what never runs together or apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

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
        assert markup.elements[element].start <= start
        assert end <= markup.ends[element]
        at = end
    assert at == len(markup.text)


@given(st.text(alphabet="ab <>/pdiv", max_size=200))
def test_elements_nest(html: str) -> None:
    """Parents come before their children and hold them."""
    markup = walked(html)
    for number, element in enumerate(markup.elements):
        assert -1 <= element.parent < number or (element.parent, number) == (-1, 0)
        assert element.block <= number
        assert element.start <= markup.ends[number]
        if element.parent >= 0:
            assert markup.elements[element.parent].start <= element.start
            assert markup.ends[number] <= markup.ends[element.parent]


def test_a_page_nested_without_end_is_walked() -> None:
    """A hundred thousand elements deep, without recursion."""
    assert walked("<div>" * 100_000 + "deep" + "</div>" * 100_000).text == "deep"
