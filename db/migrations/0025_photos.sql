-- Who sent which photo, for the pages.
CREATE VIEW scoped.photo WITH (security_barrier) AS
    SELECT p.* FROM public.photo p JOIN public.worker w USING (district, worker_id)
    WHERE p.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
GRANT SELECT ON scoped.photo TO gw_dashboard;

-- The photos that a worker's log or clue refers to, as pages show them: when each was taken by the phone's clock, on
-- the district's clocks, and whether its bytes have come.
CREATE FUNCTION scoped.photo_refs(whose text, refs jsonb, tz text) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object(
               'sha256', r.value ->> 'sha256',
               'taken', CASE WHEN (r.value ->> 'taken')::bigint BETWEEN 0 AND 4102444800000  -- the year 2100
                    THEN to_char(to_timestamp((r.value ->> 'taken')::bigint / 1000.0) AT TIME ZONE tz,
                                 'YYYY-MM-DD HH24:MI:SS') END,
               'received', EXISTS (SELECT FROM scoped.photo p
                                   WHERE p.worker_id = whose AND p.sha256 = r.value ->> 'sha256'))
               ORDER BY r.ordinality)
    FROM jsonb_array_elements(refs) WITH ORDINALITY AS r
$$;
GRANT EXECUTE ON FUNCTION scoped.photo_refs TO gw_dashboard;
