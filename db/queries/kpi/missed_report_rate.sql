-- Valid public reports about something that no patrol had found before, of all valid ones: no clue and no inspection
-- with a finding at the same premises or near by (ingest/domain/patrol.py says how near, and how long before).
-- title_zh: 漏报率
-- title_en: Missed report rate
-- unit: percent
-- numerator_zh: 漏报
-- numerator_en: missed by patrols
-- denominator_zh: 公众有效举报
-- denominator_en: valid public reports
-- formula: GB/T 30428
-- version: v1
-- order: 14
-- of: public_report
SELECT report_id AS id, path, kind AS category,
       CASE WHEN found_at IS NULL THEN reported_at END AS numerator_from, NULL::timestamptz AS numerator_until,
       reported_at AS denominator_from, NULL::timestamptz AS denominator_until
FROM public_report
WHERE valid;
