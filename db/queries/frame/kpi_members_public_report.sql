-- The very public reports behind a figure of a KPI over a period, asked for as in kpi_members, with what a patrol had
-- found before, if anything.
--chosen--,
found AS MATERIALIZED (
    SELECT * FROM chosen
    WHERE (%(counts)s::boolean IS NULL OR counts = %(counts)s::boolean)
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(id)) > 0
           OR id IN (SELECT report_id FROM public_report
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', kind, text))) > 0
                   OR premises_id IN (SELECT premises_id FROM premises
                        WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)))
    ORDER BY counts, denominator_from DESC, id
    LIMIT %(limit)s
)
SELECT f.id, f.counts, f.category, r.text, r.found_by, r.found_id, r.found_at AT TIME ZONE f.tz AS found_at,
       p.name AS premises_name, p.address,
       g.name AS unit_name, g.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.denominator_from AT TIME ZONE f.tz AS began
FROM found f
LEFT JOIN LATERAL (SELECT * FROM public_report WHERE report_id = f.id LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT name, address FROM premises WHERE premises_id = r.premises_id LIMIT 1) p ON true
LEFT JOIN org_unit g ON g.path = f.path
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.path, '/'))[:2], '/')
ORDER BY f.counts, f.denominator_from DESC, f.id;
