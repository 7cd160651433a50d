-- Write clues as they stand now, and the events that led there.
WITH stood AS (
    INSERT INTO clue_case (district, clue_id, worker_id, device_id, ts, id, kind, severity, text, industry, premises_id,
                           lon, lat, grid_id, path, reported_at, state, department_id, routed_by, routed_at, due_at,
                           due_provisional, level, called_at, answer_due_at, received_at, received_by, returned_by,
                           disposed_at, disposed_by, outcome, voided_at)
    SELECT district, clue_id, worker_id, device_id, ts, id, kind, severity, text, industry, premises_id,
           lon, lat, grid_id, path, reported_at, state, department_id, routed_by, routed_at, due_at,
           due_provisional, level, called_at, answer_due_at, received_at, received_by, returned_by,
           disposed_at, disposed_by, outcome, voided_at
    FROM json_to_recordset(%(cases)s::json) AS r(
        district integer, clue_id text, worker_id text, device_id text, ts timestamptz, id text, kind text,
        severity severity, text text, industry text, premises_id text, lon double precision, lat double precision, grid_id text,
        path text, reported_at timestamptz, state text, department_id text, routed_by text[], routed_at timestamptz,
        due_at timestamptz, due_provisional boolean, level text, called_at timestamptz, answer_due_at timestamptz,
        received_at timestamptz, received_by text, returned_by text[], disposed_at timestamptz, disposed_by text,
        outcome text, voided_at timestamptz)
    ON CONFLICT (district, clue_id) DO UPDATE SET
        (state, department_id, routed_by, routed_at, due_at, due_provisional, level, called_at, answer_due_at,
         received_at, received_by, returned_by, disposed_at, disposed_by, outcome, voided_at)
        = (EXCLUDED.state, EXCLUDED.department_id, EXCLUDED.routed_by, EXCLUDED.routed_at, EXCLUDED.due_at,
           EXCLUDED.due_provisional, EXCLUDED.level, EXCLUDED.called_at, EXCLUDED.answer_due_at,
           EXCLUDED.received_at, EXCLUDED.received_by, EXCLUDED.returned_by, EXCLUDED.disposed_at,
           EXCLUDED.disposed_by, EXCLUDED.outcome, EXCLUDED.voided_at)
)
INSERT INTO clue_event (district, clue_id, at, event, state, actor, cause, params, irregular)
SELECT district, clue_id, at, event, state, actor, cause, params, irregular
FROM json_to_recordset(%(events)s::json) AS r(
    district integer, clue_id text, at timestamptz, event text, state text, actor text, cause text,
    params jsonb, irregular text)
ON CONFLICT DO NOTHING;
