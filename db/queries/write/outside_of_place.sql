-- Of each of the orders `orders`, which are about all of `about`: the account that gave it, unless there is none or it is
-- disabled; whether it is about something outside of the account's place, or, if that is a worker's own, not about the
-- worker; whether it is with the account's department: owed its feedback, routed to it, or it was sent and has not declined;
-- and how grave the clue and the incidents are. What does not exist is nowhere, and so outside of no place.
WITH about AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(about)s::json) AS r(command_id text, what text, named text)
), found AS (
    SELECT command_id, what, named, named AS path, NULL AS worker_id, NULL::severity AS severity, NULL::text[] AS departments
    FROM about WHERE what = 'unit'
    UNION ALL
    SELECT command_id, what, named, t.path, t.worker_id, NULL,
           ARRAY(SELECT b.department_id FROM obligation b WHERE b.district = t.district AND b.task_id = t.task_id)
    FROM about JOIN task t ON what = 'task' AND t.district = %(district)s AND t.task_id = named
    UNION ALL
    SELECT command_id, what, named, c.path, NULL, c.severity, ARRAY[c.department_id]
    FROM about JOIN clue_case c ON what = 'clue' AND c.district = %(district)s AND c.clue_id = named
    UNION ALL
    SELECT command_id, what, named, i.path, NULL, i.severity,
           ARRAY(SELECT one ->> 'id' FROM jsonb_array_elements(i.sent) AS one
                 WHERE one ->> 'kind' = 'department' AND coalesce(one ->> 'stage', '') NOT IN ('refused', 'failed'))
    FROM about JOIN incident i ON what = 'incident' AND i.district = %(district)s AND i.incident_id = named
    UNION ALL
    SELECT command_id, what, named, p.path, NULL, NULL, NULL
    FROM about JOIN premises p ON what = 'premises' AND p.district = %(district)s AND p.premises_id = named
    UNION ALL
    SELECT command_id, what, named, w.path, w.worker_id, NULL, NULL
    FROM about JOIN worker w ON what = 'worker' AND w.district = %(district)s AND w.worker_id = named
    UNION ALL
    SELECT command_id, what, named, d.path, NULL, NULL, NULL
    FROM about JOIN device d ON what = 'device' AND d.district = %(district)s AND d.device_id = named
)
SELECT o.command_id, a.name, a.district, a.path, a.roles, a.grade, a.department_id, a.worker_id, a.kiosk,
       coalesce(a.district <> %(district)s
                OR bool_or(a.path <> '' AND NOT starts_with(f.path || '/', a.path || '/'))
                OR a.worker_id IS NOT NULL AND NOT bool_and(f.worker_id IS NOT DISTINCT FROM a.worker_id), false) AS outside,
       coalesce(bool_and(coalesce(a.department_id = ANY (f.departments), false)) FILTER (WHERE f.named IS NOT NULL), true)
           AS with_department,
       coalesce(jsonb_object_agg(f.what || ':' || f.named, f.severity) FILTER (WHERE f.severity IS NOT NULL), '{}')
           AS severities
FROM json_to_recordset(%(orders)s::json) AS o(command_id text, account text)
LEFT JOIN account a ON a.name = o.account AND a.disabled_at IS NULL
LEFT JOIN found f USING (command_id)
GROUP BY o.command_id, a.name;
