-- The members of a time at or below `unit`, of a severity (`category`), that began from `since` until before `until`
-- (null: all), as they stand now. A step cannot have been before its incident, whatever two clocks say.
WITH member AS (
    --member--
),
chosen AS (
    SELECT m.id, m.path, m.severity, m.level, m.began, i.tz,
           CASE WHEN m.took IS NOT NULL THEN greatest(0, date_part('epoch', m.took)) END AS took_s,
           m.took IS NOT NULL AS counts
    FROM member m CROSS JOIN district_info i
    WHERE is_below(m.path, %(unit)s::text)
      AND (%(since)s::timestamptz IS NULL OR m.began >= %(since)s::timestamptz)
      AND (%(until)s::timestamptz IS NULL OR m.began < %(until)s::timestamptz)
      AND (%(category)s::text IS NULL OR m.severity::text = %(category)s::text)
)
