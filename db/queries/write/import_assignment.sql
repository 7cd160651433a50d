-- Open the new assignments of workers to grids; end those that are no longer in the file.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(worker_id text, grid_id text)
), opened AS (
    INSERT INTO assignment (district, worker_id, grid_id, valid_from)
    SELECT %(district)s, worker_id, grid_id, now() FROM incoming
    WHERE (worker_id, grid_id) NOT IN (
        SELECT worker_id, grid_id FROM assignment WHERE district = %(district)s AND valid_to IS NULL)
), gone AS (
    UPDATE assignment SET valid_to = now()
    WHERE district = %(district)s AND valid_to IS NULL
      AND (worker_id, grid_id) NOT IN (SELECT worker_id, grid_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
