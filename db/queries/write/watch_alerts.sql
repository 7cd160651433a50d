-- The open alerts that time may end.
SELECT rule, subject FROM alert
WHERE district = %(district)s AND cleared_at IS NULL 
  AND rule IN ('left_grid', 'device_silent', 'major_clue', 'order_unanswered');
