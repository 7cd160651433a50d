-- Open alerts about products that are over: since then the same batch was genuine there, or a visit that began later
-- found nothing.
SELECT a.subject, later.at
FROM alert a
CROSS JOIN LATERAL (
    SELECT min(found.at) AS at FROM (
        SELECT i.at FROM inspection i
        WHERE i.district = a.district AND i.premises_id = a.params ->> 'premises_id' AND i.at > a.raised_at
          AND i.started > a.raised_at AND coalesce(i.outcome, i.result) = 'normal'
        UNION ALL
        SELECT e.at FROM device_event e
        WHERE e.district = a.district AND e.premises_id = a.params ->> 'premises_id' AND e.at > a.raised_at
          AND e.batch = a.params ->> 'batch' AND e.event = 'genuine'
        UNION ALL
        SELECT e.at FROM device_event e
        WHERE a.params ->> 'premises_id' IS NULL AND e.district = a.district
          AND e.device_id = a.params ->> 'device_id' AND e.premises_id IS NULL AND e.at > a.raised_at
          AND e.batch = a.params ->> 'batch' AND e.event = 'genuine'
    ) found
) later
WHERE a.district = %(district)s AND a.rule = %(rule)s AND a.cleared_at IS NULL AND later.at IS NOT NULL;
