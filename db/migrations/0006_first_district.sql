-- Which district a screen shows that was told none: the registry's first. It gives a code, no rows.
CREATE FUNCTION scoped.first_district() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
    $$ SELECT min(district) FROM public.district $$;
