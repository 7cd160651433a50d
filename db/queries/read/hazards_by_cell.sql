-- Where hazards were found in the last 30 days, by visits that ended abnormal and by clues and complaints, counted by
-- squares of `step` degrees.
WITH found AS (
    SELECT lon, lat FROM inspection
    WHERE at > now() - interval '30 days' AND coalesce(outcome, result) = 'abnormal'
    UNION ALL
    SELECT lon, lat FROM clue_case WHERE reported_at > now() - interval '30 days' AND lon IS NOT NULL AND state <> 'invalid'
)
SELECT floor(lon / %(step)s::float)::integer AS x, floor(lat / %(step)s::float)::integer AS y, count(*) AS n
FROM found
GROUP BY 1, 2
ORDER BY 1, 2;
