"""What came out, and how it was made."""
