-- Let nobody in by an account from now on, or (false) let them in again.
UPDATE account SET disabled_at = CASE WHEN %(disabled)s THEN now() END WHERE name = %(name)s;
