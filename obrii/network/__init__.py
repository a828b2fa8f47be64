"""The graph of an instant, and what of it is off."""
