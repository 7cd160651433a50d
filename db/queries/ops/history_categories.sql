-- The categories of tasks that a district has, with their checklists.
SELECT category AS code, items, 'season' = ANY (launched_by) AS seasonal
FROM task_category WHERE district = %(district)s AND closed_at IS NULL
ORDER BY category;
