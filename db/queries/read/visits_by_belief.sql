-- How many visits of the last seven days, of workers at or below `unit`, can be believed how far.
SELECT CASE WHEN v.truth IS NULL THEN 'unweighed' WHEN v.truth < doubtful_below() THEN 'doubtful'
            WHEN v.truth < 70 THEN 'unclear' ELSE 'believed' END AS code, count(*) AS n
FROM visit_evidence v JOIN worker w USING (worker_id)
WHERE v.ended > now() - interval '7 days'
  AND (%(unit)s::text IS NULL OR starts_with(w.path || '/', %(unit)s::text || '/'))
GROUP BY 1
LIMIT %(limit)s;
