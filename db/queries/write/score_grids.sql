-- Each grid's premises in business, and how many of them are of high risk.
SELECT grid_id, path, count(*) AS premises, count(*) FILTER (WHERE risk_grade IN ('C', 'D')) AS high_risk
FROM premises
WHERE district = %(district)s AND grid_id IS NOT NULL AND status = 'in_business' AND closed_at IS NULL
GROUP BY 1, 2 ORDER BY 1, 2;
