-- Closed 3 of 5 (station one 2 of 3, station two 1 of 2), on time 2 of 5 (1 of 3, 1 of 2); T5 is not due
-- yet. In every district that there is.
INSERT INTO task (district, task_id, premises_id, category, grid_id, path, worker_id, state,
                  launched_at, due_at, done_at, closed_at, done_by)
SELECT d.district, t.task_id, t.premises_id, '日常检查', t.grid_id, d.district || t.path, t.worker_id, t.state,
       now() - interval '9 days', ends + t.due * interval '1 day',
       CASE WHEN t.state = 'done' THEN ends - interval '1 day' END,
       CASE WHEN t.state = 'done' THEN ends - interval '1 day' END,
       CASE WHEN t.state = 'done' THEN t.worker_id END
FROM district d,
LATERAL (SELECT (date_trunc('day', now() AT TIME ZONE d.tz) + interval '23:59:59') AT TIME ZONE d.tz AS ends) today,
(VALUES ('T1', 'P1', 'G1', '/01/01/01/01', 'W1', 'done', 0),
        ('T2', 'P1', 'G1', '/01/01/01/01', 'W1', 'done', -2),
        ('T3', 'P2', 'G2', '/01/01/01/02', 'W2', 'launched', 0),
        ('T4', 'P3', 'G3', '/02/01/01/01', 'W3', 'rectifying', -1),
        ('T5', 'P3', 'G3', '/02/01/01/01', 'W3', 'launched', 5),
        ('T6', 'P3', 'G3', '/02/01/01/01', 'W3', 'done', 5))
    AS t (task_id, premises_id, grid_id, path, worker_id, state, due);

-- T5's deadline was counted without knowing its year's holidays.
UPDATE task SET due_provisional = true WHERE task_id = 'T5';

-- T1 went round the whole loop: found abnormal, put right, found normal, followed up; W2 was there once too often.
INSERT INTO obligation (district, task_id, department_id, path, category, pushed_at, due_at, replied_at, reply)
SELECT district, task_id, 'food', path, category, launched_at + interval '2 days', launched_at + interval '23 days', closed_at,
       '已核实'
FROM task WHERE task_id = 'T1';
INSERT INTO task_event (district, task_id, at, event, state, actor, cause, params, irregular)
SELECT t.district, t.task_id, e.at, e.event, e.state, e.actor, e.cause, e.params, e.irregular
FROM task t,
LATERAL (VALUES
    (t.launched_at, 'launched', 'launched', 'screen', 'o1', jsonb_build_object('due', jsonb_build_object('at', t.due_at)),
        NULL),
    (t.launched_at, 'assigned', 'assigned', 'screen', 'o1', '{"worker_id": "W1"}'::jsonb, NULL),
    (t.launched_at + interval '1 hour', 'received', 'received', 'W1', 'r1', '{}', NULL),
    (t.launched_at + interval '2 days' - interval '20 minutes', 'started', 'inspecting', 'W1', 'r2', '{}', NULL),
    (t.launched_at + interval '2 days', 'inspected', 'rectifying', 'W1', 'v1', jsonb_build_object(
        'result', 'abnormal', 'rectify', jsonb_build_object('at', t.launched_at + interval '5 days'),
        'recheck', jsonb_build_object('at', t.launched_at + interval '12 days', 'provisional', true),
        'department_id', 'food', 'department', jsonb_build_object('at', t.launched_at + interval '23 days'),
        'pushed_at', t.launched_at + interval '2 days'), NULL),
    (t.launched_at + interval '5 days', 'recheck_due', 'recheck_due', 'time', 'time', '{}', NULL),
    (t.done_at, 'inspected', 'done', 'W1', 'v2', '{"result": "normal"}', NULL),
    (t.closed_at, 'replied', 'done', 'food', 'r3', '{"department_id": "food", "stage": "done", "text": "已核实"}', NULL),
    (t.done_at + interval '1 hour', 'inspected', 'done', 'W2', 'v3', '{"result": "normal"}', 'after_end'))
    AS e (at, event, state, actor, cause, params, irregular)
WHERE t.task_id = 'T1';
INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, task_id, started, ended, result, severity, items,
                        photos, lon, lat, raw_lon, raw_lat, datum, mock, hist, received_at, receipt_no)
SELECT t.district, 'W1', v.at, v.id, v.at, t.premises_id, t.task_id, v.at - interval '20 minutes', v.at, v.result,
       v.severity::severity, v.items, v.photos, 118.0051, 24.605, 118.0051, 24.605, 'WGS84', v.mock, false, v.at, v.receipt
