-- Licences (证照): who holds which, which kinds premises of a category need by dated rows, and how they stand.

-- A renewal is a row of its own. The business licence that `premises.licence_no` names may be among them.
CREATE TABLE licence (
    district    integer NOT NULL,
    premises_id text NOT NULL,
    kind        text NOT NULL,              -- 营业执照 is the business licence: its first day is when they opened
    number      text NOT NULL,
    valid_from  date NOT NULL,              -- the first and the last day on which it is valid, in the district's time
    valid_to    date,                       -- null: without end (长期)
    closed_at   timestamptz,                -- no longer in the files: valid until then at the longest
    PRIMARY KEY (district, premises_id, kind, number, valid_from),
    FOREIGN KEY (district, premises_id) REFERENCES premises,
    CHECK (valid_to >= valid_from)
);

-- Which kinds premises of a category need. Rows of district 0 are everybody's; a district's own of the same category
-- and kind stand in their place.
CREATE TABLE licence_requirement (
    district   integer NOT NULL,            -- 0: everybody's
    category   text NOT NULL,               -- of the premises
    kind       text NOT NULL,               -- of the licence
    needed     boolean NOT NULL,
    valid_from date NOT NULL,               -- from this day of the district on, until a newer one is
    closed_at  timestamptz,
    PRIMARY KEY (district, category, kind, valid_from)
);
INSERT INTO licence_requirement (district, category, kind, needed, valid_from)
SELECT 0, category, kind, true, DATE '2000-01-01' FROM (VALUES
    ('餐饮服务', '食品经营许可证'),
    ('食品销售', '食品经营许可证'),
    ('保健食品', '食品经营许可证'),
    ('食品生产', '食品生产许可证'),
    ('食品小作坊', '食品小作坊登记证'),
    ('药品经营', '药品经营许可证'),
    ('医疗器械', '医疗器械经营许可证'),
    ('烟草零售', '烟草专卖零售许可证'),
    ('住宿服务', '特种行业许可证'),
    ('住宿服务', '公共场所卫生许可证')
) AS everybodys (category, kind);

-- The days on which a kind is needed in a district, by category.
CREATE VIEW licence_need AS
    SELECT district, category, kind, range_agg(daterange(valid_from, until)) AS days
    FROM (SELECT d.district, r.category, r.kind, r.needed, r.valid_from,
                 lead(r.valid_from) OVER (PARTITION BY d.district, r.category, r.kind ORDER BY r.valid_from) AS until
          FROM district d
          JOIN licence_requirement r ON r.closed_at IS NULL
              AND (r.district = d.district
                   OR r.district = 0 AND NOT EXISTS (
                       SELECT FROM licence_requirement own
                       WHERE own.district = d.district AND own.closed_at IS NULL
                         AND (own.category, own.kind) = (r.category, r.kind)))) dated
    WHERE needed
    GROUP BY 1, 2, 3;

-- What follows from these for premises in business, kept by ingest: from when on they needed licences, from when until
-- when they held all of them. One that lapses ends a row and begins the next: at any instant one row holds, also at
-- those to come.
CREATE TABLE licence_standing (
    district     integer NOT NULL,
    premises_id  text NOT NULL,
    path         text NOT NULL,             -- both of the premises
    category     text NOT NULL,
    needed_from  timestamptz NOT NULL,
    held_from    timestamptz,               -- null: never in this row
    needed_until timestamptz,               -- and held until, if they were; null: for ever
    PRIMARY KEY (district, premises_id, needed_from)
);

GRANT SELECT, INSERT, UPDATE ON licence, licence_requirement TO gw_ingest;
GRANT SELECT ON licence_need TO gw_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON licence_standing TO gw_ingest;

CREATE VIEW scoped.licence WITH (security_barrier) AS
    SELECT l.* FROM public.licence l JOIN public.premises p USING (district, premises_id)
    WHERE l.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(p.path));
CREATE VIEW scoped.licence_standing WITH (security_barrier) AS
    SELECT * FROM public.licence_standing
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.licence_need WITH (security_barrier) AS
    SELECT * FROM public.licence_need WHERE district = scoped.district();

