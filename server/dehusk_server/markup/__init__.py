"""HTML to text, and what the page's tree knows of each line of it."""
