-- Keep what the alert rules declare; close what they no longer do.
WITH said AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rules)s::json) AS r(rule text, place smallint, previewed boolean)
), declared AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(parameters)s::json) AS r(
        name text, rule text, place smallint, value double precision, unit text, low double precision,
        high double precision)
), kept AS (
    INSERT INTO alert_rule (rule, place, previewed) SELECT rule, place, previewed FROM said
    ON CONFLICT (rule) DO UPDATE SET
        place = EXCLUDED.place, previewed = EXCLUDED.previewed, closed_at = NULL
), kept_parameters AS (
    INSERT INTO alert_parameter (name, rule, place, value, unit, low, high)
    SELECT name, rule, place, value, unit, low, high FROM declared
    ON CONFLICT (name) DO UPDATE SET
        (rule, place, value, unit, low, high, closed_at) = (EXCLUDED.rule, EXCLUDED.place, EXCLUDED.value,
                                                            EXCLUDED.unit, EXCLUDED.low, EXCLUDED.high, NULL)
), gone AS (
    UPDATE alert_rule SET closed_at = now() WHERE closed_at IS NULL AND rule NOT IN (SELECT rule FROM said)
)
UPDATE alert_parameter SET closed_at = now()
WHERE closed_at IS NULL AND name NOT IN (SELECT name FROM declared);
