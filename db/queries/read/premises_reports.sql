-- What the public has reported about premises `id`, the latest first, in `limit` rows at most, with what a patrol had
-- found before, if anything.
SELECT r.report_id, r.kind, r.text, r.valid, r.found_by, r.found_id, r.reported_at AT TIME ZONE i.tz AS reported,
       r.found_at AT TIME ZONE i.tz AS found
FROM public_report r
CROSS JOIN district_info i
WHERE r.premises_id = %(id)s
ORDER BY r.reported_at DESC, r.report_id
LIMIT %(limit)s;
