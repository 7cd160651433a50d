-- Somebody has another password, and whoever else is logged in by the old one is out.
WITH others AS (
    UPDATE login_session SET ended_at = now()
    WHERE account = %(account)s AND ended_at IS NULL AND token_hash <> %(token_hash)s
)
UPDATE account SET password = %(password)s, must_change = false, failed = 0, locked_until = NULL WHERE name = %(account)s;
