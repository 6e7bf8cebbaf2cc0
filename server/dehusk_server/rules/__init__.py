"""Rules: learned data, versioned and readable, with evidence for each."""
