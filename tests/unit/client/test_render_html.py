"""Pages and fragments of results: everything is there, nothing of the cleaned page is obeyed, nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk import Evidence, Kept, Kind, OffsetUnit, Removed, Result, Status
from dehusk.render_html import Pages, fragment, page
from dehusk.render_html.assets import fragment_style, page_script, page_style
from unit.client.results import result

HOSTILE = "<script>alert('x')</script></pre></style>&amp;\"--><img src=x onerror=alert(1)>\x1b[31m"


class Read(HTMLParser):
    """A page, read: its tags with their attributes, and the text of each ``<pre>``."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "pre":
            self._within = str(dict(attrs).get("class", "only"))
            self.texts[self._within] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a text."""
        self._within = "" if tag == "pre" else self._within

    def handle_data(self, data: str) -> None:
        """Collect a text."""
        if self._within:
            self.texts[self._within] += data

    @property
    def skeleton(self) -> list[tuple[str, list[str]]]:
        """The tags and the names of their attributes: what no text may change."""
        return [(tag, sorted(attributes)) for tag, attributes in self.tags]

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def holding(text: str) -> Result:
    """Return a result that holds a text wherever a page or a rule set can put one."""
    removed = Removed(0, len(text), Kind.SHARE, 0.9, text, (Evidence(text, 2.0, text, 0, len(text)),), text)
    words: dict[str, Any] = dict.fromkeys(("id", "title", "byline", "published", "language", "rules_version"), text)
    kept = (Kept(len(text), 2 * len(text), Kind.BODY, 0.7),)
    return result(
        (text, Kind.SHARE), (text, None), removed=(removed,), kept=kept, status=Status.SUSPECT, reasons=(text,), **words
    )


any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
hostile_text = st.lists(st.sampled_from([*HOSTILE, *HOSTILE.split(">"), "'", "`", "\r", "\0"]), min_size=1).map("".join)


@given(text=any_text | hostile_text)
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever the page, its rules and its names hold, the tags and attributes are those of a harmless page."""
    pages = Pages()
    many = f"{pages.start()}{pages.result(text, holding(text))}{pages.failure(text, text)}{pages.end()}"
    pages = Pages()
    harmless = f"{pages.start()}{pages.result('a', holding('a'))}{pages.failure('a', 'a')}{pages.end()}"

    assert Read(page(holding(text))).skeleton == Read(page(holding("a"))).skeleton
    assert Read(fragment(holding(text))).skeleton == Read(fragment(holding("a"))).skeleton
    assert Read(many).skeleton == Read(harmless).skeleton


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), unit=st.sampled_from(list(OffsetUnit)))
def test_the_whole_source_and_the_body_are_shown(text: str, unit: OffsetUnit) -> None:
    """What a browser shows is the source, character by character; the other view is the body."""
    answer = result((text, Kind.SHARE), (text, None), unit=unit)

    texts = Read(answer.as_html()).texts

    assert texts["source"].removeprefix("\n") == text + text
    assert texts["body"].removeprefix("\n") == text
    assert Read(answer._repr_html_()).texts["only"].removeprefix("\n") == text + text


@given(text=any_text)
def test_evidence_arrives_unharmed(text: str) -> None:
    """What the script reads of a span is its evidence, value by value; a long match is cut and says so."""
    (mark,) = Read(page(holding(text))).all("mark")

    assert json.loads(mark["data-evidence"]) == [[text, "+2.00", text if len(text) <= 120 else text[:120] + "…"]]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_every_line_end_breaks_a_line(end: str) -> None:
    """Browsers break no line at a carriage return, so none is left to them."""
    assert Read(result((f"a{end}b", None)).as_html()).texts["source"].removeprefix("\n") == "a\nb"


def test_each_removed_span_says_why() -> None:
    """Kind, confidence and rules stand in the title, for those without scripts; the rest beside them."""
    removed = Removed(0, 1, Kind.SHARE, 0.9375, "a", (Evidence("r", 2.0, "a", 0, 1),), "nav > p")

    (mark,) = Read(result(("a", None), removed=(removed,), kept=()).as_html()).all("mark")

    assert mark["title"] == "SHARE 0.94: r"
    assert (mark["data-kind"], mark["data-confidence"], mark["data-at"]) == ("SHARE", "0.9375", "0 to 1")
    assert mark["data-css-path"] == "nav > p"


def test_text_input_shows_no_path() -> None:
    """Where the source was no HTML, no element is spoken of."""
    assert "data-css-path" not in Read(result(("a", Kind.SHARE)).as_html()).all("mark")[0]


def test_husk_that_was_kept_is_no_mark_and_says_that_it_was_kept() -> None:
    """A kept span of a husk kind is shown as kept, and is not among the removed."""
    read = Read(result(("a", None), kept=(Kept(0, 1, Kind.CAPTION, 0.5),)).as_html())

    assert [each["title"] for each in read.all("span") if "kept" in each.get("class", "")] == ["CAPTION 0.50, kept"]
    assert read.all("mark") == []


def test_the_legend_counts_each_kind_once() -> None:
    """The kinds that occur stand in the legend, in their order, with spans, characters and what was kept."""
    shown = result(("ab", Kind.SHARE), ("c", None), ("d", Kind.SHARE), ("e" * 1000, Kind.RELATED)).as_html()

    assert [each["value"] for each in Read(shown).all("input") if each.get("name") == "kind"] == ["RELATED", "SHARE"]
    amounts = re.findall(r'<span class="amount">([^<]*)</span>', shown)
    assert amounts == ["1 span", "1,000 characters", "2 spans", "3 characters"]


