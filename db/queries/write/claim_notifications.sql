-- Take all that waits for a channel into one message, and return the worst and newest `lines` of it as they are said,
-- with how many there are. What somebody else is just taking is left to them. Findings are worded for the district
-- that the session is in (write/enter_district).
WITH waiting AS MATERIALIZED (
    SELECT district, channel, incident_id, event, at
    FROM notification
    WHERE district = %(district)s AND channel = %(channel)s AND state IN ('queued', 'sending')
      AND (state = 'queued' OR leased_until < now())
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE notification n
    SET state = 'sending', tries = n.tries + 1, message = %(message)s,
        leased_until = now() + %(lease_s)s * interval '1 second'
    FROM waiting w
    WHERE n.district = w.district AND n.channel = w.channel AND n.incident_id = w.incident_id AND n.event = w.event
      AND n.at = w.at
    RETURNING n.district, n.incident_id, n.event, n.at, n.severity, n.level, n.path
), worst AS (
    SELECT *, count(*) OVER () AS whole FROM claimed ORDER BY severity DESC, at DESC, incident_id LIMIT %(lines)s
)
SELECT n.event, n.severity, n.whole, n.at AT TIME ZONE d.tz AS local_time, i.rule, i.alerts, a.params, a.grid_id,
       CASE jsonb_typeof(a.params -> 'findings') WHEN 'array' THEN scoped.worded(a.params -> 'findings') END AS findings,
       w.name AS worker_name, w.name_en AS worker_name_en, v.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en, g.name AS grid_name, g.name_en AS grid_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en,
       d.lang, d.name AS district_name, d.name_en AS district_name_en
FROM worst n
JOIN district d USING (district)
JOIN incident i USING (district, incident_id)
JOIN alert a ON a.district = n.district AND a.alert_id = n.incident_id
LEFT JOIN worker w ON w.district = n.district AND w.worker_id = a.params ->> 'worker_id'
LEFT JOIN device v ON v.district = n.district AND v.device_id = a.params ->> 'device_id'
LEFT JOIN premises p ON p.district = n.district AND p.premises_id = a.params ->> 'premises_id'
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department
    WHERE district IN (0, n.district) AND department_id = a.params ->> 'department_id' ORDER BY district DESC LIMIT 1
) o ON true
LEFT JOIN grid g ON g.district = n.district AND g.grid_id = i.grid_id
LEFT JOIN org_unit u ON u.district = n.district
    AND u.path = array_to_string((string_to_array(n.path, '/'))[:n.level], '/')
ORDER BY n.severity DESC, n.at DESC, n.incident_id;
