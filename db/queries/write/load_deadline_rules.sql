-- The district's deadline rules and everybody's, each marked whose it is. What a supervision module says of its
-- department counts among everybody's: the district's own rules stand before it.
SELECT step, valid_from, nullif(category, '') AS category, working_days, hours, district <> 0 AS own
FROM deadline_rule
WHERE district IN (0, %(district)s) AND closed_at IS NULL
UNION ALL
SELECT 'department', DATE '2000-01-01', unnest(ARRAY[category, name]), department_working_days, NULL, false
FROM task_category
WHERE district = %(district)s AND closed_at IS NULL;
