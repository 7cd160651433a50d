-- All accounts, each with its kind and state, when it was last seen, and how many of its sessions are open.
SELECT name, district, path, roles, grade, department_id, worker_id, identity, has_password, kind, state, locked_until,
       disabled_at, made_by, made_at, seen_at, sessions
FROM account_standing
ORDER BY name;
