-- Whoever was logged in when a backup was made logs in again: meanwhile they may have been put out.
UPDATE login_session SET ended_at = now() WHERE ended_at IS NULL;
