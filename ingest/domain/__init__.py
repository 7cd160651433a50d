"""The rules of grid supervision as pure functions: no I/O, and time is an argument."""
