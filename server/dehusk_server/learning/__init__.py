"""Learning rules from labelled pages, and judging them. May import the engine; the engine never imports this."""