-- What premises have of each kind that they need today, or have a licence of: the one that ends last, none of a kind
-- that is lacking. Of a business licence that the register only numbers the days are not known.
CREATE VIEW scoped.licence_paper WITH (security_barrier) AS
    SELECT k.premises_id, k.kind, bool_or(k.needed) AS needed,
           (array_agg(k.number ORDER BY k.valid_to DESC NULLS LAST, k.valid_from DESC))[1] AS number,
           (array_agg(nullif(k.valid_from, '-infinity') ORDER BY k.valid_to DESC NULLS LAST, k.valid_from DESC))[1]
               AS valid_from,
           nullif(max(k.valid_to), 'infinity') AS valid_to,
           coalesce(bool_or(t.today BETWEEN k.valid_from AND k.valid_to), false) AS valid, t.today
    FROM (SELECT (now() AT TIME ZONE tz)::date AS today FROM scoped.district_info) t
    CROSS JOIN LATERAL (
        SELECT p.premises_id, n.kind, true AS needed, NULL::text AS number, NULL::date AS valid_from, NULL::date AS valid_to
        FROM scoped.premises p JOIN scoped.licence_need n USING (category)
        WHERE n.days @> t.today
        UNION ALL
        SELECT premises_id, kind, false, number, valid_from, coalesce(valid_to, 'infinity')
        FROM scoped.licence WHERE closed_at IS NULL
        UNION ALL
        SELECT p.premises_id, '营业执照', false, p.licence_no, '-infinity', 'infinity'
        FROM scoped.premises p
        WHERE p.licence_no IS NOT NULL AND NOT EXISTS (
            SELECT FROM scoped.licence l
            WHERE l.premises_id = p.premises_id AND l.kind = '营业执照' AND l.closed_at IS NULL)) k
    GROUP BY k.premises_id, k.kind, t.today;

-- How premises that need licences stand today: whether they hold all of them, or once did, and the last day on which
-- they do, or did (null: there is none).
CREATE VIEW scoped.licence_now WITH (security_barrier) AS
    SELECT s.premises_id, s.path, s.category, s.held, s.held OR b.needed_until IS NOT NULL AS had,
           (CASE WHEN s.held THEN s.needed_until ELSE b.needed_until END AT TIME ZONE i.tz)::date - 1 AS ends,
           (now() AT TIME ZONE i.tz)::date AS today
    FROM (SELECT *, coalesce(held_from <= now(), false) AS held FROM scoped.licence_standing
          WHERE needed_from <= now() AND coalesce(needed_until > now(), true)) s
    CROSS JOIN scoped.district_info i
    LEFT JOIN scoped.licence_standing b
        ON b.premises_id = s.premises_id AND b.needed_until = s.needed_from AND b.held_from IS NOT NULL;

-- How either is lit: yellow (expiring) when the last day is one of the next `days`.
CREATE FUNCTION scoped.licence_lamp(held boolean, had boolean, ends date, today date, days integer)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN held AND ends <= today + days THEN 'expiring'
                WHEN held THEN 'valid'
                WHEN had THEN 'expired'
                ELSE 'missing' END
$$;
GRANT EXECUTE ON FUNCTION scoped.licence_lamp TO gw_dashboard;
GRANT SELECT ON scoped.licence, scoped.licence_standing, scoped.licence_need, scoped.licence_paper, scoped.licence_now
    TO gw_dashboard;

-- The year at whose end an indicator stood as its change is counted from; the formula need not be chosen.
ALTER TABLE kpi_choice
    ALTER COLUMN formula DROP NOT NULL,
    ADD COLUMN base_year smallint,
    ADD CHECK (num_nonnulls(formula, base_year) > 0);
CREATE OR REPLACE VIEW scoped.kpi_choice WITH (security_barrier) AS
    SELECT * FROM public.kpi_choice WHERE district = scoped.district() AND closed_at IS NULL;

-- As analyse_registry does: what an import has brought in, and what was worked out from it.
CREATE FUNCTION analyse_licences() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE licence, licence_standing;
END $$;
REVOKE ALL ON FUNCTION analyse_licences FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyse_licences TO gw_ingest;
