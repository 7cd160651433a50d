-- What was done in the district but for visits, of some kinds and by text (null: all), the latest first.
SELECT a.number, a.at AT TIME ZONE i.tz AS at, a.actor, a.act, a.kind, a.subject, a.params ->> 'state' AS state,
       a.params ->> 'reason' AS reason, a.params -> 'said' AS said
FROM audit a CROSS JOIN district_info i
WHERE a.act <> 'inspection'
  AND (%(kinds)s::text[] IS NULL OR a.kind = ANY (%(kinds)s::text[]))
  AND (%(text)s::text IS NULL
       OR position(lower(%(text)s::text) IN lower(concat_ws(' ', a.actor, a.subject, a.act, a.params ->> 'said'))) > 0)
ORDER BY a.number DESC
LIMIT %(limit)s;
