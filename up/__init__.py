"""`gridward up`: the whole house on one machine, started in order, watched, and stopped in order."""
