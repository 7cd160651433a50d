-- The registry's first district (its code; null when there is none yet), whatever the scope.
SELECT first_district() AS district;
