-- Tasks at or below `unit` by state, lamp and text (null: all): open ones first, the most pressing on top.
-- Lamp: red past the deadline, yellow from four fifths of the allowed time on, else green; of a task that is done,
-- whether it was in time.
WITH lit AS (
    SELECT t.*,
           CASE WHEN t.done_at > t.due_at OR (t.done_at IS NULL AND now() > t.due_at) THEN 'red'
                WHEN t.done_at IS NULL AND now() >= t.launched_at + 0.8 * (t.due_at - t.launched_at) THEN 'yellow'
                ELSE 'green' END AS lamp
    FROM task t
    WHERE (%(unit)s::text IS NULL OR starts_with(t.path || '/', %(unit)s::text || '/'))
      AND (%(states)s::text[] IS NULL OR t.state = ANY (%(states)s::text[]))
)
SELECT t.task_id, t.state, t.lamp, t.category, t.rework,
       p.premises_id, p.name AS premises_name, p.address,
       w.worker_id, w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en,
       s.name AS station_name, s.name_en AS station_name_en,
       t.launched_at AT TIME ZONE i.tz AS launched, t.due_at AT TIME ZONE i.tz AS due,
       t.done_at AT TIME ZONE i.tz AS done
FROM lit t
CROSS JOIN district_info i
LEFT JOIN premises p USING (premises_id)
LEFT JOIN worker w ON w.worker_id = coalesce(t.done_by, t.worker_id)
LEFT JOIN grid g ON g.grid_id = t.grid_id
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(t.path, '/'))[:2], '/')
WHERE (%(lamps)s::text[] IS NULL OR t.lamp = ANY (%(lamps)s::text[]))
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN lower(concat_ws(' ', t.task_id, t.category,
       p.name, p.address, w.worker_id, w.name, w.name_en, g.name, g.name_en))) > 0)
ORDER BY t.done_at DESC NULLS FIRST, t.due_at, t.task_id
LIMIT %(limit)s;
