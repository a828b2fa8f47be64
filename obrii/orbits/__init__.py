"""Where satellites are: shells, catalogues, propagation."""
