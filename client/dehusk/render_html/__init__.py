"""Cleaned pages as HTML: one page, many on one page as they come, or a fragment for a notebook.

Nothing of a cleaned page is left unescaped. A page is one file: it asks for nothing from elsewhere, its policy lets no
script and no style run but its own, and it reads without scripts.
"""

from dehusk.render_html.document import Pages, page
from dehusk.render_html.notebook import fragment

__all__ = ["Pages", "fragment", "page"]
