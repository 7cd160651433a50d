-- Major clues of which there is something new to say: whose present level knows nothing of it, or of which an alert
-- is open that is over.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS clue_id, array_agg(split_part(subject, ':', 3)) AS levels
    FROM alert WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
    GROUP BY 1
)
SELECT to_jsonb(c) AS "case", coalesce(o.levels, '{}') AS open_levels
FROM clue_case c LEFT JOIN open o USING (clue_id)
WHERE c.district = %(district)s AND c.severity = 'major' AND c.level IS NOT NULL
  AND (c.disposed_at IS NULL AND c.voided_at IS NULL OR c.clue_id IN (SELECT clue_id FROM open))
  AND CASE WHEN c.disposed_at IS NULL AND c.voided_at IS NULL
      THEN coalesce(o.levels, '{}') <> ARRAY[c.level] ELSE o.levels IS NOT NULL END;
