-- The registered districts.
SELECT district FROM district ORDER BY district;
