-- The first days of the periods of a `span` that have been counted, the latest first.
SELECT begins FROM score_period WHERE span = %(span)s ORDER BY begins DESC LIMIT %(limit)s;
