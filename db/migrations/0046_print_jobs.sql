-- Papers that came as the printer's own job: its bytes are kept, so that a page can show what was printed.
ALTER TABLE receipt
    ADD COLUMN language text CHECK (language IN ('escpos', 'cpcl', 'tspl')),    -- null: told by the phone's app
    ADD COLUMN job      bytea;
CREATE OR REPLACE VIEW scoped.receipt WITH (security_barrier) AS
    SELECT r.* FROM public.receipt r JOIN public.device d USING (district, device_id)
    WHERE r.district = scoped.district() AND scoped.sees(d.path);

-- Whether a paper belongs to a visit of its printer's worker: by the visit's id; by its number, which is the visit's
-- `receipt_no`; and where one of them does not name the other, by its time: printed while the visit lasted, or within half
-- an hour of it.
CREATE FUNCTION scoped.is_paper_of(inspection_id text, number text, printed timestamptz, visit_id text, receipt_no text,
                                   started timestamptz, ended timestamptz)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN inspection_id = visit_id THEN 'by_id'
                WHEN number = receipt_no THEN 'by_number'
                WHEN inspection_id IS NULL AND (number IS NULL OR receipt_no IS NULL)
                     AND printed BETWEEN started - interval '5 minutes' AND ended + interval '30 minutes' THEN 'by_time' END
$$;
GRANT EXECUTE ON FUNCTION scoped.is_paper_of TO gw_ingest, gw_dashboard;
