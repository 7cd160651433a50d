-- The members of a KPI at or below `unit`, of `category`, that began to count in the denominator from `since` until
-- before `until` (null: all); each as it stood at the end of that time, or stands now.
WITH member AS (
    --member--
),
asked AS MATERIALIZED (
    SELECT tz, least(%(until)s::timestamptz - interval '1 microsecond', now()) AS as_of FROM district_info
),
chosen AS (
    SELECT m.id, m.path, m.category, m.denominator_from, a.tz,
           (m.numerator_from <= a.as_of AND coalesce(m.numerator_until > a.as_of, true)) IS TRUE AS counts
    FROM member m CROSS JOIN asked a
    WHERE m.denominator_from <= a.as_of AND coalesce(m.denominator_until > a.as_of, true)
      AND (%(since)s::timestamptz IS NULL OR m.denominator_from >= %(since)s::timestamptz)
      AND (%(category)s::text IS NULL OR m.category = %(category)s::text)
      AND is_below(m.path, %(unit)s::text)
)
