-- The very tasks, or clues, behind a figure of a KPI over a period: those of the numerator (`counts` true), the
-- others of the denominator (false), or all (null), with `text` in number or premises (null: any), in `limit` rows at
-- most; the others first, the latest on top.
--chosen--,
found AS MATERIALIZED (
    SELECT * FROM chosen
    WHERE (%(counts)s::boolean IS NULL OR counts = %(counts)s::boolean)
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(id)) > 0
           OR id IN (SELECT task_id FROM task WHERE premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)))
    ORDER BY counts, denominator_from DESC, id
    LIMIT %(limit)s
)
SELECT f.id, f.counts, f.category, c.name AS category_name, c.name_en AS category_name_en,
       coalesce(t.state, k.state) AS state, p.name AS premises_name, p.address,
       w.name AS worker_name, w.name_en AS worker_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.denominator_from AT TIME ZONE f.tz AS began,
       coalesce(t.launched_at, k.reported_at) AT TIME ZONE f.tz AS launched,
       coalesce(t.disposal_due_at, k.due_at) AT TIME ZONE f.tz AS due,
       coalesce(t.done_at, k.disposed_at) AT TIME ZONE f.tz AS done,
       t.closed_at AT TIME ZONE f.tz AS closed, t.rework
FROM found f
LEFT JOIN LATERAL (SELECT * FROM task_owed WHERE task_id = f.id LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT * FROM clue_case WHERE clue_id = f.id LIMIT 1) k ON true
LEFT JOIN LATERAL (
    SELECT name, address FROM premises WHERE premises_id = coalesce(t.premises_id, k.premises_id) LIMIT 1) p ON true
LEFT JOIN LATERAL (
    SELECT name, name_en FROM worker WHERE worker_id = coalesce(t.done_by, t.worker_id, k.worker_id) LIMIT 1) w ON true
LEFT JOIN org_unit u ON u.path = f.path
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.path, '/'))[:2], '/')
LEFT JOIN task_category c ON c.category = f.category
ORDER BY f.counts, f.denominator_from DESC, f.id;
