-- Keep how far visits can be believed.
UPDATE visit_evidence e
SET truth = r.truth, verdicts = r.verdicts, weighed_at = %(now)s, times = e.times + 1, due_at = NULL
FROM json_to_recordset(%(rows)s::json) AS r(worker_id text, ts timestamptz, id text, truth smallint, verdicts jsonb)
WHERE e.district = %(district)s AND (e.worker_id, e.ts, e.id) = (r.worker_id, r.ts, r.id);
