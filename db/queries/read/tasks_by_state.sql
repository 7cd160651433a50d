-- How many tasks at or below `unit` (null: all) stand at each stage: a state, or closed, which is done with nothing
-- more to come. red: past the deadline that holds now; of done ones, whose department's feedback is overdue; of
-- closed ones, disposed of late.
SELECT CASE WHEN t.closed_at IS NOT NULL THEN 'closed' ELSE t.state END AS code, count(*) AS n,
       count(*) FILTER (WHERE CASE
           WHEN t.cancelled_at IS NOT NULL OR t.suspended_at IS NOT NULL THEN false
           WHEN t.done_at IS NOT NULL AND t.closed_at IS NULL THEN o.due_at < now()
           ELSE coalesce(t.done_at, now()) > disposal_due(t.due_at, t.inspected_at, t.recheck_due_at) END) AS red
FROM task t
LEFT JOIN obligation o ON o.task_id = t.task_id AND o.replied_at IS NULL
WHERE %(unit)s::text IS NULL OR starts_with(t.path || '/', %(unit)s::text || '/')
GROUP BY 1
ORDER BY 1;
