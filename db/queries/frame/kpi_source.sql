-- What a KPI is made from where `asked` says the first and the last instant to look at: the rows of kpi_daily, if
-- they can answer; else its members, which come to the same. Those at or below `unit`.
source AS MATERIALIZED (
    SELECT a.*, is_kept('--kpi--', '--digest--', grain, %(unit)s::text, depth, ends) AS kept FROM asked a
),
member AS (
    SELECT * FROM (
        --member--
    ) every
    WHERE denominator_from <= (SELECT last FROM source) AND is_below(path, %(unit)s::text)
),
span AS (
    --span--
),
part AS (
    SELECT path, category, began, until AS ended, began AS counts, until AS counted, numerator, denominator
    FROM kpi_daily
    WHERE (SELECT kept FROM source) AND kpi = '--kpi--' AND grain = (SELECT grain FROM source)
      AND until > (SELECT first FROM source) AND began <= (SELECT last FROM source)
      AND is_below(path, %(unit)s::text)
    UNION ALL
    SELECT path, category, began, ended, counts, counted, 1, 1
    FROM span
    WHERE (SELECT kept FROM source) IS FALSE
      AND (denominator_until IS NULL OR denominator_until > (SELECT first FROM source))
)
