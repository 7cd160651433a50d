-- End an account's sessions; whether each was still open, or had run out by itself.
UPDATE login_session SET ended_at = now() WHERE account = %(name)s AND ended_at IS NULL
RETURNING expires_at > now() AS was_open;
