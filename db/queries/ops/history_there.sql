-- Whether a district has a played history already: the ids of its tasks begin with H and the year.
SELECT EXISTS (SELECT FROM task WHERE district = %(district)s AND task_id >= 'H1' AND task_id < 'H3') AS there;
