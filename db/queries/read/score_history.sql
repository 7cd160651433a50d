-- The points of worker `id` in each of the 26 weeks until the day `until`.
SELECT s.begins, s.points, s.low, s.high
FROM score s
WHERE s.span = 'week' AND s.level = 'worker' AND s.subject = %(id)s
  AND s.begins <= %(until)s::date AND s.begins > %(until)s::date - 182
ORDER BY s.begins;
