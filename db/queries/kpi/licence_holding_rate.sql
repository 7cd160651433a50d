-- Premises in business that hold every licence that their category needs, of those that need one. They come to need
-- one when they open, and each time that one lapses.
-- title_zh: 持证率
-- title_en: Licence-holding rate
-- unit: percent
-- numerator_zh: 持证
-- numerator_en: licensed
-- denominator_zh: 应持证
-- denominator_en: in need of a licence
-- formula: Dongguan
-- version: v1
-- order: 13
-- of: premises
SELECT premises_id AS id, path, category,
       held_from AS numerator_from, NULL::timestamptz AS numerator_until,
       needed_from AS denominator_from, needed_until AS denominator_until
FROM licence_standing  -- which also has what is still to come
WHERE needed_from <= now();
