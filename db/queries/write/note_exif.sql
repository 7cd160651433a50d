-- Keep what photos say of themselves; visits that they prove and that have been weighed are to be weighed again.
WITH said AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        sha256 text, at timestamptz, lon double precision, lat double precision)
), kept AS (
    INSERT INTO photo_exif (district, sha256, at, lon, lat) SELECT %(district)s, sha256, at, lon, lat FROM said
    ON CONFLICT DO NOTHING
    RETURNING sha256
)
UPDATE visit_evidence e SET due_at = %(now)s::timestamptz
FROM kept JOIN photo_use u ON u.district = %(district)s AND u.sha256 = kept.sha256
WHERE e.district = %(district)s AND e.worker_id = u.worker_id AND e.id = u.id AND e.ended = u.ended AND e.due_at IS NULL;
