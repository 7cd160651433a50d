-- An account that is to be changed, held until it is: a login that goes on meanwhile waits for what becomes of it.
SELECT name, district, password IS NOT NULL AS has_password, disabled_at FROM account WHERE name = %(name)s FOR UPDATE;
