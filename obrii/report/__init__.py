"""What a run says to people: a page, and a table in the terminal."""
