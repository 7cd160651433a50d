-- A KPI has just been counted, by the text of that digest.
INSERT INTO kpi_kept (district, kpi, digest, tz, exact_from)
SELECT district, %(kpi)s, %(digest)s, tz, scoped.exact_from(tz) FROM district WHERE district = %(district)s;
