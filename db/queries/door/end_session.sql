-- Somebody logs out.
UPDATE login_session SET ended_at = now() WHERE token_hash = %(token_hash)s AND ended_at IS NULL;
