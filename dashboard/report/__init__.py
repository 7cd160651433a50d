"""What is printed: the month report of a station."""
