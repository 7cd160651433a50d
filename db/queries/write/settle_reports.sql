-- Keep by what each of these public reports had been found before, if it had.
UPDATE public_report p SET found_by = r.found_by, found_id = r.found_id, found_at = r.found_at
FROM json_to_recordset(%(rows)s::json)
    AS r(report_id text, found_by text, found_id text, found_at timestamptz)
WHERE p.district = %(district)s AND p.report_id = r.report_id
  AND (p.found_by, p.found_id, p.found_at) IS DISTINCT FROM (r.found_by, r.found_id, r.found_at);
