-- The category of some tasks.
SELECT task_id, category FROM task WHERE district = %(district)s AND task_id = ANY(%(ids)s);
