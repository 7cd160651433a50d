-- Somebody has logged in: by the password that was looked at, if it still is theirs.
INSERT INTO login_session (token_hash, account, expires_at, by_identity)
SELECT %(token_hash)s, name, now() + make_interval(secs => %(lasts_s)s), %(by)s::text IS NULL
FROM account
WHERE name = %(account)s AND disabled_at IS NULL AND (%(by)s::text IS NULL OR password = %(by)s)
RETURNING account;
