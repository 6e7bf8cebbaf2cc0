"""From text to what rules can see: code points, lines, words, phrases, shapes and contexts."""
