-- What was counted as wrong attempts is forgotten.
UPDATE account SET failed = 0, locked_until = NULL WHERE name = %(account)s;
