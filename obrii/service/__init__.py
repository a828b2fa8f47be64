"""Who gets which satellite and antenna, and what the way costs."""