FROM task t,
LATERAL (VALUES
    (t.launched_at + interval '2 days', 'v1', 'abnormal', 'serious',
        '[{"item": "亮照经营", "answer": "未亮照", "severity": "serious", "note": "<b>柜台后</b>"}]'::jsonb,
        '[{"sha256": "0"}, {"sha256": "1"}]'::jsonb, 'S-1', false),
    (t.done_at, 'v2', 'normal', NULL, '[]', '[]', NULL, true)) AS v (at, id, result, severity, items, photos, receipt, mock)
WHERE t.task_id = 'T1';
-- The phone's way to the first visit and on: a quarter of an hour before and after, and what is too far off to count.
INSERT INTO ping (district, worker_id, ts, at, id, lon, lat, raw_lon, raw_lat, datum, received_at)
SELECT i.district, 'W1', i.ended + n * interval '1 minute', i.ended + n * interval '1 minute', 'x',
       118.005 + n * 0.0001, 24.605, 118.005, 24.605, 'WGS84', i.ended
FROM inspection i, unnest(ARRAY[-50, -34, -1, 14, 16]) n
WHERE i.id = 'v1';
INSERT INTO order_out (district, order_id, task_id, kind, device_id, state, queued_at, sent_at, tries, replied_at)
SELECT t.district, o.id, t.task_id, o.kind, o.device, o.state, t.launched_at, t.launched_at + interval '1 minute', o.tries,
       t.launched_at + interval '1 hour'
FROM task t, (VALUES ('oo1', 'worker', 'W1', 'arrived', 2), ('oo2', 'department', 'food', 'done', 1))
    AS o (id, kind, device, state, tries)
WHERE t.task_id = 'T1';

-- W1 is in the grid, W2 outside, W3 has gone home; C1 alone is online: B1 was last heard of 20 minutes ago.
INSERT INTO worker_state (district, worker_id, at, lon, lat, grid_id, in_own_grid, on_duty, online, last_seen)
SELECT district, s.* FROM district,
(VALUES ('W1', now(), 118.005, 24.605, 'G1', true, true, true, now()),
        ('W2', now(), 118.025, 24.604, 'G3', false, true, true, now()),
        ('W3', now() - interval '1 hour', 118.026, 24.606, 'G3', true, false, false, now() - interval '1 hour'))
    AS s (worker_id, at, lon, lat, grid_id, in_own_grid, on_duty, online, last_seen);
INSERT INTO device_state (district, device_id, online, last_seen, lon, lat)
SELECT district, s.* FROM district,
(VALUES ('C1', true, now(), NULL, NULL),
        ('B1', true, now() - interval '20 minutes', 118.005, 24.605),
        ('B2', false, now(), 118.025, 24.604)) AS s (device_id, online, last_seen, lon, lat);
INSERT INTO ingest_state SELECT district, 'test', now(), now() + interval '1 hour', true, now(), 0.1 FROM district;

-- Four are open; `door_forced` is a rule that this version of the screen has never heard of.
INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, params, path, grid_id, lon, lat, raised_at,
                   cleared_at)
SELECT d.district, a.id, a.id, a.rule, a.subject, a.severity::severity, a.params::jsonb, d.district || a.path, a.grid_id,
       118.005, 24.606, now() - a.minutes * interval '1 minute', CASE WHEN a.cleared THEN now() END
FROM district d,
(VALUES ('A1', 'hazard_found', 'premises:P1', 'major', '{"premises_id": "P1", "premises_name": "甲味馆",
            "worker_id": "W1", "findings": [["消防通道", "堵塞"], ["亮照经营", "未亮照"]]}', '/01/01/01/01', 'G1', 1, false),
        ('A2', 'left_grid', 'worker:W2', 'general', '{"worker_id": "W2", "minutes": 5}',
            '/01/01/01/02', 'G3', 2, false),
        ('A3', 'device_silent', 'device:C1', 'general', '{"device_id": "C1", "kind": "camera", "minutes": 10}',
            '/01/01/01/01', 'G1', 3, false),
        ('A4', 'door_forced', 'premises:P3', 'serious', '{}', '/02/01/01/01', 'G3', 4, false),
        ('A5', 'bodycam_sos', 'device:B1', 'major', '{"device_id": "B1", "worker_id": null}',
            '/01/01/01/01', 'G1', 5, true))
    AS a (id, rule, subject, severity, params, path, grid_id, minutes, cleared);

