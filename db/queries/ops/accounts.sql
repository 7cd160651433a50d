-- All accounts, each with its kind and state, when it was last seen, and how many of its sessions are open.
SELECT a.name, a.district, a.path, a.roles, a.grade, a.worker_id, a.identity, a.password IS NOT NULL AS has_password,
       CASE WHEN a.kiosk THEN 'kiosk' WHEN a.worker_id IS NOT NULL THEN 'worker' ELSE 'person' END AS kind,
       CASE WHEN a.disabled_at IS NOT NULL THEN 'disabled' WHEN a.locked_until > now() THEN 'locked'
            WHEN a.must_change THEN 'first_password' ELSE 'active' END AS state,
       a.locked_until, a.disabled_at, a.made_by, a.made_at, s.seen_at, coalesce(s.sessions, 0) AS sessions
FROM account a
LEFT JOIN (
    SELECT account AS name, max(seen_at) AS seen_at,
           count(*) FILTER (WHERE ended_at IS NULL AND expires_at > now()) AS sessions
    FROM login_session GROUP BY account
) AS s USING (name)
ORDER BY a.name;
