-- An account that is to be changed, held until it is: a login that goes on meanwhile waits for what becomes of it. Its path is
-- where it stands, a worker's where the worker does.
SELECT a.name, a.district, coalesce(w.path, a.path) AS path, a.roles, a.grade, a.department_id, a.worker_id, a.kiosk,
       a.password IS NOT NULL AS has_password, a.disabled_at
FROM account a
LEFT JOIN worker w ON w.district = a.district AND w.worker_id = a.worker_id
WHERE a.name = %(name)s
FOR UPDATE OF a;
