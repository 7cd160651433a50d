CROSS JOIN LATERAL (VALUES
    -- What `n` such members come to in kpi_daily.
    (ended, CASE WHEN counts IS NOT NULL AND counted = ended THEN n ELSE 0 END, n),
    (CASE WHEN counts IS NOT NULL AND counted < ended THEN counted END, n, 0),
    (CASE WHEN counts > began THEN counts END, -n, 0)
) AS p (until, numerator, denominator)
