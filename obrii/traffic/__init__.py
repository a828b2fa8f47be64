"""What each person gets."""
