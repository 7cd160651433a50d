-- What never changes of some clues, by id; locked until the transaction ends.
SELECT district, clue_id, worker_id, device_id, ts, id, kind, severity, text, industry, premises_id, lon, lat,
       grid_id, path, reported_at
FROM clue_case WHERE district = %(district)s AND clue_id = ANY(%(ids)s)
ORDER BY clue_id FOR UPDATE;
