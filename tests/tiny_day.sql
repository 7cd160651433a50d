-- Closed 3 of 5 (station one 2 of 3, station two 1 of 2), on time 2 of 5 (1 of 3, 1 of 2); T5 is not due
-- yet. In every district that there is.
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state,
                  launched_at, due_at, done_at, done_by)
SELECT d.district, t.task_id, t.premises_id, '日常检查', t.grid_id, d.district || t.path, t.worker_id, t.state,
       now() - interval '9 days', ends + t.due * interval '1 day',
       CASE WHEN t.state = 'done' THEN ends - interval '1 day' END,
       CASE WHEN t.state = 'done' THEN t.worker_id END
FROM district d,
LATERAL (SELECT (date_trunc('day', now() AT TIME ZONE d.tz) + interval '23:59:59') AT TIME ZONE d.tz AS ends) today,
(VALUES ('T1', 'P1', 'G1', '/01/01/01/01', 'W1', 'done', 0),
        ('T2', 'P1', 'G1', '/01/01/01/01', 'W1', 'done', -2),
        ('T3', 'P2', 'G2', '/01/01/01/02', 'W2', 'launched', 0),
        ('T4', 'P3', 'G3', '/02/01/01/01', 'W3', 'rectifying', -1),
        ('T5', 'P3', 'G3', '/02/01/01/01', 'W3', 'launched', 5),
        ('T6', 'P3', 'G3', '/02/01/01/01', 'W3', 'done', 5))
    AS t (task_id, premises_id, grid_id, path, worker_id, state, due);

-- W1 is in the grid, W2 outside, W3 has gone home; C1 alone is online: B1 was last heard of 20 minutes ago.
INSERT INTO worker_state (district, worker_id, at, lon, lat, grid_id, in_own_grid, on_duty, online, last_seen)
SELECT district, s.* FROM district,
(VALUES ('W1', now(), 118.005, 24.605, 'G1', true, true, true, now()),
        ('W2', now(), 118.025, 24.604, 'G3', false, true, true, now()),
        ('W3', now() - interval '1 hour', 118.026, 24.606, 'G3', true, false, false, now() - interval '1 hour'))
    AS s (worker_id, at, lon, lat, grid_id, in_own_grid, on_duty, online, last_seen);
INSERT INTO device_state (district, device_id, online, last_seen, lon, lat)
SELECT district, s.* FROM district,
(VALUES ('C1', true, now(), NULL, NULL),
        ('B1', true, now() - interval '20 minutes', 118.005, 24.605),
        ('B2', false, now(), 118.025, 24.604)) AS s (device_id, online, last_seen, lon, lat);
INSERT INTO ingest_state SELECT district, 'test', now(), now() + interval '1 hour', true, now(), 0.1 FROM district;

-- Four are open; `door_forced` is a rule that this version of the screen has never heard of.
INSERT INTO alert (district, alert_id, rule, subject, severity, params, path, grid_id, lon, lat, raised_at, cleared_at)
SELECT d.district, a.id, a.rule, a.subject, a.severity::severity, a.params::jsonb, d.district || a.path, a.grid_id,
       118.005, 24.606, now() - a.minutes * interval '1 minute', CASE WHEN a.cleared THEN now() END
FROM district d,
(VALUES ('A1', 'hazard_found', 'premises:P1', 'major', '{"premises_id": "P1", "premises_name": "甲味馆",
            "worker_id": "W1", "findings": [["消防通道", "堵塞"], ["亮照经营", "未亮照"]]}', '/01/01/01/01', 'G1', 1, false),
        ('A2', 'left_grid', 'worker:W2', 'general', '{"worker_id": "W2", "minutes": 5}',
            '/01/01/01/02', 'G3', 2, false),
        ('A3', 'device_silent', 'device:C1', 'general', '{"device_id": "C1", "kind": "camera", "minutes": 10}',
            '/01/01/01/01', 'G1', 3, false),
        ('A4', 'door_forced', 'premises:P3', 'serious', '{}', '/02/01/01/01', 'G3', 4, false),
        ('A5', 'bodycam_sos', 'device:B1', 'major', '{"device_id": "B1", "worker_id": null}',
            '/01/01/01/01', 'G1', 5, true))
    AS a (id, rule, subject, severity, params, path, grid_id, minutes, cleared);

-- The second district's people and premises can be told from the first's.
UPDATE worker SET name = '外' || name, name_en = 'Other' WHERE district <> 350299;
UPDATE premises SET name = '外' || name WHERE district <> 350299;
