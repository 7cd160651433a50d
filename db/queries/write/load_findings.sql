-- What patrols found in a district from `since` until `until`: workers' clues but those that were none, and inspections
-- with a finding.
SELECT 'clue' AS by, clue_id AS id, reported_at AS at, lon, lat, premises_id
FROM clue_case
WHERE district = %(district)s AND reported_at BETWEEN %(since)s AND %(until)s AND voided_at IS NULL
  AND worker_id IS NOT NULL
UNION ALL
SELECT 'inspection', id, at, lon, lat, premises_id
FROM inspection
WHERE district = %(district)s AND at BETWEEN %(since)s AND %(until)s AND coalesce(outcome, result) = 'abnormal';
