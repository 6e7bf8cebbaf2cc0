"""Who may call: whoever shows a token, where tokens are asked for."""

from __future__ import annotations

from dehusk_server.serving.faults import NoTokenError
from dehusk_server.serving.reload import Tokens

AUTHORIZATION = "authorization"


class Access:
    """Lets callers in, or not; ``tokens`` may be replaced while serving.

    Args:
        tokens: those that are known; ``None`` lets everybody in.
    """

    def __init__(self, tokens: Tokens | None) -> None:
        self.tokens = tokens

    def check(self, authorization: str) -> None:
        """Let a caller in who shows a token.

        Args:
            authorization: value of the header or metadata of that name; empty where there is none.

        Raises:
            NoTokenError: a token is asked for, and none that is known was shown.
        """
        if self.tokens is not None and not self.tokens.know(authorization):
            raise NoTokenError
