-- What alert `id` says, of whom and what, since when, and until when if it is over.
SELECT a.incident_id, a.rule, a.subject, a.severity, a.params, worded(a.params -> 'findings') AS findings,
       a.raised_at AT TIME ZONE i.tz AS raised,
       extract(epoch FROM now() - a.raised_at)::float AS age_s,
       a.cleared_at AT TIME ZONE i.tz AS cleared,
       extract(epoch FROM a.cleared_at - a.raised_at)::float AS lasted_s,
       (SELECT w.name FROM worker w WHERE w.worker_id = a.params ->> 'worker_id') AS worker_name,
       (SELECT w.name_en FROM worker w WHERE w.worker_id = a.params ->> 'worker_id') AS worker_name_en,
       (SELECT d.name FROM device d WHERE d.device_id = a.params ->> 'device_id') AS device_name,
       (SELECT p.name FROM premises p WHERE p.premises_id = a.params ->> 'premises_id') AS premises_name,
       (SELECT o.name FROM department o WHERE o.department_id = a.params ->> 'department_id') AS department_name,
       (SELECT o.name_en FROM department o WHERE o.department_id = a.params ->> 'department_id') AS department_name_en,
       (SELECT g.name FROM grid g WHERE g.grid_id = a.grid_id) AS grid_name,
       (SELECT g.name_en FROM grid g WHERE g.grid_id = a.grid_id) AS grid_name_en
FROM alert a
CROSS JOIN district_info i
WHERE a.alert_id = %(id)s;
