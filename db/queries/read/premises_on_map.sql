-- The premises between `west` and `east`, `south` and `north` (degrees, WGS-84), `limit` at most, in a constant order.
SELECT premises_id, name, category, risk_grade, round(lon::numeric, 6)::float AS lon, round(lat::numeric, 6)::float AS lat
FROM premises
WHERE closed_at IS NULL AND lon >= %(west)s AND lon < %(east)s AND lat >= %(south)s AND lat < %(north)s
ORDER BY premises_id
LIMIT %(limit)s;
