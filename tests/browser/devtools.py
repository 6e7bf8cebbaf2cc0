"""A browser for tests: Chromium without a window, spoken to over a pipe in the DevTools protocol.

The protocol alone needs no driver and no package, says of every request and console message what Selenium would have to
be asked for sideways, and answers a command when it has been carried out, so that no test waits by the clock.
https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from browser.chromium import start


class Browser:
    """A running Chromium with an empty profile."""

    def __init__(self, program: str, profile: Path) -> None:
        self._process, self._out, self._in = start(program, profile)
        self._numbers = itertools.count(1)
        self._unread = b""
        self._tabs: dict[str, Tab] = {}

    def tab(self) -> Tab:
        """Open an empty tab."""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = self._tabs[session] = Tab(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.command(f"{domain}.enable")
        tab.command("Page.setLifecycleEventsEnabled", enabled=True)
        return tab.reset()

    def command(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result, when it has been carried out.

        Raises:
            RuntimeError: the browser refused the command, or is gone.
        """
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(message).encode("utf-8") + b"\0")
        while (answer := self.listen()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def listen(self) -> dict[str, Any]:
        """Return the browser's next message; what happened in a tab is told to the tab first."""
        message = self._read()
        if "method" in message and (tab := self._tabs.get(message.get("sessionId", ""))) is not None:
            tab.hear(message["method"], message["params"])
        return message

    def close(self) -> None:
        """End the browser; by force where it does not go."""
        try:
            self.command("Browser.close")
            self._process.wait(20)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            if not (read := os.read(self._in, 1 << 20)):
                raise RuntimeError("the browser is gone")
            self._unread += read
        message, _, self._unread = self._unread.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


@dataclass
class Tab:
    """One tab: what it shows, what it asked for, what it complained of."""

    browser: Browser
    session: str
    asked: dict[str, str] = field(default_factory=dict)
    """Addresses that were asked for, by the browser's ids of requests."""
    complaints: list[str] = field(default_factory=list)
    """Console messages, errors, refusals of the policy, dialogs."""
    loaded: set[str] = field(default_factory=set)
    """The browser's ids of pages that are there whole."""

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for; ``data:`` and what the page's policy held back are left out."""
        return [address for address in self.asked.values() if not address.startswith("data:")]

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to this tab."""
        return self.browser.command(method, self.session, **parameters)

    def reset(self) -> Self:
        """Show nothing, on a screen of 1280 to 800, with scripts, and forget what was heard: a new tab costs more."""
        self.scripts(wanted=True)
        self.screen(1280, 800)
        self.media()
        self.open("about:blank")
        self.asked.clear()
        self.complaints.clear()
        return self

    def scripts(self, wanted: bool) -> None:
        """Let scripts of pages run, or not."""
        self.command("Emulation.setScriptExecutionDisabled", value=not wanted)

    def open(self, address: str) -> Self:
        """Show an address, and return when all of it is there."""
        loader = self.command("Page.navigate", url=address)["loaderId"]
        while loader not in self.loaded:
            self.browser.listen()
        return self

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression.

        Raises:
            RuntimeError: it threw.
        """
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def style(self, selector: str, name: str) -> str:
        """Return a computed style of the first element that a selector finds."""
        return str(self.evaluate(f"getComputedStyle(document.querySelector({json.dumps(selector)})).{name}"))

    def text(self, selector: str) -> str:
        """Return the text that a reader sees in the first element that a selector finds."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def screen(self, width: int, height: int, *, touch: bool = False) -> None:
        """Set the size of the screen, and whether it is touched."""
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=touch
        )
        self.command("Emulation.setTouchEmulationEnabled", enabled=touch)

    def media(self, medium: str = "", **features: str) -> None:
        """Pretend a medium (``print``) and what the reader prefers (``prefers_color_scheme="dark"``)."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.command("Emulation.setEmulatedMedia", media=medium, features=wanted)

    def point(self, selector: str) -> None:
        """Move the mouse onto an element."""
        x, y = self._middle(selector)
        self.command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, selector: str) -> None:
        """Click an element with the mouse."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def tap(self, selector: str) -> None:
        """Tap an element with a finger."""
        x, y = self._middle(selector)
        self.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.command("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def press(self, key: str) -> None:
        """Press and let go a key: a letter, or a name such as ``Tab``."""
        code = {"Tab": 9, "Escape": 27, " ": 32}.get(key) or ord(key.upper())
        written = {"text": key} if len(key) == 1 else {}
        self.command("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **written)
        self.command("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self, path: Path) -> None:
        """Write what the screen shows, as PNG."""
        path.write_bytes(base64.b64decode(self.command("Page.captureScreenshot", format="png")["data"]))

    def hear(self, method: str, event: Mapping[str, Any]) -> None:
        """Take note of what the browser tells."""
        match method:
            case "Network.requestWillBeSent":
                self.asked[event["requestId"]] = event["request"]["url"]
            case "Network.loadingFailed" if event.get("blockedReason") == "csp":
                self.asked.pop(event["requestId"], None)
            case "Page.lifecycleEvent" if event["name"] == "load":
                self.loaded.add(event["loaderId"])
            case "Runtime.consoleAPICalled":
                self.complaints.append(f"{event['type']}: {_values(event['args'])}")
            case "Runtime.exceptionThrown":
                self.complaints.append(f"exception: {event['exceptionDetails']}")
            case "Log.entryAdded":
                self.complaints.append(f"{event['entry']['level']}: {event['entry']['text']}")
            case "Page.javascriptDialogOpening":
                self.complaints.append(f"dialog: {event['message']}")

    def _middle(self, selector: str) -> tuple[float, float]:
        """Bring an element into view and return a place on its first line."""
        place = self.evaluate(
            f"(found => {{ found.scrollIntoView({{block: 'center', behavior: 'instant'}}); "
            "const box = found.getClientRects()[0]; return [box.x + box.width / 2, box.y + box.height / 2]; })"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        return place[0], place[1]


def _values(arguments: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [argument.get("value", argument.get("description")) for argument in arguments]