def test_the_summary_names_status_reasons_counts_and_rules() -> None:
    """The first lines say how far the answer can be trusted, why, how much went, by which rules."""
    shown = result(("abc", Kind.SHARE), ("d", None), status=Status.SUSPECT, reasons=("Half of it.",)).as_html()

    text = re.sub(r"<[^>]*>", "", shown)
    assert "Status SUSPECT: 1 span removed, 3 of 4 characters (75%); rule set 7." in text
    assert "<li>Half of it.</li>" in shown


def test_a_page_without_husk_says_so() -> None:
    """Where nothing was removed there is nothing to switch, and an empty body is said to be empty."""
    assert "Nothing was removed." in result(("a", None)).as_html()
    assert "The body is empty." in result(("a", Kind.SHARE)).as_html()


def test_the_policy_lets_the_pages_own_style_and_script_run_and_no_other() -> None:
    """The hashes are those of what stands in the page; everything that is not named is refused."""
    shown = result(("a", Kind.SHARE)).as_html()
    parts = {name: re.findall(f"<{name}>(.*?)</{name}>", shown, re.DOTALL) for name in ("style", "script")}
    digests = {
        name: base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        for name, (text,) in parts.items()
    }

    (policy,) = (
        each["content"] for each in Read(shown).all("meta") if each.get("http-equiv") == "Content-Security-Policy"
    )

    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{digests['script']}'",
        f"style-src 'sha256-{digests['style']}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert shown.index("Content-Security-Policy") < shown.index("<style>")


def test_style_and_script_are_ascii_and_end_no_element() -> None:
    """However the file is saved their hashes hold, and none of them closes the element that it stands in."""
    for text in (page_style(), page_script(), fragment_style()):
        assert text.isascii()
        assert "\r" not in text
        assert "</" not in text


def test_a_page_asks_for_nothing() -> None:
    """No address stands in a page: links lead inside it, the icon is empty, the style imports nothing."""
    read = Read(holding_many())

    links = [value for _, each in read.tags for name, value in each.items() if name in {"src", "href", "action"}]
    assert {link for link in links if not link.startswith("#")} == {"data:,"}
    assert not re.search(r"url\(|@import|https?:", page_style() + page_script() + fragment_style())


def test_no_handler_and_no_style_stands_in_an_attribute() -> None:
    """What the policy would refuse is not there."""
    names = {name for _, each in Read(holding_many()).tags for name in each}

    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_every_kind_has_its_colour_and_its_switch() -> None:
    """Each kind of husk is coloured in pages and fragments, and can be switched off."""
    for kind in set(Kind) - {Kind.BODY}:
        name = f"kind-{kind.value.lower().replace('_', '-')}"
        assert f".{name} {{ --kind: rgb(" in page_style()
        assert f"#show-{name}:not(:checked)" in page_style()
        assert f".dehusk .{name} {{ background: rgba(" in fragment_style()


def test_a_fragment_is_static_and_keeps_to_itself() -> None:
    """A notebook embeds no script, no control, no id; each selector of the style begins with the fragment's class."""
    read = Read(result(("a", Kind.SHARE), ("b", None))._repr_html_())
    selectors = re.findall(r"([^{}]+)\{[^}]*\}", fragment_style())

    assert {tag for tag, _ in read.tags} <= {"div", "style", "p", "strong", "code", "ul", "li", "mark", "pre"}
    assert [each for _, each in read.tags if "id" in each] == []
    assert selectors
    assert [
        one
        for each in selectors
        for one in each.split(",")
        if not one.strip().startswith(".dehusk ") and one.strip() != ".dehusk"
    ] == []


def test_many_results_stand_on_one_page_with_a_list() -> None:
    """Each page has its section, the list names all of them with what became of them, the legend adds them up."""
    pages = Pages()
    parts = [
        pages.start(),
        pages.result("a.txt", result(("ab", Kind.SHARE), ("c", None))),
        pages.failure("b.txt", "INVALID_ARGUMENT: the file is empty"),
        pages.result("c.txt", result(("d", Kind.SHARE), ("e", Kind.TAGS), status=Status.NO_ARTICLE)),
        pages.end(),
    ]
    shown = "".join(parts)
    read = Read(shown)

    assert [each["id"] for each in read.all("section") if each.get("class") == "page"] == ["page-1", "page-2", "page-3"]
    listed = re.findall(r'<li><a href="#(.*?)"><bdi>(.*?)</bdi></a> <span class=".*?">(.*?)</span>', shown)
    assert listed == [
        ("page-1", "a.txt", "1 span removed, 2 of 3 characters (67%)"),
        ("page-2", "b.txt", "not cleaned"),
        ("page-3", "c.txt", "NO_ARTICLE, 2 spans removed, 2 of 2 characters (100%)"),
    ]
    assert re.findall(r'<span class="amount">([^<]*)</span>', shown) == [
        "1 span",
        "1 character",
        "2 spans",
        "3 characters",
    ]
    assert "the file is empty" in parts[2]
    ids = [each["id"] for _, each in read.tags if "id" in each]
    assert len(ids) == len(set(ids))


def holding_many() -> str:
    """Return a page of two results and a failure, of hostile text."""
    pages = Pages()
    shown = (pages.result("a", holding(HOSTILE)), pages.result("b", holding("b")), pages.failure("c", HOSTILE))
    return f"{pages.start()}{''.join(shown)}{pages.end()}"
