-- Clues found valid (routed to a department, or dispatched, and not declared invalid since), of all reported.
-- title_zh: 有效上报率
-- title_en: Valid report rate
-- unit: percent
-- numerator_zh: 有效上报
-- numerator_en: valid
-- denominator_zh: 上报
-- denominator_en: reported
-- formula: GB/T 30428
-- version: v1
-- kept: clue
-- order: 11
SELECT clue_id AS id, path, kind AS category,
       least(routed_at, called_at, received_at, disposed_at) AS numerator_from, voided_at AS numerator_until,
       reported_at AS denominator_from, NULL::timestamptz AS denominator_until
FROM clue_case;
