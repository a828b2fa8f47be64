"""Ways through the graph."""
