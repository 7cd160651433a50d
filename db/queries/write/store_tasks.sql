-- Write tasks as they stand now, what their departments owe, and the events that led there.
WITH stood AS (
    INSERT INTO task (district, task_id, premises_id, category, items, grid_id, path, source, launched_at, due_at,
                      due_provisional, state, worker_id, assigned_at, received_at, started_at, inspected_at, rework,
                      rectify_due_at, recheck_due_at, recheck_provisional, suspended_at, suspended_reason,
                      resumes_to, cancelled_at, done_at, done_by, closed_at, push_due_at, tz)
    SELECT district, task_id, premises_id, category, items, grid_id, path, source, launched_at, due_at,
           due_provisional, state, worker_id, assigned_at, received_at, started_at, inspected_at, rework,
           rectify_due_at, recheck_due_at, recheck_provisional, suspended_at, suspended_reason,
           resumes_to, cancelled_at, done_at, done_by, closed_at, push_due_at, tz
    FROM json_to_recordset(%(tasks)s::json) AS r(
        district integer, task_id text, premises_id text, category text, items text[], grid_id text, path text,
        source text, launched_at timestamptz, due_at timestamptz, due_provisional boolean, state text,
        worker_id text, assigned_at timestamptz, received_at timestamptz, started_at timestamptz,
        inspected_at timestamptz, rework integer, rectify_due_at timestamptz, recheck_due_at timestamptz,
        recheck_provisional boolean, suspended_at timestamptz, suspended_reason text, resumes_to text,
        cancelled_at timestamptz, done_at timestamptz, done_by text, closed_at timestamptz,
        push_due_at timestamptz)
    JOIN district USING (district)
    ON CONFLICT (district, task_id) DO UPDATE SET
        (due_at, due_provisional, state, worker_id, assigned_at, received_at, started_at, inspected_at, rework,
         rectify_due_at, recheck_due_at, recheck_provisional, suspended_at, suspended_reason, resumes_to,
         cancelled_at, done_at, done_by, closed_at, push_due_at)
        = (EXCLUDED.due_at, EXCLUDED.due_provisional, EXCLUDED.state, EXCLUDED.worker_id, EXCLUDED.assigned_at,
           EXCLUDED.received_at, EXCLUDED.started_at, EXCLUDED.inspected_at, EXCLUDED.rework,
           EXCLUDED.rectify_due_at, EXCLUDED.recheck_due_at, EXCLUDED.recheck_provisional,
           EXCLUDED.suspended_at, EXCLUDED.suspended_reason, EXCLUDED.resumes_to,
           EXCLUDED.cancelled_at, EXCLUDED.done_at, EXCLUDED.done_by, EXCLUDED.closed_at,
           EXCLUDED.push_due_at)
), owed AS (
    INSERT INTO obligation AS o (district, task_id, department_id, path, category, pushed_at, due_at,
                                 due_provisional, replied_at, reply, tz)
    SELECT district, task_id, department_id, path, category, pushed_at, due_at, due_provisional, replied_at, reply, tz
    FROM json_to_recordset(%(obligations)s::json) AS r(
        district integer, task_id text, department_id text, path text, category text,
        pushed_at timestamptz, due_at timestamptz, due_provisional boolean, replied_at timestamptz, reply text)
    JOIN district USING (district)
    ON CONFLICT (district, task_id) DO UPDATE SET
        (department_id, pushed_at, due_at, due_provisional, replied_at, reply)
        = (EXCLUDED.department_id, EXCLUDED.pushed_at, EXCLUDED.due_at, EXCLUDED.due_provisional,
           EXCLUDED.replied_at, EXCLUDED.reply)
)
INSERT INTO task_event (district, task_id, at, event, state, actor, cause, params, irregular)
SELECT district, task_id, at, event, state, actor, cause, params, irregular
FROM json_to_recordset(%(events)s::json) AS r(
    district integer, task_id text, at timestamptz, event text, state text, actor text, cause text,
    params jsonb, irregular text)
ON CONFLICT DO NOTHING;