-- Each is an incident: W1 is on the way to A1's, A5's was real and is over, nobody has touched the others.
INSERT INTO incident (district, incident_id, rule, section, path, grid_id, lon, lat, raised_at, opened_at, alerts,
                      open_alerts, subjects, last_alert_at, facts_cleared_at, state, severity, level, due_at,
                      acknowledged_at, acknowledged_by, dispatched_at, sent, on_the_way_at, ended_at, ended_by, reason)
SELECT a.district, a.alert_id, a.rule, array_to_string((string_to_array(a.path, '/'))[:4], '/'), a.path, a.grid_id,
       a.lon, a.lat, a.raised_at, a.raised_at, 1, (a.cleared_at IS NULL)::integer, 1, a.raised_at, a.cleared_at,
       coalesce(i.state, 'raised'), a.severity, 4, CASE WHEN i.state IS NULL THEN a.raised_at + interval '30 minutes' END,
       a.raised_at + i.acknowledged_s * interval '1 second', i.who, a.raised_at + i.dispatched_s * interval '1 second',
       coalesce(i.sent, '[]'), a.raised_at + i.going_s * interval '1 second', a.cleared_at,
       CASE WHEN a.cleared_at IS NOT NULL THEN i.who END, i.reason
FROM alert a
LEFT JOIN (VALUES
    ('A1', 'on_the_way', 'operator', 10, 20, 30, '[{"kind": "worker", "id": "W1", "order_id": "oi1", "act": "go_to",
        "at": "2030-01-01T00:00:00Z", "stage": "on_the_way"}]'::jsonb, NULL),
    ('A5', 'resolved', 'operator', 60, NULL, NULL, NULL, '已到场处置'))
    AS i (id, state, who, acknowledged_s, dispatched_s, going_s, sent, reason) ON i.id = a.alert_id;
