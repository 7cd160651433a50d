"""Data in, figure out: nothing here reads a database."""
