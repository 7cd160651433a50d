-- Count positions that were dropped, since their people were off duty.
INSERT INTO off_duty_dropped (district, day, positions)
SELECT district, (now() AT TIME ZONE tz)::date, %(positions)s FROM district WHERE district = %(district)s
ON CONFLICT (district, day) DO UPDATE SET positions = off_duty_dropped.positions + EXCLUDED.positions;
