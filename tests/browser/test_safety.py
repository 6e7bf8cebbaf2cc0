"""A page is shut: nothing of the cleaned page runs in it, nothing is fetched by it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from browser.conftest import Show
from browser.devtools import Tab
from browser.samples import every_kind, many, sample
from dehusk import Evidence, Kept, Kind, Removed, Result, Status
from dehusk.render_html import Pages
from unit.client.results import result

RUN = "window.hacked=1"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"</pre></mark></main><svg onload={RUN}>",
    f"</style></title></textarea><script>{RUN}</script>",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f"' onmouseover='{RUN}' x='",
    f'"],["x",1,"<img src=x onerror={RUN}>"]]',
    f"javascript:{RUN}",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href='javascript:{RUN}' accesskey=n>x</a><meta http-equiv=refresh content='0;url=data:,gone'>",
    "<link rel=stylesheet href=https://example.org/a.css><style>@import 'https://example.org/b.css'</style>",
    "<base href=https://example.org/><form action=https://example.org/><input name=view>",
    "<!-- --!> ]]> <![CDATA[ \u2028 \0 \ufeff &lt;script&gt;",
)


def hostile(text: str) -> Result:
    """Return a result with a text in every place that a page or a rule set can fill."""
    evidence = (Evidence(text, 2.0, text, 0, len(text)),)
    removed = Removed(0, len(text), Kind.SHARE, 0.9, text, evidence, text)
    kept = (Kept(len(text), 2 * len(text), Kind.CAPTION, 0.7), Kept(2 * len(text), 3 * len(text), Kind.BODY, 0.7))
    words: dict[str, Any] = dict.fromkeys(
        ("id", "title", "byline", "published", "language", "rules_version", "body"), text
    )
    parts = ((text, Kind.SHARE), (text, None), (text, None))
    return result(*parts, removed=(removed,), kept=kept, status=Status.SUSPECT, reasons=(text,), **words)


def together(text: str) -> str:
    """Return a page of many with a text as the name and the failure of one too."""
    pages = Pages()
    return f"{pages.start()}{pages.result(text, hostile(text))}{pages.failure(text, text)}{pages.end()}"


def visit(tab: Tab) -> None:
    """Point at everything, jump, switch, change the view: all that a reader might do."""
    for selector in ("mark", ".kept"):
        tab.point(selector)
    for key in "np":
        tab.press(key)
    for switch in ("#none", "#all", "#view-body", "#view-source"):
        tab.click(switch)
    tab.point("mark")


SHAPE = "Array.from(document.querySelectorAll('*'), each => each.localName).join(' ')"
WAYS: Mapping[str, Callable[[str], str]] = {"one": lambda text: hostile(text).as_html(), "many": together}


@pytest.fixture(scope="module")
def shapes(only_tab: Tab, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The elements of a page after a visit where its text is harmless, for each way to write one."""
    found = {}
    for name, way in WAYS.items():
        path = tmp_path_factory.mktemp("harmless") / "page.html"
        path.write_text(way("harmless"), encoding="utf-8")
        visit(only_tab.reset().open(path.as_uri()))
        found[name] = only_tab.evaluate(SHAPE)
    return found


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("way", WAYS)
def test_hostile_text_stays_text(show: Show, shapes: dict[str, str], way: str, text: str) -> None:
    """Markup in text, names, rules and paths runs nowhere, adds no element, and is shown as it was written."""
    tab = show(WAYS[way](text))

    visit(tab)

    assert tab.evaluate(SHAPE) == shapes[way]
    assert tab.evaluate("window.hacked") is None
    assert tab.evaluate("document.querySelector('mark').textContent") == text.replace("\0", "\N{SYMBOL FOR NULL}")
    assert tab.complaints == []


@pytest.mark.parametrize("page", [sample().as_html(), every_kind().as_html(), many()], ids=["one", "kinds", "many"])
def test_the_console_stays_empty(show: Show, page: str) -> None:
    """A reader can do all that there is to do without an error, a warning, or a refusal of the policy."""
    tab = show(page)

    for selector in ("mark", "#next", "#previous", "#none", "#all", "#keys", "#view-body", "#view-source", "summary"):
        tab.click(selector)

    assert tab.complaints == []


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    """An address that answers with a page, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(many().encode("utf-8"))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/page", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_fetched(tab: Tab, served: tuple[str, list[str]]) -> None:
    """Beside the page itself no request is made, not even for an icon."""
    address, asked = served

    tab.open(address)
    for selector in ("mark", "#next", "#view-body", "#pages a"):
        tab.click(selector)
    tab.open("about:blank")

    assert (tab.requests, asked) == ([address], ["/page"])


@pytest.mark.parametrize(
    "foreign",
    [
        "element = document.createElement('script'); element.textContent = 'window.hacked = 1'",
        "element = document.createElement('img'); element.src = 'https://example.org/a.png'",
        "element = document.createElement('style'); element.textContent = 'mark { color: red }'",
        "element = document.createElement('iframe'); element.src = 'https://example.org/'",
    ],
    ids=["script", "picture", "style", "frame"],
)
def test_the_policy_refuses_what_is_not_the_pages_own(show: Show, foreign: str) -> None:
    """Were something to slip in all the same, the browser would not run it and not fetch it."""
    tab = show(sample().as_html())

    tab.evaluate(
        "new Promise(refused => { addEventListener('securitypolicyviolation', () => refused(true), {once: true});"
        f" let {foreign}; document.body.append(element); }})"
    )

    assert tab.evaluate("window.hacked") is None
    assert [each for each in tab.requests if not each.startswith("file:")] == []
