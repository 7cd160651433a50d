-- How many are registered nowhere, by protocol, and how many messages they have sent.
SELECT decoder AS code, count(*) AS n, sum(messages)::bigint AS messages
FROM stranger CROSS JOIN district_info GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s;
