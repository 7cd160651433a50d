-- The duty lists and negative lists that hold here, those of the district's own marked; `tz` the district's.
SELECT r.grade, r.act, r.list, r.valid_from, r.valid_to, r.district <> 0 AS own, i.tz
FROM duty_rule r CROSS JOIN district_info i;
