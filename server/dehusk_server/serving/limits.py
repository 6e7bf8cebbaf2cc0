"""What a request may hold, beyond what `Settings` sets. The contract names each of these numbers."""

from __future__ import annotations

from typing import Final

from dehusk.v1 import cleaning_pb2
from dehusk_server.config import Settings
from dehusk_server.engine import HTML_TO_TEXT, MAX_ROWS

MAX_ID_CHARS: Final = 1_024
MAX_URL_CHARS: Final = 8_192
MAX_LANGUAGE_CHARS: Final = 64
MAX_CHARSET_CHARS: Final = 64
MAX_ALLOW_PHRASES: Final = 1_000
MAX_ALLOW_PHRASE_CHARS: Final = 1_000
MAX_RULE_IDS: Final = 1_000
MAX_RULES_PAGE: Final = 1_000
DEFAULT_RULES_PAGE: Final = 100


def wire_limits(settings: Settings) -> cleaning_pb2.Limits:
    """Return all limits as Info publishes them."""
    return cleaning_pb2.Limits(
        max_document_chars=settings.max_document_chars,
        max_message_bytes=settings.max_message_bytes,
        max_document_seconds=settings.max_document_seconds,
        max_allow_phrases=MAX_ALLOW_PHRASES,
        max_allow_phrase_chars=MAX_ALLOW_PHRASE_CHARS,
        max_concurrent_documents=settings.max_concurrent_documents,
        max_concurrent_streams=settings.max_concurrent_streams,
        max_id_chars=MAX_ID_CHARS,
        max_url_chars=MAX_URL_CHARS,
        max_language_chars=MAX_LANGUAGE_CHARS,
        max_rule_ids=MAX_RULE_IDS,
        max_rules_page=MAX_RULES_PAGE,
        max_document_lines=MAX_ROWS,
        max_html_chars=settings.max_document_chars * HTML_TO_TEXT,
    )