INSERT INTO alert_event (district, alert_id, at, event, actor, cause, params, state)
SELECT i.district, i.incident_id, e.at, e.event, e.actor, e.event, e.params, e.state
FROM incident i,
LATERAL (VALUES
    (i.opened_at, 'opened', 'rules', jsonb_build_object('severity', i.severity), 'raised'),
    (i.acknowledged_at, 'acknowledged', i.acknowledged_by, '{}', 'acknowledged'),
    (i.dispatched_at, 'dispatched', i.acknowledged_by, jsonb_build_object('to', i.sent #- '{0,stage}'), 'dispatched'),
    (i.on_the_way_at, 'on_the_way', 'W1', '{"order_id": "oi1"}', 'on_the_way'),
    (i.ended_at, 'resolved', i.ended_by, jsonb_build_object('text', i.reason), 'resolved'))
    AS e (at, event, actor, params, state)
WHERE e.at IS NOT NULL;
INSERT INTO order_out (district, order_id, incident_id, kind, device_id, act, params, state, queued_at)
SELECT district, 'oi1', 'A1', 'worker', 'W1', 'go_to', '{"lon": 118.005, "lat": 24.606}', 'on_the_way', dispatched_at
FROM incident WHERE incident_id = 'A1';
INSERT INTO order_event (district, order_id, stage, at)
SELECT district, 'oi1', e.stage, dispatched_at + e.after
FROM incident, (VALUES ('queued', interval '0 s'), ('sent', '1 s'), ('delivered', '2 s'), ('on_the_way', '10 s'))
    AS e (stage, after)
WHERE incident_id = 'A1';

-- A section's officer is of a squadron; the bureau was taken over half an hour ago, A4 and A5 were open then.
UPDATE worker SET path = district || '/01/01/01' WHERE worker_id = 'F1';
INSERT INTO handover (district, handover_id, path, actor, at, note, confirmed, open)
SELECT district, 'H1', district::text, 'screen:早班', now() - interval '30 minutes', '<b>留意 A4</b>', '{A4}', '{A4,A5}'
FROM district;

-- The second district's people and premises can be told from the first's.
UPDATE worker SET name = '邻' || name, name_en = 'Other' WHERE district <> 350299;
UPDATE premises SET name = '邻' || name WHERE district <> 350299;

INSERT INTO kpi_choice (district, indicator, formula, base_year)
SELECT district, c.* FROM district,
(VALUES ('rework_rate', 'disposed', NULL::smallint), ('licence_holding_rate', NULL, 2019)) AS c (indicator, formula, year);

-- W2's phone spoke of a task that there is not.
INSERT INTO rejected_message (district, received_at, topic, reason, payload, bytes)
SELECT district, now(), 'gw/v1/' || district || '/worker/W2/inspection', 'unknown_task: <T404>', '{}', 2 FROM district;

-- A terminal and a scanner that have been taken away since; the scanner had read two products of P1.
INSERT INTO device (district, device_id, kind, name, worker_id, lon, lat, grid_id, path, datum, closed_at)
SELECT district, d.id, d.kind, d.name, d.worker, d.lon, d.lat, 'G1', district || '/01/01/01/01', 'WGS84', now()
FROM district,
(VALUES ('X1', 'terminal', '甲村服务终端', NULL, 118.005, 24.606), ('S1', 'scanner', '甲一扫码器', 'W1', NULL, NULL))
    AS d (id, kind, name, worker, lon, lat);
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, text, premises_id, batch, hist, received_at)
SELECT district, 'S1', at, s.id, at, 'scanner', s.verdict, '白酒', 'P1', s.batch, false, at
FROM district, (VALUES ('s1', 'genuine', '2026-1'), ('s2', 'counterfeit', '2026-2')) AS s (id, verdict, batch),
LATERAL (SELECT now() - interval '2 days' AS at) told;

-- K1 is a major one that the village is called about, K2 is late with its department, K3 is disposed of, K4, which the
-- public reported, was no clue; K5 is of station two. A reply about a clue that there is not was kept.
INSERT INTO clue_case (district, clue_id, worker_id, device_id, ts, id, kind, severity, text, industry, premises_id, lon, lat,
                       grid_id, path, reported_at, state, department_id, routed_by, routed_at, due_at, level,
                       called_at, answer_due_at, received_at, disposed_at, disposed_by, outcome, voided_at)
SELECT d.district, c.id, c.worker, CASE WHEN c.worker IS NULL THEN 'X1' END, began, 'm' || c.id, c.kind, c.severity::severity, c.text, c.industry, c.premises,
       118.005, 24.606, c.grid, d.district || c.path, began, c.state, c.department, ARRAY['kind'], began,
       began + interval '15 days', c.level, CASE WHEN c.level <> '' THEN began END,
       CASE WHEN c.state = 'dispatched' THEN began + interval '30 minutes' END,
       CASE WHEN c.state IN ('received', 'disposed') THEN began + interval '1 hour' END,
       CASE WHEN c.state = 'disposed' THEN began + interval '1 day' END,
       CASE WHEN c.state = 'disposed' THEN c.department END, c.outcome,
       CASE WHEN c.state = 'invalid' THEN began + interval '1 day' END
FROM district d,
(VALUES ('K1', 'W1', 'P1', 'G1', '/01/01/01/01', '燃气安全', 'major', '气瓶与明火同室', '餐饮', 'dispatched', 'housing',
            'village', NULL, 0.01),
        ('K2', 'W2', 'P2', 'G2', '/01/01/01/02', '食品安全', 'general', '无标签散装原料', '食品零售', 'routed', 'food',
            NULL, NULL, 20),
        ('K3', 'W1', 'P1', 'G1', '/01/01/01/01', '消防隐患', 'serious', '楼梯间停放电动车', NULL, 'disposed', 'fire',
            NULL, '已清理', 3),
        ('K4', NULL, NULL, 'G1', '/01/01/01/01', '占道经营', 'general', '摊位占道', NULL, 'invalid', 'bureau',
            NULL, '重复上报', 2),
        ('K5', 'W3', 'P3', 'G3', '/02/01/01/01', '虚假宣传', 'general', '海报称可治病', '药品零售', 'received', 'consumer',
            NULL, NULL, 1))
    AS c (id, worker, premises, grid, path, kind, severity, text, industry, state, department, level, outcome, days),
LATERAL (SELECT now() - c.days * interval '1 day' AS began) begun;
INSERT INTO clue_event (district, clue_id, at, event, state, actor, cause, params, irregular)
SELECT c.district, c.clue_id, e.at, e.event, e.state, e.actor, e.cause, e.params, e.irregular
FROM clue_case c,
LATERAL (VALUES
    (c.reported_at, 'reported', 'reported', coalesce(c.worker_id, c.device_id), c.id, '{}'::jsonb, NULL),
    (c.reported_at + interval '1 second', CASE WHEN c.level IS NULL THEN 'routed' ELSE 'dispatched' END,
        CASE WHEN c.level IS NULL THEN 'routed' ELSE 'dispatched' END, 'rules', c.id,
        jsonb_strip_nulls(jsonb_build_object('department_id', c.department_id, 'by', c.routed_by, 'level', c.level)),
        NULL),
    (c.received_at, 'received', 'received', c.department_id, 'r1',
        jsonb_build_object('department_id', c.department_id, 'stage', 'accepted'), NULL),
    (c.disposed_at, 'disposed', 'disposed', c.department_id, 'r2',
        jsonb_build_object('department_id', c.department_id, 'stage', 'done', 'text', c.outcome), NULL),
    (c.disposed_at + interval '1 hour', 'returned', 'disposed', 'food', 'r3',
        '{"department_id": "food", "stage": "refused"}', 'after_end'),
    (c.voided_at, 'voided', 'invalid', 'operator', 'o1', jsonb_build_object('text', c.outcome), NULL))
    AS e (at, event, state, actor, cause, params, irregular)
WHERE e.at IS NOT NULL;
INSERT INTO rejected_message (district, received_at, topic, reason, payload, bytes)
SELECT district, now(), 'gw/v1/' || district || '/department/food/reply', 'unknown_clue: nowhere', '{}', 2
FROM district;
INSERT INTO command (district, command_id, kind, payload, actor, state)
SELECT district, 'O1', 'void_clue', '{}', 'screen', 'done' FROM district;

-- P2 and P3 are known from records only, T3 is P2's survey; P1 was, and W1 has verified it and moved it a little. T5 is
-- for new licence data. P3 has filed its annual report.
UPDATE premises SET recorded_at = now() - interval '9 days' WHERE premises_id IN ('P1', 'P2', 'P3');
UPDATE premises SET status = CASE premises_id WHEN 'P1' THEN 'in_business' ELSE 'recorded' END,
                    verified_at = CASE premises_id WHEN 'P1' THEN now() END,
                    verified_by = CASE premises_id WHEN 'P1' THEN 'W1' END
WHERE recorded_at IS NOT NULL;
UPDATE task SET source = 'survey', received_at = launched_at WHERE task_id = 'T3';
UPDATE task SET source = 'licence', push_due_at = launched_at + interval '5 days' WHERE task_id = 'T5';
INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said, changes, evidence, irregular)
SELECT district, e.* FROM district,
(VALUES ('P1', now() - interval '1 day', 'registered', 'import', 'import', '{"status": "recorded"}'::jsonb,
            '{"status": ["in_business", "recorded"], "tags": [[], ["校园周边"]]}'::jsonb, '{}'::jsonb, NULL),
        ('P1', now(), 'visited', 'W1', 'v9', '{"status": "in_business", "here": true}',
            '{"status": ["recorded", "in_business"], "lon": [118.005, 118.0051]}', '{"lon": 118.0051}', NULL),
        ('P1', now() - interval '2 hours', 'rated', 'screen:王五', 'c9', '{"risk_grade": "A", "reason": "整改到位"}',
            '{"risk_grade": ["B", "A"]}', '{}', NULL),
        ('P1', now() - interval '1 hour', 'visited', 'W2', 'v8', '{"status": "moved"}', '{}', '{}', 'overtaken'))
    AS e (premises_id, at, event, actor, cause, said, changes, evidence, irregular);
