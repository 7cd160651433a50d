-- Which department the results of each category of tasks concern. Tasks may call a category by code or by name.
SELECT unnest(ARRAY[category, name]) AS category, department_id
FROM task_category WHERE district = %(district)s AND closed_at IS NULL;
