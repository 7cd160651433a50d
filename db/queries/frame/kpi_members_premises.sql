-- The very premises behind a figure of a KPI over a period, asked for as in kpi_members, with the licence of those that
-- they need which stands worst now.
--chosen--,
found AS MATERIALIZED (
    SELECT * FROM chosen
    WHERE (%(counts)s::boolean IS NULL OR counts = %(counts)s::boolean)
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(id)) > 0
           OR id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, licence_no, address))) > 0)
           OR id IN (SELECT premises_id FROM licence
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', kind, number))) > 0))
    ORDER BY counts, denominator_from DESC, id
    LIMIT %(limit)s
)
SELECT f.id, f.counts, f.category, p.name AS premises_name, p.address, p.risk_grade, p.licence_no,
       l.lamp, l.kind, l.number, l.valid_from, l.valid_to,
       g.name AS unit_name, g.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.denominator_from AT TIME ZONE f.tz AS began
FROM found f
LEFT JOIN LATERAL (
    SELECT name, address, risk_grade, licence_no FROM premises WHERE premises_id = f.id LIMIT 1) p ON true
LEFT JOIN LATERAL (
    SELECT *, licence_lamp(valid, number IS NOT NULL, valid_to, today, 0) AS lamp
    FROM licence_paper WHERE premises_id = f.id AND needed
    ORDER BY valid, number NULLS FIRST, valid_to LIMIT 1) l ON true
LEFT JOIN org_unit g ON g.path = f.path
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.path, '/'))[:2], '/')
ORDER BY f.counts, f.denominator_from DESC, f.id;
