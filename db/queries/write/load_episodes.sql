-- What devices had going on around some instants of their clocks, by their clocks: events whose id begins with a thing's
-- own, of a day before. `since` and `until` are those of all that is asked: they spare looking into other chunks.
SELECT asked.district, asked.device_id, asked.thing, e.ts AS began, e.ended - (e.at - e.ts) AS ended
FROM json_to_recordset(%(rows)s::json) AS asked(
    district integer, device_id text, thing text, since timestamptz, until timestamptz)
JOIN device_event e ON e.district = asked.district AND e.device_id = asked.device_id
    AND e.ts BETWEEN asked.since - interval '1 day' AND asked.until + interval '1 minute'
    AND e.ts BETWEEN %(since)s::timestamptz - interval '1 day' AND %(until)s::timestamptz + interval '1 minute'
    AND starts_with(e.id, asked.thing || '-') AND e.began IS NOT NULL;
