-- Take all that waits for a channel into one message, and return the worst and newest `lines` of it as they are said,
-- with how many there are. What somebody else is just taking is left to them. Findings are worded for the district
-- that the session is in (write/enter_district).
WITH waiting AS MATERIALIZED (
    SELECT district, channel, alert_id, event, at
    FROM notification
    WHERE district = %(district)s AND channel = %(channel)s AND state IN ('queued', 'sending')
      AND (state = 'queued' OR leased_until < now())
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE notification n
    SET state = 'sending', tries = n.tries + 1, message = %(message)s,
        leased_until = now() + %(lease_s)s * interval '1 second'
    FROM waiting w
    WHERE n.district = w.district AND n.channel = w.channel AND n.alert_id = w.alert_id AND n.event = w.event
      AND n.at = w.at
    RETURNING n.district, n.alert_id, n.event, n.at, n.severity
), worst AS (
    SELECT *, count(*) OVER () AS whole FROM claimed ORDER BY severity DESC, at DESC, alert_id LIMIT %(lines)s
)
SELECT n.event, n.severity, n.whole, n.at AT TIME ZONE i.tz AS local_time, a.rule, a.params, a.grid_id,
       CASE jsonb_typeof(a.params -> 'findings') WHEN 'array' THEN scoped.worded(a.params -> 'findings') END AS findings,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name, p.name AS premises_name,
       o.name AS department_name, o.name_en AS department_name_en, g.name AS grid_name, g.name_en AS grid_name_en,
       i.lang, i.name AS district_name, i.name_en AS district_name_en
FROM worst n
JOIN district i USING (district)
JOIN alert a USING (district, alert_id)
LEFT JOIN worker w ON w.district = n.district AND w.worker_id = a.params ->> 'worker_id'
LEFT JOIN device d ON d.district = n.district AND d.device_id = a.params ->> 'device_id'
LEFT JOIN premises p ON p.district = n.district AND p.premises_id = a.params ->> 'premises_id'
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department
    WHERE district IN (0, n.district) AND department_id = a.params ->> 'department_id' ORDER BY district DESC LIMIT 1
) o ON true
LEFT JOIN grid g ON g.district = n.district AND g.grid_id = a.grid_id
ORDER BY n.severity DESC, n.at DESC, n.alert_id;
