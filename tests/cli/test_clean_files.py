"""`dehusk clean` on files and standard input: every form of output, every way a file can be broken."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commandline import FakeClient, Run

PAGE = "A story.\n* Read more\nIts end. 😀\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A file with a page of which one line goes."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_body_is_written_as_text(dehusk: Run, client: FakeClient, page: Path) -> None:
    """By default a page's body goes to standard output, and nothing else does."""
    ended = dehusk("clean", page)

    assert (ended.status, ended.out, ended.err) == (0, "A story.\nIts end. 😀\n", "")


def test_standard_input_is_the_default(dehusk: Run, client: FakeClient) -> None:
    """Without a file, and with -, the page is read from standard input."""
    assert dehusk("clean", stdin=PAGE.encode()).out == dehusk("clean", "-", stdin=PAGE.encode()).out != ""


def test_several_bodies_are_headed_by_their_names(dehusk: Run, client: FakeClient, page: Path) -> None:
    """With more than one page, each body says whose it is."""
    ended = dehusk("clean", page, page)

    assert ended.out == f"==> {page} <==\nA story.\nIts end. 😀\n\n==> {page} <==\nA story.\nIts end. 😀\n"


def test_json_is_one_record_or_an_array(dehusk: Run, client: FakeClient, page: Path) -> None:
    """One page gives one record; several give an array."""
    one = json.loads(dehusk("clean", page, "--output", "json").out)
    two = json.loads(dehusk("clean", page, page, "--output", "json").out)

    assert two == [one, one]
    assert one["id"] == str(page)


def test_json_of_no_document_is_an_empty_array(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """The output is JSON even where there was nothing to clean."""
    (tmp_path / "none.jsonl").touch()

    assert json.loads(dehusk("clean", tmp_path / "none.jsonl", "--output", "json").out) == []


@pytest.mark.parametrize("count", [1, 2])
def test_html_is_one_page(dehusk: Run, client: FakeClient, page: Path, count: int) -> None:
    """HTML output is one page, however many documents it shows."""
    out = dehusk("clean", *[page] * count, "--output", "html").out.lower()

    assert (out.count("<!doctype html"), out.count("</html>")) == (1, 1)
    assert "related" in out


def test_html_of_many_lists_them_all(dehusk: Run, client: FakeClient, page: Path) -> None:
    """Where there are several, the page lists each with what became of it; one that failed says why in its place."""
    broken = page.with_name("broken.txt")
    broken.touch()

    out = dehusk("clean", page, broken, "--output", "html").out

    listed = re.findall(r'<li><a href="#(.*?)"><bdi>(.*?)</bdi></a> <span class=".*?">(.*?)</span>', out)
    assert listed == [
        ("page-1", str(page), "1 span removed, 12 of 32 characters (38%)"),
        ("page-2", str(broken), "not cleaned"),
    ]
    assert "the file is empty" in out


def test_ansi_shows_what_was_removed(dehusk: Run, client: FakeClient, page: Path) -> None:
    """Coloured output holds the whole source, removed spans too."""
    out = dehusk("clean", page, "--output", "ansi").out

    assert "\x1b[" in out
    assert "Read more" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"caf\xe9 au lait", "not UTF-8: byte 0xe9 at offset 3"),
        ("text".encode("utf-16"), "not UTF-8"),
    ],
    ids=["empty", "latin-1", "utf-16"],
)
def test_a_file_that_is_no_text_is_said_and_the_rest_goes_on(
    dehusk: Run, client: FakeClient, page: Path, content: bytes, said: str
) -> None:
    """A broken file costs its own answer; the others are cleaned, and the exit status tells."""
    broken = page.with_name("broken.txt")
    broken.write_bytes(content)

    ended = dehusk("clean", broken, page)

    assert (ended.status, "A story." in ended.out) == (1, True)
    assert f"{broken}: INVALID_ARGUMENT: {said}" in ended.err
    assert "1 of 2 documents failed" in ended.err


@pytest.mark.parametrize("name", ["absent.txt", "empty", "nul\0name"])
def test_what_cannot_be_opened_is_said(dehusk: Run, client: FakeClient, page: Path, name: str) -> None:
    """A missing file, a folder without pages, an impossible name: each is an error of its own."""
    (page.parent / "empty").mkdir()

    ended = dehusk("clean", page.parent / name, page, "--output", "jsonl")

    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert (ended.status, "error" in first, "body" in second) == (1, True, True)


