-- Clues disposed of, of those that were reported and have not been found invalid.
-- title_zh: 线索处置率
-- title_en: Clue disposal rate
-- unit: percent
-- numerator_zh: 已处置
-- numerator_en: disposed
-- denominator_zh: 有效上报
-- denominator_en: valid reports
-- formula: disposed / valid reports
-- version: v1
-- kept: clue
-- order: 12
SELECT clue_id AS id, path, kind AS category,
       disposed_at AS numerator_from, NULL::timestamptz AS numerator_until,
       reported_at AS denominator_from, voided_at AS denominator_until
FROM clue_case;
