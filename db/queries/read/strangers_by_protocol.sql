-- How many are registered nowhere and not put aside, by protocol, and how many messages they have sent.
SELECT s.decoder AS code, count(*) AS n, sum(s.messages)::bigint AS messages
FROM stranger s CROSS JOIN district_info
WHERE NOT EXISTS (SELECT FROM stranger_aside a WHERE (a.decoder, a.name) = (s.decoder, s.name))
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s;
