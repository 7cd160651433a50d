-- Two years of a city's incidents, `bench.incidents` of them, each with an alert: `gridward history` plays none. Of ten
-- seven were real, one a false alarm, one passed by itself and one waits.
INSERT INTO incident (district, incident_id, rule, section, path, raised_at, opened_at, alerts, open_alerts, subjects,
                      last_alert_at, state, severity, level, acknowledged_at, dispatched_at, on_the_spot_at, ended_at)
SELECT u.district, 'B' || n, 'rule' || mod(n, 20), array_to_string((string_to_array(u.path, '/'))[:4], '/'), u.path,
       at, at, 1, (fate = 0)::integer, 1, at,
       CASE fate WHEN 0 THEN 'dispatched' WHEN 1 THEN 'passed' WHEN 2 THEN 'false_alarm' ELSE 'resolved' END,
       (ARRAY['general', 'serious', 'major'])[1 + mod(n, 3)]::severity, 1 + mod(n, 4),
       CASE WHEN fate <> 1 THEN at + random() * interval '5 min' END,
       CASE WHEN fate <> 1 THEN at + interval '5 min' + random() * interval '9 min' END,
       CASE WHEN fate > 2 THEN at + interval '15 min' + random() * interval '1 hour' END,
       CASE WHEN fate > 0 THEN at + interval '2 hours' + random() * interval '1 day' END
FROM generate_series(1, current_setting('bench.incidents')::integer) n
JOIN (SELECT *, row_number() OVER (ORDER BY path) AS r, count(*) OVER () AS whole FROM org_unit
      WHERE depth = (SELECT max(depth) FROM org_unit)) u ON u.r = 1 + mod(n * 7919, u.whole),
     LATERAL (SELECT mod(n, 10) AS fate, now() - interval '3 days' - random() * interval '727 days' AS at) x;
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, raised_at, cleared_at, params)
SELECT district, incident_id, incident_id, rule, 'device:' || incident_id, severity, path, raised_at, ended_at, '{}' FROM incident;
ANALYZE incident, alert;
