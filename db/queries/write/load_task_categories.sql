-- The categories of tasks of the supervision modules, closed ones last.
SELECT category, name, hazard_grade AS hazard, items
FROM task_category WHERE district = %(district)s
ORDER BY closed_at IS NOT NULL, category;
