-- Open the new assignments of workers to grids; end those that are no longer in the file.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(worker_id text, grid_id text)
), opened AS (
    INSERT INTO assignment (district, worker_id, grid_id, valid_from)
    SELECT %(district)s, i.worker_id, i.grid_id, now() FROM incoming i
    WHERE NOT EXISTS (
        SELECT FROM assignment a
        WHERE a.district = %(district)s AND a.worker_id = i.worker_id AND a.grid_id = i.grid_id
          AND a.valid_to IS NULL)
), gone AS (
    UPDATE assignment a SET valid_to = now()
    WHERE a.district = %(district)s AND a.valid_to IS NULL
      AND NOT EXISTS (
        SELECT FROM incoming i WHERE i.worker_id = a.worker_id AND i.grid_id = a.grid_id)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
