-- Write tasks as they stand now, and the steps that led there.
WITH stood AS (
    INSERT INTO task (district, task_id, premises_id, category, items, grid_id, path, worker_id, state,
                      launched_at, due_at, inspected_at, done_at, done_by, rework)
    SELECT district, task_id, premises_id, category, items, grid_id, path, worker_id, state,
           launched_at, due_at, inspected_at, done_at, done_by, rework
    FROM json_to_recordset(%(tasks)s::json) AS r(
        district integer, task_id text, premises_id text, category text, items text[], grid_id text,
        path text, worker_id text, state text, launched_at timestamptz, due_at timestamptz,
        inspected_at timestamptz, done_at timestamptz, done_by text, rework integer)
    ON CONFLICT (district, task_id) DO UPDATE SET
        state = EXCLUDED.state, inspected_at = EXCLUDED.inspected_at, done_at = EXCLUDED.done_at,
        done_by = EXCLUDED.done_by, rework = EXCLUDED.rework
)
INSERT INTO task_event (district, task_id, at, event, state, actor, cause)
SELECT district, task_id, at, event, state, actor, cause
FROM json_to_recordset(%(events)s::json) AS r(
    district integer, task_id text, at timestamptz, event text, state text, actor text, cause text)
ON CONFLICT DO NOTHING;
