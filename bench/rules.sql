-- A city on a working day, as the rules of time find it; `bench.scale` of it. The registry is there already.
INSERT INTO worker_state (district, worker_id, at, lon, lat, grid_id, in_own_grid, inside_at, outside_since,
                          accuracy_m, speed_kmh, battery, on_duty, online, last_seen, clock_off_s)
SELECT w.district, w.worker_id, now() - random() * interval '20 s', 113.75 + random() * 0.3, 22.9 + random() * 0.3,
       a.grid_id, true, now(), CASE WHEN random() < 0.05 THEN now() - interval '3 min' END, 5, random() * 4,
       40 + random() * 60, true, true, now(), 0
FROM worker w JOIN assignment a USING (district, worker_id) WHERE w.role = 'worker';

INSERT INTO device_state (district, device_id, online, last_seen, battery, last_event, event_at, lon, lat, at)
SELECT district, device_id, true, now() - random() * interval '4 min',
       CASE WHEN kind <> 'camera' THEN 40 + random() * 60 END, 'motion', now(), 113.75, 22.9, now()
FROM device;

-- Two hours of positions, every 20 s: everybody came to where they are within the last six minutes.
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, grid_id, in_own_grid, battery,
                  accuracy_m, received_at)
SELECT s.district, s.worker_id, t, t, 'x',
       s.lon + CASE WHEN n >= k.stay THEN 0.002 * ceil((n - k.stay + 1) / 20.0) ELSE 0 END
           + (random() - 0.5) * 0.0001,
       s.lat + (random() - 0.5) * 0.0001, s.lon, s.lat, 'WGS84', s.grid_id, true, 80, 5, t
FROM worker_state s
CROSS JOIN LATERAL (SELECT 1 + mod(hashtext(s.worker_id) & 65535, 18) AS stay) k,
     generate_series(0, (400 * current_setting('bench.scale')::float)::integer) n,
     LATERAL (SELECT s.at - n * interval '20 s' AS t) x;

-- Two years of tasks that are done, and those that are open: four of five due today, one of ten overdue.
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state, launched_at, due_at,
                  inspected_at, done_at, done_by, closed_at)
SELECT a.district, 'D' || n, 'P1', 'x', a.grid_id, a.district::text, a.worker_id, 'done', t, t + interval '10 days',
       t + interval '2 days', t + interval '2 days', a.worker_id, t + interval '5 days'
FROM generate_series(1, (1e6 * current_setting('bench.scale')::float)::integer) n
JOIN (SELECT *, row_number() OVER () AS r, count(*) OVER () AS whole FROM assignment) a ON a.r = 1 + mod(n, a.whole),
     LATERAL (SELECT now() - interval '720 days' * random() - interval '10 days' AS t) x;
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state, launched_at, due_at,
                  assigned_at)
SELECT a.district, 'O' || n, 'P1', 'x', a.grid_id, a.district::text, a.worker_id, 'assigned',
       now() - interval '1 day',
       date_trunc('day', now()) + interval '23:59:59' + interval '1 day' * CASE
           WHEN random() < 0.8 THEN 0 WHEN random() < 0.5 THEN -1 - floor(random() * 5) ELSE floor(random() * 9) END,
       now() - interval '1 day'
FROM generate_series(1, (103000 * current_setting('bench.scale')::float)::integer) n
JOIN (SELECT *, row_number() OVER () AS r, count(*) OVER () AS whole FROM assignment) a ON a.r = 1 + mod(n, a.whole);

-- A visit every seven minutes for 17 hours, one of ten with a finding; of 200 papers one is lost. What cameras saw.
INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, started, ended, result, items, photos,
                        receipt_no, lon, lat, raw_lon, raw_lat, datum, grid_id, mock, hist, received_at)
SELECT s.district, s.worker_id, t, 'i' || n, t, 'P' || mod(n, 40), t, t,
       CASE WHEN mod(n, 10) = 0 THEN 'abnormal' ELSE 'normal' END,
       '[{"item": "a", "answer": "b"}, {"item": "c", "answer": "d"}]', '[]', 'N' || s.worker_id || n,
       s.lon, s.lat, s.lon, s.lat, 'WGS84', s.grid_id, false, false, t
FROM generate_series(0, (150 * current_setting('bench.scale')::float)::integer) n, worker_state s,
     LATERAL (SELECT now() - n * interval '420 s' - mod(hashtext(s.worker_id) & 65535, 420) * interval '1 s' AS t) x
ORDER BY t;
INSERT INTO receipt (district, device_id, ts, id, at, number, body, inspection_id, hist, received_at)
SELECT i.district, d.device_id, i.ts + interval '3 s', 'r' || i.id, i.ts, i.receipt_no, repeat('x', 300), i.id, false,
       i.ts + interval '3 s'
FROM inspection i JOIN device d ON d.worker_id = i.worker_id AND d.kind = 'printer'
WHERE random() < 0.995 ORDER BY i.ts;
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, confidence, hist, received_at)
SELECT district, device_id, t, 'e', t, 'camera', CASE WHEN random() < 0.001 THEN 'fire' ELSE 'motion' END, 0.8,
       false, t
FROM device, generate_series(1, (200 * current_setting('bench.scale')::float)::integer) n,
     LATERAL (SELECT now() - n * interval '360 s' - random() * interval '100 s' AS t) x
WHERE kind = 'camera';