def test_bytes_are_taken_as_they_are(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """CR LF and a byte order mark are characters of the text: offsets count them."""
    path = tmp_path / "windows.txt"
    path.write_bytes(b"\xef\xbb\xbfA story.\r\n* more\r\n")

    dehusk("clean", path)

    assert client.seen[0].text == "\ufeffA story.\r\n* more\r\n"


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.txt", "text"), ("a", "text"), ("a.jsonl", "jsonl"), ("a.NDJSON", "jsonl"), ("a.html", "html")],
)
def test_the_name_tells_the_form(dehusk: Run, client: FakeClient, tmp_path: Path, name: str, form: str) -> None:
    """Without --input, the file's name says what it holds."""
    path = tmp_path / name
    path.write_text('{"id": "1", "text": "a"}\n', encoding="utf-8")

    ended = dehusk("clean", path, "--output", "jsonl")

    answer = json.loads(ended.out)
    assert (answer["id"], ended.status) == ("1" if form == "jsonl" else str(path), 0)
    assert bool(client.seen[0].html) == (form == "html")


@pytest.mark.parametrize(
    ("stdin", "form"),
    [(b'{"id": "1", "text": "a"}\n', "jsonl"), (b"  <!DOCTYPE html><p>a", "html"), (b"{braces} in prose", "text")],
)
def test_standard_input_is_known_by_its_beginning(dehusk: Run, client: FakeClient, stdin: bytes, form: str) -> None:
    """A pipe has no name; how it begins says what it holds."""
    ended = dehusk("clean", "--output", "jsonl", stdin=stdin)

    answer = json.loads(ended.out)
    assert (answer["id"], ended.status) == ("1" if form == "jsonl" else "-", 0)
    assert bool(client.seen[0].html) == (form == "html")


def test_html_files_go_as_they_are(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """Bytes of HTML are not decoded here: the page itself may say what its encoding is."""
    path = tmp_path / "page.html"
    path.write_bytes(b'<meta charset="windows-1252"><p>caf\xe9')

    assert dehusk("clean", path).status == 0
    assert client.seen[0].html == path.read_bytes()


def test_a_folder_stands_for_its_pages(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """All pages in it and below, in the order of their paths; other files are none."""
    for name in ("b.html", "a.txt", "deep/c.htm", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>x", encoding="utf-8")

    dehusk("clean", tmp_path)

    assert [document.id.removeprefix(f"{tmp_path}/") for document in client.seen] == ["a.txt", "b.html", "deep/c.htm"]


def test_options_reach_the_engine(dehusk: Run, client: FakeClient, page: Path) -> None:
    """Each option arrives under the name that the API gives it."""
    options = ["--keep", "caption", "--keep", "MOST_READ", "--threshold", "0", "--whitespace", "verbatim"]

    dehusk("clean", page, *options, "--allow", "A story", "--offset-unit", "utf8-bytes", "--cautious", "--cut-links")

    assert client.options == {
        "keep_kinds": ("CAPTION", "MOST_READ"),
        "threshold": 0.0,
        "whitespace": "VERBATIM",
        "offset_unit": "UTF8_BYTES",
        "allow_phrases": ("A story",),
        "cautious": True,
        "cut_links": True,
    }


def test_a_doubtful_answer_is_said(dehusk: Run, client: FakeClient, tmp_path: Path) -> None:
    """In text output a status that is not OK is told on standard error, with its reasons; it is no failure."""
    path = tmp_path / "husk.txt"
    path.write_text("* only husk\n", encoding="utf-8")

    ended = dehusk("clean", path)

    assert (ended.status, ended.out) == (0, "")
    assert "NO_ARTICLE: Every line begins with an asterisk." in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["clean", "--keep", "BODY"],
        ["clean", "--keep", "NONSENSE"],
        ["clean", "--threshold", "1.5"],
        ["clean", "--threshold", "nan"],
        ["clean", "--threshold", "much"],
        ["clean", "--output", "xml"],
        ["clean", "--resume"],
        ["clean", "-", "-"],
        ["clean", "--server", "localhost:1", "--rules", "rules"],
        ["clean", "-o", "/nowhere/at/all"],
        ["serve", "--max-document-chars", "0"],
        ["rules"],
        ["rules", "explain", "page.txt"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_two(dehusk: Run, client: FakeClient, arguments: list[str]) -> None:
    """Wrong use is exit status 2, said in words on standard error."""
    ended = dehusk(*arguments)

    assert (ended.status, ended.out, ended.err != "") == (2, "", True)


def test_the_input_is_never_overwritten(dehusk: Run, client: FakeClient, page: Path) -> None:
    """-o with the name of an input is refused, by whatever path."""
    page.with_name("link.txt").symlink_to(page)

    ended = dehusk("clean", page, "-o", page.with_name("link.txt"))

    assert (ended.status, page.read_text(encoding="utf-8")) == (2, PAGE)
