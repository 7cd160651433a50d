-- The categories of tasks that a district has, with their checklists.
SELECT category AS code, items, module_id LIKE 'annual%%' AS seasonal
FROM task_category WHERE district = %(district)s AND closed_at IS NULL
ORDER BY category;
