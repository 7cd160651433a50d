-- The very tasks, or clues, behind a figure of a KPI over a period: those of the numerator (`counts` true), the
-- others of the denominator (false), or all (null), with `text` in number or premises (null: any), in `limit` rows at
-- most; the others first, the latest on top.
WITH asked AS MATERIALIZED (
    SELECT tz, as_of(%(until)s::timestamptz) AS as_of, grain,
           %(text)s::text IS NULL AND is_kept('--kpi--', '--digest--', grain, %(unit)s::text, NULL,
               ARRAY[%(since)s::timestamptz, %(until)s::timestamptz]) AS kept
    FROM district_info, (SELECT CASE WHEN %(category)s::text IS NULL THEN 'unit' ELSE 'category' END AS grain) g
),
days AS (  -- how many there are from each day on, of either sort, where that is known without looking at each
    SELECT day, sum(sum(denominator)) OVER latest AS members,
           sum(sum(denominator - numerator)) OVER latest AS others, sum(sum(numerator)) OVER latest AS counted
    FROM (
        SELECT date_trunc('day', began, (SELECT tz FROM asked)) AS day, numerator, denominator
        FROM kpi_daily
        WHERE (SELECT kept FROM asked) AND kpi = '--kpi--' AND grain = (SELECT grain FROM asked)
          AND until > (SELECT as_of FROM asked) AND began <= (SELECT as_of FROM asked)
          AND (%(since)s::timestamptz IS NULL OR began >= %(since)s::timestamptz)
          AND (%(category)s::text IS NULL OR category = %(category)s::text)
          AND is_below(path, %(unit)s::text)
    ) parts
    GROUP BY day
    WINDOW latest AS (ORDER BY day DESC)
),
enough AS MATERIALIZED (  -- from which day on there are `limit` of a sort; null where too many would be looked at
    SELECT max(day) FILTER (WHERE others >= %(limit)s AND members < 300000) AS others_from,
           max(day) FILTER (WHERE counted >= %(limit)s AND members < 300000) AS counted_from
    FROM days
),
member AS (
    --member--
),
chosen AS NOT MATERIALIZED (
    SELECT * FROM member
    WHERE denominator_from <= as_of(%(until)s::timestamptz)
      AND (denominator_until IS NULL OR denominator_until > as_of(%(until)s::timestamptz))
      AND (%(since)s::timestamptz IS NULL OR denominator_from >= %(since)s::timestamptz)
      AND (%(category)s::text IS NULL OR category = %(category)s::text)
      AND is_below(path, %(unit)s::text)
      AND (%(text)s::text IS NULL
           OR position(lower(%(text)s::text) IN lower(id)) > 0
           OR id IN (SELECT task_id FROM task WHERE premises_id IN (SELECT premises_id FROM premises
                WHERE position(lower(%(text)s::text) IN lower(concat_ws(' ', name, address))) > 0)))
),
other AS NOT MATERIALIZED (
    SELECT id, path, category, denominator_from, false AS counts FROM chosen
    WHERE coalesce(NOT %(counts)s::boolean, true)
      AND (numerator_from IS NULL OR numerator_from > as_of(%(until)s::timestamptz)
           OR numerator_until <= as_of(%(until)s::timestamptz))
),
others AS MATERIALIZED (
    (SELECT * FROM other WHERE denominator_from >= (SELECT others_from FROM enough)
     ORDER BY denominator_from DESC, id LIMIT %(limit)s)
    UNION ALL  -- by whatever else they can be found
    (SELECT * FROM other WHERE (SELECT others_from FROM enough) IS NULL
     ORDER BY denominator_from DESC, id LIMIT %(limit)s)
),
one_counted AS NOT MATERIALIZED (
    SELECT id, path, category, denominator_from, true AS counts FROM chosen
    WHERE coalesce(%(counts)s::boolean, true) AND (SELECT count(*) FROM others) < %(limit)s
      AND numerator_from <= as_of(%(until)s::timestamptz)
      AND (numerator_until IS NULL OR numerator_until > as_of(%(until)s::timestamptz))
),
counted AS (
    (SELECT * FROM one_counted WHERE denominator_from >= (SELECT counted_from FROM enough)
     ORDER BY denominator_from DESC, id LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM one_counted WHERE (SELECT counted_from FROM enough) IS NULL
     ORDER BY denominator_from DESC, id LIMIT %(limit)s)
),
found AS (
    SELECT f.*, a.tz FROM (SELECT * FROM others UNION ALL SELECT * FROM counted) f CROSS JOIN asked a
    ORDER BY counts, denominator_from DESC, id
    LIMIT %(limit)s
),
shown AS MATERIALIZED (  -- or premises and workers would be read once a row
    SELECT f.*, coalesce(t.state, k.state) AS state, coalesce(t.premises_id, k.premises_id) AS premises_id,
           coalesce(t.done_by, t.worker_id, k.worker_id) AS worker_id,
           coalesce(t.launched_at, k.reported_at) AT TIME ZONE f.tz AS launched,
           coalesce(t.disposal_due_at, k.due_at) AT TIME ZONE f.tz AS due,
           coalesce(t.done_at, k.disposed_at) AT TIME ZONE f.tz AS done,
           t.closed_at AT TIME ZONE f.tz AS closed, t.rework
    FROM found f
    LEFT JOIN LATERAL (SELECT * FROM task_owed WHERE task_id = f.id LIMIT 1) t ON true
    LEFT JOIN LATERAL (SELECT * FROM clue_case WHERE clue_id = f.id LIMIT 1) k ON true
)
SELECT f.id, f.counts, f.category, c.name AS category_name, c.name_en AS category_name_en,
       f.state, p.name AS premises_name, p.address, w.name AS worker_name, w.name_en AS worker_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en, s.name AS station_name, s.name_en AS station_name_en,
       f.denominator_from AT TIME ZONE f.tz AS began, f.launched, f.due, f.done, f.closed, f.rework
FROM shown f
LEFT JOIN LATERAL (SELECT name, address FROM premises WHERE premises_id = f.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = f.worker_id LIMIT 1) w ON true
LEFT JOIN org_unit u ON u.path = f.path
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(f.path, '/'))[:2], '/')
LEFT JOIN task_category c ON c.category = f.category
ORDER BY f.counts, f.denominator_from DESC, f.id;