INSERT INTO annual_report SELECT district, 'P3', extract(year FROM now()) - 1, now() FROM district;

-- The duty room was told of three incidents, of one in vain; the chief's channel does not answer.
INSERT INTO notify_channel (district, channel, name, tried_at, failures, error)
SELECT d.district, c.id, c.name, now(), c.failures, c.error
FROM district d, (VALUES ('duty', '值班室', 0, NULL), ('chief', '局领导', 3, 'http_500')) AS c (id, name, failures, error);
INSERT INTO notification (district, channel, incident_id, event, at, severity, level, path, state, tries, sent_at, error)
SELECT i.district, n.channel, i.incident_id, n.event, i.opened_at, i.severity, n.level, i.path, n.state, n.tries,
       CASE WHEN n.state = 'sent' THEN i.opened_at END, n.error
FROM incident i
JOIN (VALUES ('A1', 'opened', 4, 'duty', 'sent', 1, NULL), ('A1', 'escalated', 2, 'chief', 'queued', 3, 'http_500'),
             ('A4', 'opened', 4, 'duty', 'sent', 2, NULL), ('A5', 'opened', 4, 'duty', 'failed', 12, 'unreachable'))
    AS n (incident_id, event, level, channel, state, tries, error) USING (incident_id);
-- Somebody has set two thresholds, one of them from tomorrow on, and looked at what a third would have meant.
INSERT INTO threshold (district, name, value, unit, valid_from, actor)
SELECT district, t.* FROM district,
(VALUES ('left_grid.minutes', 8, 'minutes', now() - interval '2 days', 'screen'),
        ('left_grid.minutes', 9, 'minutes', now() + interval '1 day', 'screen'),
        ('fire.quiet', 20, 'minutes', now() - interval '1 day', 'import')) AS t (name, value, unit, valid_from, actor);
