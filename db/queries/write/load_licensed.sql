-- The premises on record under some licence numbers: first the register's, then what workers found; first those that
-- are not closed.
SELECT DISTINCT ON (licence_no) licence_no, premises_id
FROM premises WHERE district = %(district)s AND licence_no = ANY(%(numbers)s)
ORDER BY licence_no, source DESC, closed_at IS NOT NULL, premises_id;
