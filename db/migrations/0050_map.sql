-- What the map asks for: premises by where they are, and by any part of what they are called.
CREATE INDEX premises_place ON premises (district, lon, lat) WHERE closed_at IS NULL;

-- Every two letters of a text that stand side by side, so that an index finds what holds a part of it: two Chinese
-- letters are a word, for which trigrams are too long. At a text's end there may be single ones.
CREATE FUNCTION letter_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_to_array(regexp_replace(lower($1), '(..)', '\1' || chr(1), 'g') || chr(1)
                           || regexp_replace(substr(lower($1), 2), '(..)', '\1' || chr(1), 'g'), chr(1))
$$;

-- All that premises are looked for by.
CREATE FUNCTION premises_words(premises_id text, name text, licence_no text, address text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(premises_id || ' ' || name || ' ' || coalesce(licence_no, '') || ' ' || coalesce(address, ''))
$$;

CREATE INDEX premises_words ON premises USING gin (letter_pairs(premises_words(premises_id, name, licence_no, address)))
    WHERE closed_at IS NULL;

-- The premises that the viewer sees and that hold `sought` (two letters at least), `most` of them. A door, since an index
-- is not used below a security barrier.
CREATE FUNCTION scoped.premises_like(sought text, most integer)
    RETURNS TABLE (premises_id text, name text, licence_no text, address text, lon double precision, lat double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
    SELECT p.premises_id, p.name, p.licence_no, p.address, p.lon, p.lat
    FROM premises p
    WHERE p.closed_at IS NULL AND p.district = scoped.district() AND scoped.sees(p.path)
      AND letter_pairs(premises_words(p.premises_id, p.name, p.licence_no, p.address))
          @> ARRAY(SELECT pair FROM unnest(letter_pairs(sought)) AS pair WHERE length(pair) = 2)
      AND position(lower(sought) IN premises_words(p.premises_id, p.name, p.licence_no, p.address)) > 0
      AND length(sought) > 1
    LIMIT most
$$;
