-- Two working days of a city before today, `bench.scale` of them, as the time machine finds them. The registry is there.
CREATE TEMP TABLE told AS
    SELECT round(1000 * current_setting('bench.scale')::float)::integer AS pings,
           date_trunc('day', now(), tz) AS today, tz, district
    FROM district;
CREATE TEMP TABLE walker AS
    SELECT w.district, w.worker_id, w.path, a.grid_id, row_number() OVER (ORDER BY w.worker_id) AS n,
           113.6 + random() * 0.5 AS lon, 22.8 + random() * 0.3 AS lat
    FROM worker w JOIN assignment a USING (district, worker_id) WHERE w.role = 'worker';

-- On duty from eight; every 30 s a position until twenty past four, in the sequence in which they would have come. One of
-- a hundred phones has a clock that is ten minutes slow, one of fifty was away for an hour of which it told afterwards.
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, hist, received_at)
SELECT w.district, w.worker_id, t, e.event, t, 'worker', e.event, false, t
FROM told, walker w, generate_series(1, 2) day, (VALUES ('duty_on', 475), ('duty_off', 1010)) AS e (event, minute),
     LATERAL (SELECT today - day * interval '1 day' + e.minute * interval '1 minute' + mod(n, 300) * interval '1 s' AS t) x
ORDER BY t;
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, grid_id, in_own_grid, battery,
                  speed_kmh, accuracy_m, clock_off_s, received_at)
SELECT w.district, w.worker_id, CASE WHEN slow THEN t - interval '10 minutes' ELSE t END, t, 'x',
       w.lon + 0.001 * sin(k / 60.0), w.lat + 0.001 * cos(k / 60.0), w.lon, w.lat, 'WGS84', w.grid_id, true, 80, 3, 5,
       CASE WHEN slow THEN -600 END, CASE WHEN away THEN t + interval '1 hour' ELSE t END
FROM told, generate_series(2, 1, -1) day, generate_series(1, told.pings) k, walker w,
     LATERAL (SELECT today - day * interval '1 day' + interval '8 hours'
                     + k * interval '30 s' * 1000 / told.pings + mod(n, 30) * interval '1 s' AS t,
                     mod(n, 100) = 7 AS slow, mod(n, 50) = 3 AND k * 10 / told.pings = 4 AS away) x
ORDER BY t + CASE WHEN away THEN interval '1 hour' ELSE interval '0' END;
INSERT INTO ping_hourly (district, worker_id, hour, pings, inside, wrong_from, wrong_until)
SELECT district, worker_id, date_trunc('hour', at), count(*), count(*), min(ts) FILTER (WHERE clock_off_s IS NOT NULL),
       max(ts) FILTER (WHERE clock_off_s IS NOT NULL)
FROM ping GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
INSERT INTO worker_state (district, worker_id, at, lon, lat, grid_id, in_own_grid, on_duty, duty_at, online, last_seen)
SELECT w.district, w.worker_id, today - interval '7 hours', lon, lat, grid_id, true, false, today - interval '7 hours', true,
       today - interval '7 hours'
FROM walker w, told;

-- Every device is heard each hour; a bodycam tells every two minutes where it is, a camera sees something every ten.
INSERT INTO device_hourly (district, hour, device_id, messages)
SELECT d.district, hour, d.device_id, 60
FROM told, device d, generate_series(today - interval '2 days', today - interval '1 hour', interval '1 hour') hour;
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, lon, lat, hist, received_at)
SELECT d.district, d.device_id, t, 'p', t, d.kind, CASE d.kind WHEN 'camera' THEN 'motion' ELSE 'position' END,
       CASE WHEN d.kind <> 'camera' THEN 113.7 END, CASE WHEN d.kind <> 'camera' THEN 22.9 END, false, t
FROM told, generate_series(1, (500 * current_setting('bench.scale')::float)::integer) k, device d,
     LATERAL (SELECT today - interval '2 days' + interval '8 hours' + mod(k, 250) * interval '2 minutes'
                     + k / 250 * interval '1 day' AS t) x
WHERE d.kind IN ('bodycam', 'vehicle') OR d.kind = 'camera' AND mod(k, 5) = 0;
INSERT INTO device_state (district, device_id, online, last_seen) SELECT district, device_id, true, now() FROM device;

