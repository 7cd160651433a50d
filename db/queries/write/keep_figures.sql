-- Keep the screen's figures of a district (`figures`, JSON: by name their rows) as they are now; what is older than
-- positions are kept goes: that far goes the time machine.
WITH gone AS (
    DELETE FROM public.known_figures
    WHERE district = %(district)s AND at < public.kept_since('ping', now())
)
INSERT INTO public.known_figures (district, at, name, figures)
SELECT %(district)s, now(), f.key, f.value FROM jsonb_each(%(figures)s::jsonb) f
ON CONFLICT DO NOTHING;
