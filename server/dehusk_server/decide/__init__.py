"""From rules that fire to a decision for every character: probabilities, marks, parts of lines, partition."""
