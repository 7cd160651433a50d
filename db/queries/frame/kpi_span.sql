    -- A member is counted in the denominator from `began` until `ended`, and in the numerator from `counts` until
    -- `counted`: null if it never is.
    SELECT m.*, CASE WHEN enters < counted THEN enters END AS counts
    FROM (
        SELECT *, denominator_from AS began, coalesce(denominator_until, 'infinity') AS ended,
               CASE WHEN numerator_from IS NOT NULL THEN greatest(numerator_from, denominator_from) END AS enters,
               least(numerator_until, denominator_until, 'infinity') AS counted
        FROM member
    ) m
    WHERE denominator_from IS NOT NULL AND (denominator_until IS NULL OR denominator_from < denominator_until)
