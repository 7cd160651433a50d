-- Of the last 30 days, how much of each kind was done; and until which day the log is sealed.
SELECT count(*) FILTER (WHERE a.kind = 'look') AS look, count(*) FILTER (WHERE a.kind = 'export') AS export,
       count(*) FILTER (WHERE a.kind = 'account') AS account,
       count(*) FILTER (WHERE a.kind = 'setting') AS setting, count(*) FILTER (WHERE a.kind = 'order') AS "order",
       r.day, r.number, r.stamped_at IS NOT NULL AS stamped
FROM district_info i
LEFT JOIN audit a ON a.act <> 'inspection' AND a.at > now() - interval '30 days'
LEFT JOIN LATERAL (SELECT * FROM audit_root ORDER BY day DESC LIMIT 1) r ON true
GROUP BY r.day, r.number, r.stamped_at
LIMIT %(limit)s;
