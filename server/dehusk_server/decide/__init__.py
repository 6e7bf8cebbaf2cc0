"""From rules that fire to a decision for every character: marks, chain, parts of lines, partition."""
