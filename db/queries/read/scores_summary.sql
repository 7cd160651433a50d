-- What the scores of one `level` come to in the period of the `span` that begins on the day `begins`, of those at or below
-- `unit` (null: all): how many, how many of them can be ranked and may be the first, the middle and the middle half of
-- their points, what was left out, what looks like gaming, and when it was counted.
SELECT count(*) AS whole, count(s.points) AS ranked, count(*) FILTER (WHERE s.first = 1) AS may_be_first,
       percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY s.points) AS quarters,
       sum((s.left_out ->> 'suspended')::integer) AS suspended, sum((s.left_out ->> 'appealed')::integer) AS appealed,
       sum((s.gaming ->> 'late_suspended')::integer) AS late_suspended,
       sum((s.gaming ->> 'late_cancelled')::integer) AS late_cancelled, sum((s.gaming ->> 'split')::integer) AS split,
       max(coalesce(c.counted_at, s.counted_at)) AT TIME ZONE i.tz AS counted
FROM district_info i
JOIN score s ON s.span = %(span)s AND s.begins = %(begins)s::date AND s.level = %(level)s
LEFT JOIN score_period c ON c.span = s.span AND c.begins = s.begins
WHERE %(unit)s::text IS NULL OR starts_with(s.path || '/', %(unit)s::text || '/')
GROUP BY i.tz
LIMIT %(limit)s;
