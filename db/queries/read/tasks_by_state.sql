-- How many tasks at or below `unit` (null: all) there are in each state; red: past their deadline, or done late.
SELECT t.state AS code, count(*) AS n,
       count(*) FILTER (WHERE coalesce(t.done_at, now()) > t.due_at) AS red
FROM task t
WHERE %(unit)s::text IS NULL OR starts_with(t.path || '/', %(unit)s::text || '/')
GROUP BY 1
ORDER BY 1;
