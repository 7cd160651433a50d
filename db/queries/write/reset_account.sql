-- Give an account a first password, to be changed at the first login unless it is a wall's, and unlock it.
UPDATE account SET password = %(password)s, must_change = NOT kiosk, failed = 0, locked_until = NULL
WHERE name = %(name)s;
