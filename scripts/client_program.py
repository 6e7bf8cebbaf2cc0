"""Use every part of the client, in an environment that holds grpcio and protobuf alone; `client_test.py` starts it.

    python -I client_program.py HOST:PORT [PACKAGE==VERSION …]

Prints what is installed. Fails where anything else is installed, a version is another one, or an answer is not right.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import sys

import dehusk

ALONE = {"dehusk", "grpcio", "protobuf"}
BESIDE = {"pip", "setuptools", "typing-extensions"}
"""The installer's own, and what grpcio needs itself."""
PAGE = "Home / News / Environment\nThe work began with eleven people.\nShare on Facebook\nShare on X\n"


def main(target: str, versions: list[str]) -> None:
    """Look at what is installed, then at every call."""
    installed = {each.name.replace("_", "-").lower(): each.version for each in importlib.metadata.distributions()}
    expect(ALONE <= set(installed) <= ALONE | BESIDE, f"installed are {sorted(installed)}")
    for wanted in versions:
        name, _, version = wanted.partition("==")
        expect(installed[name] == version, f"{name} is {installed[name]}, not {version}")
    with dehusk.Client(target, timeout_s=60) as client:
        blocking(client)
    asyncio.run(awaited(target))
    print(", ".join(f"{name} {installed[name]}" for name in ("grpcio", "protobuf")))


def blocking(client: dehusk.Client) -> None:
    """Make every blocking call."""
    info = client.check()
    result = client.clean(PAGE, metadata=[("x-request-id", "client-test")])
    expect(result.restore() == PAGE, "the spans do not tile the page")
    expect(result.rules_version == info.rule_set.version, "another rule set answered")
    expect("<html" in result.as_html() and "\x1b[" in result.as_ansi(), "the result does not show itself")
    html = dehusk.Document(html="<p>The council met on Tuesday.</p>", id="h")
    answers = list(client.clean_many([PAGE, "", html]))
    expect([answer.ok for answer in answers] == [True, False, True], "a stream was answered otherwise")
    expect(client.explain(PAGE, 0).arguments != (), "nothing speaks for the first place")
    rule = next(client.list_rules())
    expect(client.rules([rule.id]) == (rule,), "a rule is not found by its id")
    try:
        client.clean(PAGE, threshold=2.0)
    except dehusk.InvalidRequestError as error:
        expect((error.field, error.request_id != "") == ("options.threshold", True), f"the error says {error}")
    else:
        expect(holds=False, said="a threshold of 2 was taken")


async def awaited(target: str) -> None:
    """Make the awaited calls that differ from the blocking ones."""
    async with dehusk.AsyncClient(target, timeout_s=60) as client:
        result = await client.clean(PAGE)
        answers = [answer async for answer in client.clean_many([PAGE, PAGE])]
        expect([answer == result for answer in answers] == [True, True], "a stream and a call differ")


def expect(holds: bool, said: str) -> None:
    """Stop where something does not hold."""
    if not holds:
        sys.exit(said)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
