-- How many tasks at or below `unit` (null: all) stand at each stage: a state, or closed, which is done with nothing
-- more to come. red: past the deadline that holds now; of done ones, whose department's feedback is overdue; of
-- closed ones, disposed of late.
WITH here AS NOT MATERIALIZED (
    SELECT * FROM task_owed WHERE %(unit)s::text IS NULL OR is_below(path, %(unit)s::text)
)
SELECT t.state AS code, count(*) AS n,
       count(*) FILTER (WHERE CASE
           WHEN t.cancelled_at IS NOT NULL OR t.suspended_at IS NOT NULL THEN false
           WHEN t.done_at IS NOT NULL THEN o.due_at < now()
           ELSE now() > t.disposal_due_at END) AS red
FROM here t
LEFT JOIN LATERAL (SELECT due_at FROM obligation WHERE task_id = t.task_id AND replied_at IS NULL LIMIT 1) o ON true
WHERE t.closed_at IS NULL
GROUP BY 1
UNION ALL
SELECT 'closed', count(*),
       count(*) FILTER (WHERE done_at > disposal_due_at AND cancelled_at IS NULL AND suspended_at IS NULL)
FROM here
WHERE closed_at IS NOT NULL
HAVING count(*) > 0
ORDER BY 1;