-- Two years of tasks: each has been launched, given, and visited two days later, of the last days not all of them.
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state, launched_at, due_at,
                  assigned_at, inspected_at, done_at, done_by, closed_at, tz)
SELECT w.district, 'D' || k, 'P1', 'category' || mod(k, 12), w.grid_id, w.path, w.worker_id,
       CASE WHEN open THEN 'assigned' ELSE 'done' END, t, t + interval '10 days', t,
       CASE WHEN NOT open THEN t + interval '2 days' END, CASE WHEN NOT open THEN t + interval '2 days' END,
       CASE WHEN NOT open THEN w.worker_id END, CASE WHEN NOT open THEN t + interval '5 days' END, told.tz
FROM told, generate_series(1, (1e6 * current_setting('bench.scale')::float)::integer) k
JOIN walker w ON w.n = 1 + mod(k, (SELECT count(*) FROM walker)),
     LATERAL (SELECT now() - interval '720 days' * random() - k * interval '0 s' AS t) x,  -- anew for each
     LATERAL (SELECT t > now() - interval '2 days' OR random() < 0.01 AS open) y;
INSERT INTO task_event (district, task_id, at, event, state, actor, cause, stored_at)
SELECT t.district, t.task_id, e.at, e.event, e.state, t.worker_id, 'c', e.at + interval '1 s'
FROM told, task t,
     LATERAL (VALUES (launched_at, 'launched', 'launched'), (launched_at + interval '1 s', 'assigned', 'assigned'),
                     (launched_at + interval '1 hour', 'received', 'received'), (inspected_at, 'inspected', 'done'))
         AS e (at, event, state)
WHERE t.due_at > today - interval '10 days' AND e.at IS NOT NULL;

-- A year's alerts of 20,000 incidents, and on each of the two days a thousand more, half of which were taken up and over
-- within two hours.
INSERT INTO incident (district, incident_id, rule, section, path, grid_id, lon, lat, raised_at, opened_at, alerts, open_alerts,
                      subjects, last_alert_at, state, severity, level, acknowledged_at, acknowledged_by, ended_at)
SELECT w.district, 'B' || k, 'left_grid', array_to_string((string_to_array(w.path, '/'))[:4], '/'), w.path, w.grid_id,
       w.lon, w.lat, t, t, 1, open::integer, 1, t, CASE WHEN open THEN 'raised' ELSE 'resolved' END,
       (ARRAY['general', 'serious', 'major'])[1 + mod(k, 3)]::severity, 4,
       CASE WHEN NOT open THEN t + interval '5 min' END, CASE WHEN NOT open THEN 'screen' END,
       CASE WHEN NOT open THEN t + random() * interval '2 hours' END
FROM told, generate_series(1, (22000 * current_setting('bench.scale')::float)::integer) k
JOIN walker w ON w.n = 1 + mod(k, (SELECT count(*) FROM walker)),
     LATERAL (SELECT CASE WHEN mod(k, 11) = 0 THEN today - interval '2 days' + random() * interval '2 days'
                     ELSE today - interval '2 days' - random() * interval '360 days' END AS t, mod(k, 22) = 0 AS open) x;
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, path, grid_id, lon, lat, raised_at, created_at,
                   cleared_at, params)
SELECT district, incident_id, incident_id, rule, 'device:' || incident_id, severity, path, grid_id, lon, lat, raised_at,
       raised_at, ended_at, '{}'
FROM incident;
INSERT INTO alert_event (district, alert_id, at, event, actor, cause, params, state, stored_at)
SELECT i.district, i.incident_id, e.at, e.event, 'screen', 'c', e.params, e.state, e.at
FROM incident i,
     LATERAL (VALUES (opened_at, 'raised', '{}'::jsonb, NULL),
                     (opened_at, 'opened', jsonb_build_object('severity', severity), 'raised'),
                     (acknowledged_at, 'acknowledged', '{}', 'acknowledged'), (ended_at, 'resolved', '{}', 'resolved'))
         AS e (at, event, params, state)
WHERE e.at IS NOT NULL;
