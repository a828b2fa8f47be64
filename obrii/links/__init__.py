"""What can see what: sight lines and lasers."""
