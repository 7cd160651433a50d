-- How many clues at or below `unit` (null: all) there are in each state; red: past their deadline, or disposed of late;
-- major: of them the major ones.
SELECT c.state AS code, count(*) AS n,
       count(*) FILTER (WHERE coalesce(c.disposed_at, now()) > c.due_at AND c.voided_at IS NULL) AS red,
       count(*) FILTER (WHERE c.severity = 'major') AS major
FROM clue_case c
WHERE %(unit)s::text IS NULL OR is_below(c.path, %(unit)s::text)
GROUP BY 1
ORDER BY 1;
