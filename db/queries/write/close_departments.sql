-- Close some departments by id.
WITH gone AS (
    UPDATE department SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND department_id = ANY(%(ids)s)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
