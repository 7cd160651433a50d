-- Grids of which new hazards were reported, or an alert is open, with the number of premises at which there were any
-- within so many days; only those of which that is something new to say.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS grid_id FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
),
asked AS MATERIALIZED (
    SELECT grid_id, true AS is_open FROM open
    UNION ALL
    SELECT DISTINCT i.grid_id, false FROM inspection i
    WHERE i.district = %(district)s AND coalesce(i.outcome, i.result) = 'abnormal' AND i.grid_id IS NOT NULL
      AND i.received_at > %(since)s AND i.received_at <= %(until)s
      AND i.at > %(now)s - %(days)s * interval '1 day' AND i.ts > %(now)s - (%(days)s + 1) * interval '1 day'
      AND i.grid_id NOT IN (SELECT grid_id FROM open)
)
SELECT a.grid_id, f.premises, %(now)s::timestamptz AS at, a.is_open
FROM asked a
CROSS JOIN LATERAL (
    SELECT count(DISTINCT i.premises_id) AS premises FROM inspection i
    WHERE i.district = %(district)s AND i.grid_id = a.grid_id AND coalesce(i.outcome, i.result) = 'abnormal'
      AND i.at > %(now)s - %(days)s * interval '1 day' AND i.ts > %(now)s - (%(days)s + 1) * interval '1 day'
) f
WHERE CASE WHEN a.is_open THEN f.premises <= %(count)s * %(calm)s / 100 ELSE f.premises >= %(count)s END;
