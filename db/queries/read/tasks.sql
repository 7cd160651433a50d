-- Tasks at or below `unit` by state, lamp, trait and text (null: all): open ones first, the most pressing on top.
-- The deadline is the one that holds now: of the visit, and of the re-check once a visit in time found something.
-- traits, any of them: irregular, something about it did not fit when it was told; overdue, and still open; unanswered
-- or refused by the phone of the worker who has it.
-- Names are searched each in its own table, and fetched only for the rows that are shown.
WITH lit AS (
    SELECT t.*, coalesce(t.done_by, t.worker_id) AS who,
           lamp(t.launched_at, t.holds_at, now(), coalesce(t.done_at, t.cancelled_at, t.suspended_at)) AS lamp
    FROM (SELECT *, disposal_due(due_at, inspected_at, recheck_due_at) AS holds_at FROM task) t
    WHERE (%(unit)s::text IS NULL OR is_below(t.path, %(unit)s::text))
      AND (%(states)s::text[] IS NULL OR t.state = ANY (%(states)s::text[]))
      AND (%(traits)s::text[] IS NULL
           OR 'irregular' = ANY (%(traits)s::text[])
              AND t.task_id IN (SELECT task_id FROM task_event WHERE irregular IS NOT NULL)
           OR 'overdue' = ANY (%(traits)s::text[])
              AND t.holds_at < now() AND coalesce(t.done_at, t.cancelled_at, t.suspended_at) IS NULL
           OR (t.task_id, t.worker_id) IN (
                SELECT o.task_id, o.device_id FROM order_out o
                WHERE o.kind = 'worker' AND o.state IN ('expired', 'refused', 'failed')
                  AND CASE o.state WHEN 'expired' THEN 'unanswered' ELSE 'refused' END = ANY (%(traits)s::text[])))
),
fitting AS NOT MATERIALIZED (
    SELECT t.* FROM lit t
    WHERE (%(lamps)s::text[] IS NULL OR t.lamp = ANY (%(lamps)s::text[]))
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(concat_ws(' ', t.task_id, t.category, t.who))) > 0
           OR t.category IN (SELECT category FROM task_category
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR t.premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)
           OR t.who IN (SELECT worker_id FROM worker
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0)
           OR t.grid_id IN (SELECT grid_id FROM grid
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, name_en))) > 0))
),
-- Those that are done are looked at only where the open ones are too few, and those long since only then.
open AS MATERIALIZED (
    SELECT * FROM fitting WHERE done_at IS NULL ORDER BY holds_at, task_id LIMIT %(limit)s
),
lately AS MATERIALIZED (
    SELECT * FROM fitting WHERE done_at > now() - interval '14 days' AND (SELECT count(*) FROM open) < %(limit)s
    ORDER BY done_at DESC, holds_at, task_id LIMIT %(limit)s
),
long_since AS (
    SELECT * FROM fitting
    WHERE done_at <= now() - interval '14 days'
      AND (SELECT count(*) FROM open) + (SELECT count(*) FROM lately) < %(limit)s
    ORDER BY done_at DESC, holds_at, task_id LIMIT %(limit)s
),
found AS MATERIALIZED (
    SELECT * FROM (SELECT * FROM open UNION ALL SELECT * FROM lately UNION ALL SELECT * FROM long_since) t
    ORDER BY done_at DESC NULLS FIRST, holds_at, task_id
    LIMIT %(limit)s
)
SELECT t.task_id, t.state, t.lamp, t.category, c.name AS category_name, c.name_en AS category_name_en, t.rework,
       t.premises_id, p.name AS premises_name, p.address,
       t.who AS worker_id, w.name AS worker_name, w.name_en AS worker_name_en, o.state AS phone,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.name AS station_name, s.name_en AS station_name_en,
       t.launched_at AT TIME ZONE i.tz AS launched, t.holds_at AT TIME ZONE i.tz AS due,
       t.done_at AT TIME ZONE i.tz AS done, t.closed_at AT TIME ZONE i.tz AS closed
FROM found t
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, address FROM premises WHERE premises_id = t.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM task_category WHERE category = t.category LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = t.who LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = t.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT state FROM order_out WHERE task_id = t.task_id AND device_id = t.worker_id AND kind = 'worker'
                   ORDER BY queued_at DESC LIMIT 1) o ON true
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(t.path, '/'))[:2], '/')
ORDER BY t.done_at DESC NULLS FIRST, t.holds_at, t.task_id;
