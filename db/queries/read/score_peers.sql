-- In each of the 26 weeks until the day `until` how many workers were ranked, and between which points the middle half of
-- them lay; of fewer than five, who could be told apart, nothing.
SELECT p.begins, p.ranked,
       CASE WHEN p.ranked >= 5 THEN p.quarters[1] END AS quarter, CASE WHEN p.ranked >= 5 THEN p.quarters[2] END AS middle,
       CASE WHEN p.ranked >= 5 THEN p.quarters[3] END AS three_quarters
FROM (
    SELECT s.begins, count(s.points) AS ranked,
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY s.points) AS quarters
    FROM score s
    WHERE s.span = 'week' AND s.level = 'worker'
      AND s.begins <= %(until)s::date AND s.begins > %(until)s::date - 182
    GROUP BY s.begins) p
ORDER BY p.begins;