INSERT INTO preview (district, preview_id, name, value, days, actor, state, done, value_now, alerts, alerts_now, share, by_day)
SELECT district, 'V1', 'left_grid.minutes', 12, 7, 'screen', 'done', 1, 8, 30, 45, 0.5, '[["2030-01-01", 10, 20], ["2030-01-02", 20, 25]]'
FROM district;

-- W1's first visit is borne out, the second is doubted and has become an incident.
INSERT INTO visit_evidence (district, worker_id, ts, id, premises_id, category, grid_id, started, ended, lon, lat, raw_lon,
                            raw_lat, off_m, truth, verdicts, weighed_at, times)
SELECT i.district, i.worker_id, i.ts, i.id, i.premises_id, '日常检查', 'G1', i.started, i.ended, i.lon, i.lat, i.raw_lon,
       i.raw_lat, 30, e.truth, e.verdicts::jsonb, i.ended + interval '12 minutes', 1
FROM inspection i
JOIN (VALUES
    ('v1', 98, '[{"test": "presence", "code": "seen_there", "weight": 1.5, "says": "supports",
                  "facts": {"there": 40, "elsewhere": 1}},
                 {"test": "bodycam", "code": "not_heard", "weight": 0.0, "says": "no_data", "facts": {}}]'),
    ('v2', 12, '[{"test": "made_up", "code": "mock", "weight": -4.0, "says": "contradicts", "facts": {"fixes": 12}},
                 {"test": "tempo", "code": "took_time", "weight": 0.4, "says": "supports",
                  "facts": {"seconds": 1200, "items": 0, "usual_s": 180.5}}]')) AS e (id, truth, verdicts) USING (id);
-- W2's is still to be weighed.
INSERT INTO visit_evidence (district, worker_id, ts, id, premises_id, category, grid_id, started, ended, lon, lat, raw_lon,
                            raw_lat, off_m, due_at)
SELECT district, 'W2', now(), 'v7', 'P2', '日常检查', 'G2', now() - interval '4 minutes', now(), 118.015, 24.605, 118.015,
       24.605, 30, now() + interval '1 day'
FROM district;

-- Somebody looked at W1's track around the visit that is doubted.
INSERT INTO track_look (district, look_id, worker_id, at, actor, about, id, since, until)
SELECT district, 'L1', worker_id, now() - interval '1 hour', 'screen:李四', 'visit', 'W1:v2', started, ended
FROM visit_evidence WHERE id = 'v2';
INSERT INTO visit_appeal (district, worker_id, ts, id, at, visit_id, text, received_at)
SELECT district, worker_id, ended, 'a1', ended, id, '<i>手机没电</i>', ended FROM visit_evidence WHERE id = 'v2';

-- W1's printer gave two papers for which no visit is known: one that the phone's app told, and a print job (a heading and a
-- QR code).
INSERT INTO receipt (district, device_id, ts, id, at, number, body, language, job, hist, received_at)
SELECT district, 'R1', now() - p.ago, p.id, now() - p.ago, p.number, p.body, p.language, decode(p.job, 'hex'), false, now() - p.ago
FROM district,
(VALUES ('n1', interval '3 minutes', 'S-404', '责令改正通知书', NULL, NULL),
        ('j1', interval '2 minutes', NULL, E'<b>现场检查</b>\n[qr: GW]', 'escpos',
         '1b401b6101' || encode(convert_to(E'<b>现场检查</b>\n', 'UTF8'), 'hex') || '1d286b050031503047571d286b03003151301d5600'))
    AS p (id, ago, number, body, language, job);

-- What W1 and W2 did in each period cannot be told apart, W3 did too little to rank; of the units, station one is level
-- with station two. Every score but those of the period before was 1.5 points lower there.
INSERT INTO score (district, span, begins, level, subject, path, points, low, high, first, last, peers, parts, left_out,
                   gaming, traits, counted_at)
