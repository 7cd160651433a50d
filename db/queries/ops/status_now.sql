-- How things stand: rejects, open alerts, devices online (as they said within 10 minutes).
SELECT (SELECT count(*) FROM rejected_message) AS rejected,
       (SELECT count(*) FROM alert WHERE cleared_at IS NULL) AS alerts_open,
       (SELECT count(*) FROM device_state
        WHERE online AND last_seen > now() - interval '10 minutes') AS devices_online,
       (SELECT count(*) FROM district) AS districts;
