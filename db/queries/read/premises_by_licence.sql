-- How many premises in business at or below `unit` (null: all) stand how by their licences, as in read/premises, where
-- expiring means within 60 days.
SELECT CASE WHEN l.premises_id IS NULL THEN 'none' ELSE licence_lamp(l.held, l.had, l.ends, l.today, 60) END AS code, count(*) AS n
FROM premises p
LEFT JOIN licence_now l USING (premises_id)
WHERE p.closed_at IS NULL AND p.status IN ('in_business', 'recorded')
  AND (%(unit)s::text IS NULL OR starts_with(p.path || '/', %(unit)s::text || '/'))
GROUP BY 1
ORDER BY 1;