SELECT d.district, p.span, b.begins, s.level, coalesce(s.worker_id, d.district || s.path), d.district || s.path,
       s.points - 1.5 * p.back, s.low - 1.5 * p.back, s.high - 1.5 * p.back, s.first, s.last, s.peers,
       jsonb_build_array(
           jsonb_build_object('indicator', 'on_time', 'n', s.n, 'k', s.n - 1, 'rate', round((s.n - 1.0) / s.n, 4),
               'adjusted', 0.93, 'low', 0.71, 'high', 0.98, 'weight', 25.0, 'minimum', 5, 'counts', s.n >= 5),
           '{"indicator": "closure", "n": 10, "k": 10, "rate": 1.0, "adjusted": 0.98, "low": 0.8, "high": 1.0,
             "weight": 15.0, "minimum": 5, "counts": true}'::jsonb,
           '{"indicator": "patrol", "n": 42, "k": 38, "rate": 0.9048, "adjusted": 0.9, "low": 0.84, "high": 0.96,
             "weight": 10.0, "minimum": 5, "counts": true}'::jsonb,
           '{"indicator": "truth", "n": 0, "k": 0, "rate": null, "adjusted": null, "low": null, "high": null,
             "weight": 20.0, "minimum": 5, "counts": false}'::jsonb),
       '{"suspended": 2, "appealed": 1}', '{"late_suspended": 1, "late_cancelled": 0, "split": 2}',
       '{"load": 31.0, "area_km2": 1.1, "high_risk": 0.12}', now()
FROM district d,
(VALUES ('day', 0), ('day', 1), ('week', 0), ('week', 1), ('week', 2), ('month', 0), ('month', 1), ('season', 0))
    AS p (span, back),
LATERAL (SELECT (CASE p.span WHEN 'season' THEN date_trunc('quarter', now() AT TIME ZONE d.tz)
                             ELSE date_trunc(p.span, (now() AT TIME ZONE d.tz) - p.back * ('1 ' || p.span)::interval)
                 END)::date AS begins) b,
(VALUES ('worker', 'W1', '/01/01/01/01', 82.4, 74.0, 88.2, 1, 2, 2, 12),
        ('worker', 'W2', '/01/01/01/02', 76.1, 66.0, 84.5, 1, 2, 2, 8),
        ('worker', 'W3', '/02/01/01/01', NULL, NULL, NULL, NULL, NULL, 2, 2),
        ('grid', NULL, '/01/01/01/01', 82.4, 74.0, 88.2, 1, 2, 3, 12),
        ('grid', NULL, '/01/01/01/02', 76.1, 66.0, 84.5, 1, 2, 3, 8),
        ('grid', NULL, '/02/01/01/01', 41.0, 30.0, 55.0, 3, 3, 3, 9),
        ('section', NULL, '/01/01/01', 80.0, 73.0, 85.0, 1, 1, 2, 20),
        ('section', NULL, '/02/01/01', 41.0, 30.0, 55.0, 2, 2, 2, 9),
        ('squadron', NULL, '/01/01', 80.0, 73.0, 85.0, 1, 1, 2, 20),
        ('squadron', NULL, '/02/01', 41.0, 30.0, 55.0, 2, 2, 2, 9),
        ('station', NULL, '/01', 80.0, 73.0, 85.0, 1, 2, 2, 20),
        ('station', NULL, '/02', 77.5, 61.0, 88.0, 1, 2, 2, 9),
        ('bureau', NULL, '', 79.0, 74.0, 83.0, 1, 1, 1, 29))
    AS s (level, worker_id, path, points, low, high, first, last, peers, n);
INSERT INTO score_period (district, span, begins, counted_at) SELECT DISTINCT district, span, begins, now() FROM score;

-- A foreign bodycam and W2's phone are registered; a phone and a camera speak and are not, and a type of message has no
-- words. C1 has sent what was understood, what was refused, and what was too long to keep.
INSERT INTO protocol VALUES ('jt808', '{bodycam,vehicle}', '{take_photo,speak}', NULL),
    ('owntracks', '{worker}', '{report_position}', NULL), ('frigate', '{camera}', '{start_recording}', NULL);
INSERT INTO foreign_name (district, decoder, name, kind, device_id, datum, tz, key, by_file)
SELECT district, n.decoder, n.name || d.nth, n.kind, n.id, NULL, NULL, n.key, false
FROM (SELECT district, row_number() OVER (ORDER BY district) AS nth FROM district) d,
(VALUES ('jt808', '0138', 'bodycam', 'B1', NULL), ('owntracks', 'owntracks/bob/phone', 'worker', 'W2', 'secret'))
    AS n (decoder, name, kind, id, key);
