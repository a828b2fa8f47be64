"""Numbers only: NumPy arrays in, NumPy arrays out, compiled by numba."""
