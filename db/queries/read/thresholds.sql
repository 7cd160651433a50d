-- Every parameter of every alert rule in the rules' order, with the value in force, since when and by whom, and the next
-- one if one is to come; and how often its rule has rung within 30 days. A rule without parameters is a row, too.
WITH rung AS (
    SELECT rule, count(*) AS n FROM alert WHERE raised_at > now() - interval '30 days' GROUP BY rule
    UNION ALL SELECT 'incident', count(*) FROM incident WHERE opened_at > now() - interval '30 days'
)
SELECT coalesce(p.name, r.rule) AS id, r.rule, r.previewed AND p.name IS NOT NULL AS previewed, p.name, p.unit,
       p.low, p.high, p.value AS usual, coalesce(t.value, p.value) AS value, t.valid_from AT TIME ZONE i.tz AS since,
       t.actor, t.district = 0 AS everybodys, n.value AS next_value, n.valid_from AT TIME ZONE i.tz AS next_from,
       coalesce(g.n, 0) AS rung
FROM alert_rule r
CROSS JOIN district_info i
LEFT JOIN alert_parameter p USING (rule)
LEFT JOIN rung g USING (rule)
LEFT JOIN LATERAL (
    SELECT * FROM threshold t
    WHERE t.name = p.name AND t.unit = p.unit AND t.value BETWEEN p.low AND p.high AND t.valid_from <= now()
    ORDER BY t.district = 0, t.valid_from DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
    SELECT * FROM threshold t
    WHERE t.name = p.name AND t.unit = p.unit AND t.value BETWEEN p.low AND p.high AND t.valid_from > now()
      AND (t.district <> 0 OR coalesce((SELECT false FROM threshold own
                                        WHERE own.name = p.name AND own.district <> 0 LIMIT 1), true))
    ORDER BY t.valid_from LIMIT 1
) n ON true
ORDER BY r.place, p.place;
