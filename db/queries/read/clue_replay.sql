-- What never changes of clue `id`, as ingest/domain/clue.py has it.
SELECT district, clue_id, worker_id, device_id, ts, id, kind, severity, text, industry, premises_id, lon, lat,
       grid_id, path, reported_at
FROM clue_case WHERE clue_id = %(id)s;
