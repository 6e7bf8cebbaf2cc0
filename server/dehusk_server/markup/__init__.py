"""From the bytes of a page to its markup, and from markup to what the page says and shows."""