INSERT INTO stranger (district, decoder, name, topic, first_at, last_at, messages, bytes)
SELECT district, s.decoder, s.name, s.name, now() - interval '1 day', now() - s.age, s.messages, 100
FROM district, (VALUES ('owntracks', 'owntracks/W1/phone', interval '1 minute', 2), ('frigate', 'frigate/back', interval '1 hour', 1))
    AS s (decoder, name, age, messages);
INSERT INTO quarantine (district, decoder, name, id, received_at, topic, payload, retain)
SELECT district, decoder, name, n::text, last_at - n * interval '1 minute', topic,
       convert_to('{"_type":"location","tst":17000000' || n || '}', 'UTF8'), false
FROM stranger, generate_series(1, 2) AS n WHERE n <= messages;
-- One that was put aside has not been heard of since; and somebody spoke no JSON.
INSERT INTO stranger_aside (district, decoder, name, actor) SELECT district, 'owntracks', 'owntracks/gone/phone', 'screen:li' FROM district;
INSERT INTO rejected_message (district, received_at, topic, reason, payload, bytes)
VALUES (0, now(), 'frigate/events', 'not_json: line 1', '{half', 5);
INSERT INTO other_message (district, decoder, name, type, messages, first_at, last_at, topic, payload)
SELECT district, 'owntracks', 'owntracks/bob/phone', 'beacon', 7, now(), now(), 'owntracks/bob/phone', '{}'::bytea FROM district;
INSERT INTO device_message (district, kind, device_id, slot, received_at, topic, payload, bytes, said)
SELECT district, m.kind, m.id, m.slot, now() - (3 - m.slot) * interval '1 minute', 'gw/v1/x/' || m.id, m.payload, m.bytes,
       m.said::jsonb
FROM district,
(VALUES ('camera', 'C1', 0, '{"id":"m0","data":{"event":"motion"}}'::bytea, 37, '[{"fact": "DeviceEvent", "event": "motion"}]'),
        ('camera', 'C1', 1, '<b>dancing', 10, '[{"refused": "not_json: <b>dancing"}]'),
        ('camera', 'C1', 2, '\xff00', 9000, '[{"fact": "DeviceEvent", "event": "crowd", "text": "<i>人"}]'),
        ('worker', 'W1', 0, '{"id":"m1"}', 11, '[{"fact": "Ping", "lon": 118.005}]'))
    AS m (kind, id, slot, payload, bytes, said);
UPDATE device_state SET battery = 80, storage = 41, firmware = '5.7.3', clock_off_s = 180 WHERE device_id = 'C1';
INSERT INTO device_hourly (district, hour, device_id, messages)
SELECT district, date_trunc('hour', now()) - n * interval '1 hour', 'C1', 10 + n FROM district, generate_series(0, 20, 2) AS n
ON CONFLICT DO NOTHING;

-- What somebody did, and the hash of a visit, as they would stand in the log.
INSERT INTO audit (district, number, at, actor, act, subject, params, prev, hash)
SELECT d.district, a.number, now() - interval '1 hour', a.actor, a.act, a.subject, a.params,
       decode(repeat('00', 32), 'hex'), decode(repeat('ab', 32), 'hex')
FROM district d, (VALUES
    (1, 'W1', 'inspection', 'visit:W1:v1', '{"sha256": "00", "ts": 1772438399000}'::jsonb),
    (2, 'screen:值班', 'look_at_track', 'visit:W1:v1', '{"order": "c1", "state": "done"}'),
    (3, 'screen', 'set_threshold', 'threshold:left_grid.minutes', '{"order": "c2", "state": "refused", "reason": "no_such"}'))
    AS a (number, actor, act, subject, params);
INSERT INTO audit_root (district, day, number, hash, signature, sealed_at)
SELECT district, current_date - 1, 3, decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 64), 'hex'), now() FROM district;

-- Somebody's account, a department's and a worker's own; their names are unique over all districts.
INSERT INTO account (name, district, path, roles, grade, department_id, worker_id, made_by)
SELECT CASE district WHEN 350299 THEN 'U' ELSE 'Y' END || a.n, district,
       CASE WHEN a.worker IS NULL THEN district || '/01/01/01/01' ELSE '' END, a.roles::text[], a.grade, a.department, a.worker,
       'import'
FROM district,
(VALUES (1, '{look,operate}', 'officer', NULL, NULL), (2, '{look,operate}', 'department', 'food', NULL),
        (3, '{look}', 'assistant', NULL, 'W1')) AS a (n, roles, grade, department, worker);
