-- All that has happened to some tasks.
SELECT district, task_id, at, event, actor, cause, params, state, irregular
FROM task_event WHERE district = %(district)s AND task_id = ANY(%(ids)s);
