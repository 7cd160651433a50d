-- Keep that there are new visits, to be weighed `wait` after they ended or were heard of, and which photos prove them.
-- A number may be smaller than a real can be, hence numeric and rounded.
WITH visits AS MATERIALIZED (
    SELECT r.*, t.category
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, device_id text, ts timestamptz, id text, premises_id text, task_id text, grid_id text,
        started timestamptz, ended timestamptz, lon double precision, lat double precision,
        raw_lon double precision, raw_lat double precision, accuracy_m numeric, photos jsonb,
        received_at timestamptz)
    LEFT JOIN task t USING (district, task_id)
), shown AS (
    INSERT INTO photo_use (district, sha256, worker_id, id, premises_id, ended)
    SELECT v.district, p.value ->> 'sha256', v.device_id, v.id, v.premises_id, v.ended
    FROM visits v, jsonb_array_elements(v.photos) p
    ON CONFLICT DO NOTHING
)
INSERT INTO visit_evidence (district, worker_id, ts, id, premises_id, category, grid_id, started, ended, lon, lat,
                            raw_lon, raw_lat, off_m, due_at)
SELECT district, device_id, ts, id, premises_id, category, grid_id, started, ended, lon, lat, raw_lon, raw_lat,
       coalesce(round(least(accuracy_m, 1e6), 6), 30), greatest(ended + %(wait)s::interval, received_at + interval '1 minute')
FROM visits
ON CONFLICT DO NOTHING;
