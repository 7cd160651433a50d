-- What a tiny day leaves out, so that there is something of everything in every unit.
INSERT INTO clue (district, worker_id, ts, id, at, kind, severity, text, premises_id, photos, lon, lat, raw_lon, raw_lat,
                  datum, grid_id, hist, received_at)
SELECT district, worker_id, ts, id, ts, kind, severity, text, premises_id, '[{"sha256": "photo"}]', lon, lat, lon, lat, 'WGS84',
       grid_id, false, ts
FROM clue_case WHERE worker_id IS NOT NULL;
INSERT INTO photo (district, worker_id, sha256, bytes, received_at) SELECT district, 'W1', 'photo', 9, now() FROM district;
INSERT INTO ping_hourly (district, worker_id, hour, pings, inside)
SELECT district, worker_id, date_trunc('hour', now()) - n * interval '1 hour', 9, 8 FROM worker_state, generate_series(0, 3) n;
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, grid_id, in_own_grid, battery, received_at)
SELECT district, worker_id, now() - n * interval '1 minute', now() - n * interval '1 minute', 'x', lon, lat, lon, lat, 'WGS84',
       grid_id, in_own_grid, 50, now() - n * interval '1 minute'
FROM worker_state, generate_series(1, 9, 2) n;
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, text, hist, received_at)
SELECT district, 'W1', now() - interval '5 hours', 'd1', now() - interval '5 hours', 'worker', 'duty_on', '上班', false, now()
FROM district;
INSERT INTO premises_found (district, worker_id, ts, id, at, name, category, status, tags, photos, lon, lat, raw_lon, raw_lat,
                            datum, mock, hist, received_at)
SELECT district, 'W1', now(), 'f1', now(), '新店', '药品', 'in_business', '{}', '[]', 118.005, 24.605, 118.005, 24.605, 'WGS84',
       false, false, now()
FROM district;
INSERT INTO holiday (district, day, working, name) SELECT district, current_date + 9, false, '节' FROM district;
INSERT INTO duty_rule (district, grade, act, list, valid_from)
SELECT district, 'assistant', 'suspend_task', 'negative', '2020-01-01' FROM district;
INSERT INTO off_duty_dropped (district, day, positions) SELECT district, current_date, 7 FROM district;
UPDATE command SET place = district::text, payload = '{"task_id": "T1", "text": "补正"}';
-- Somebody played the room of yesterday.
INSERT INTO track_look (district, look_id, worker_id, at, actor, about, id, since, until, place)
SELECT district, 'L2', '*', now(), 'screen', 'room', current_date - 1, now() - interval '1 day', now(), district::text
FROM district;

-- Rules that a district has of its own, beside those of all.
INSERT INTO clue_route (district, kind, industry, keyword, department_id, priority, valid_from)
SELECT district, 'k', '', '', 'food', 1, '2000-01-01' FROM district;
INSERT INTO deadline_rule (district, step, category, working_days, valid_from)
SELECT district, 'inspect', 'c', 9, '2000-01-01' FROM district;
INSERT INTO escalation_rule (district, severity, step, minutes, valid_from)
SELECT district, 'major', 'acknowledge', 9, '2000-01-01' FROM district;
INSERT INTO score_weight (district, indicator, weight, minimum, valid_from)
SELECT district, 'on_time', 25, 5, '2000-01-01' FROM district;
INSERT INTO season (district, category, item, begins, ends, valid_from)
SELECT district, '药品', 'item', '03-01', '06-30', '2000-01-01' FROM district;
