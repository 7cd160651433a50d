-- Work out how premises of the district (`ids`; null: all) stand by what is registered now: their needs, less what
-- they lack, is when they held all that they needed; each time that ends, they begin to need anew.
WITH need AS MATERIALIZED (
    SELECT n.category, n.kind, d.tz,
           (SELECT range_agg(tstzrange(lower(days)::timestamp AT TIME ZONE d.tz, upper(days)::timestamp AT TIME ZONE d.tz))
            FROM unnest(n.days) AS days) AS span
    FROM licence_need n JOIN district d USING (district)
    WHERE n.district = %(district)s
),
asked AS (
    SELECT * FROM premises
    WHERE district = %(district)s AND (%(ids)s::text[] IS NULL OR premises_id = ANY (%(ids)s::text[]))
),
known AS (  -- a business licence of which only the number is known is held all the time
    SELECT premises_id, kind, valid_from, valid_to + 1 AS until, closed_at FROM licence
    WHERE district = %(district)s AND (%(ids)s::text[] IS NULL OR premises_id = ANY (%(ids)s::text[]))
    UNION ALL
    SELECT premises_id, '营业执照', NULL, NULL, NULL FROM asked p
    WHERE licence_no IS NOT NULL AND '营业执照' IN (SELECT kind FROM need)
      AND NOT EXISTS (SELECT FROM licence l WHERE l.district = p.district AND l.premises_id = p.premises_id
                                              AND l.kind = '营业执照')
),
opened AS (
    SELECT premises_id, min(valid_from) AS day FROM known WHERE kind = '营业执照' GROUP BY 1
),
held AS (
    SELECT k.premises_id, k.kind, range_agg(tstzrange(first, last)) AS span
    FROM known k
    CROSS JOIN (SELECT DISTINCT tz FROM need) d
    CROSS JOIN LATERAL (SELECT k.valid_from::timestamp AT TIME ZONE d.tz AS first,
                               least(k.until::timestamp AT TIME ZONE d.tz, k.closed_at) AS last) days
    WHERE k.kind IN (SELECT kind FROM need) AND (first >= last) IS NOT TRUE
    GROUP BY 1, 2
),
span AS (
    SELECT p.premises_id, p.path, p.category, range_agg(needs) AS needs,
           range_agg(needs - coalesce(h.span, '{}')) AS lacks
    FROM asked p
    JOIN need n USING (category)
    LEFT JOIN opened o USING (premises_id)
    LEFT JOIN held h USING (premises_id, kind)
    CROSS JOIN LATERAL (  -- since when they are there: as registered, licensed, or found by a worker
        SELECT coalesce(coalesce(p.registered_on, o.day)::timestamp AT TIME ZONE n.tz,
                        CASE p.source WHEN 'field' THEN p.known_since END) AS first) day
    CROSS JOIN LATERAL (SELECT n.span * tstzmultirange(tstzrange(first, p.closed_at)) AS needs) one
    WHERE p.status IN ('in_business', 'recorded') AND (first >= p.closed_at) IS NOT TRUE
    GROUP BY 1, 2, 3
),
cut AS (  -- where a row ends: a holding does, or the need
    SELECT s.premises_id, s.path, s.category, lower(need) AS begins, held_from, coalesce(until, 'infinity') AS until
    FROM span s
    CROSS JOIN LATERAL unnest(s.needs) AS need
    CROSS JOIN LATERAL (
        SELECT lower(holding) AS held_from, upper(holding) AS until
        FROM unnest(tstzmultirange(need) - s.lacks) AS holding
        UNION ALL
        SELECT NULL, upper(lacking) FROM unnest(tstzmultirange(need) * s.lacks) AS lacking
        WHERE upper(lacking) IS NOT DISTINCT FROM upper(need)) part
),
row AS MATERIALIZED (
    SELECT premises_id, path, category,
           coalesce(lag(until) OVER (PARTITION BY premises_id, begins ORDER BY until), begins) AS needed_from,
           held_from, nullif(until, 'infinity') AS needed_until
    FROM cut
),
gone AS (
    DELETE FROM licence_standing s
    WHERE s.district = %(district)s AND (%(ids)s::text[] IS NULL OR s.premises_id = ANY (%(ids)s::text[]))
      AND NOT EXISTS (SELECT FROM row r WHERE r.premises_id = s.premises_id AND r.needed_from = s.needed_from)
)
INSERT INTO licence_standing AS s (district, premises_id, path, category, needed_from, held_from, needed_until)
SELECT %(district)s, premises_id, path, category, needed_from, held_from, needed_until FROM row
ON CONFLICT (district, premises_id, needed_from) DO UPDATE SET
    path = EXCLUDED.path, category = EXCLUDED.category, held_from = EXCLUDED.held_from,
    needed_until = EXCLUDED.needed_until
WHERE (s.path, s.category, s.held_from, s.needed_until)
    IS DISTINCT FROM (EXCLUDED.path, EXCLUDED.category, EXCLUDED.held_from, EXCLUDED.needed_until);
