-- Somebody has another password, if theirs still is the one that was looked at; whoever else is logged in by that is out.
WITH changed AS (
    UPDATE account SET password = %(password)s, must_change = false, failed = 0, locked_until = NULL
    WHERE name = %(account)s AND password = %(by)s
    RETURNING name
), others AS (
    UPDATE login_session s SET ended_at = now() FROM changed
    WHERE s.account = changed.name AND s.ended_at IS NULL AND s.token_hash <> %(token_hash)s
)
SELECT name FROM changed;
