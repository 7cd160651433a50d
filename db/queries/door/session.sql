-- The account of a session that is in force, which is thereby seen; no row if it is over, or the account is disabled.
WITH found AS MATERIALIZED (
    SELECT s.token_hash, s.seen_at, s.by_identity, a.*
    FROM login_session s
    JOIN account a ON a.name = s.account
    WHERE s.token_hash = %(token_hash)s AND s.ended_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL
      AND (a.kiosk OR s.seen_at > now() - make_interval(secs => %(idle_s)s))
), seen AS (
    UPDATE login_session s SET seen_at = now() FROM found f
    WHERE s.token_hash = f.token_hash AND f.seen_at < now() - interval '1 minute'
)
SELECT name, district, path, roles, grade, department_id, worker_id, kiosk,
       must_change AND NOT by_identity AS must_change
FROM found;
