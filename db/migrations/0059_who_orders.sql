-- Whoever takes the screen's own login over can order as an account, which ingest asks about, and as nobody else: the
-- commands on the server, which nobody is asked about, come as the database's owner.
CREATE FUNCTION scoped.may_order_as(actor text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT starts_with(actor, 'screen:') OR pg_has_role(session_user, c.relowner, 'USAGE')
    FROM pg_class c WHERE c.oid = 'public.command'::regclass
$$;
CREATE OR REPLACE VIEW scoped.order_box WITH (security_barrier) AS
    SELECT district, command_id, kind, payload, actor FROM public.command
    WHERE district = scoped.district() AND scoped.may_order_as(actor)
    WITH LOCAL CHECK OPTION;

-- In the log accounts, and who comes and goes, are kinds of their own.
CREATE OR REPLACE VIEW scoped.audit WITH (security_barrier) AS
    SELECT *, CASE WHEN act = 'look_at_track' THEN 'look'
                   WHEN act = 'export_list' THEN 'export'
                   WHEN act IN ('note_login', 'add_account', 'disable_account', 'enable_account', 'reset_account',
                                'end_sessions') THEN 'account'
                   WHEN act IN ('set_threshold', 'register_device', 'release_name', 'import', 'load_modules', 'set_retention',
                                'add_channel', 'route_channel', 'close_channel', 'issue_key', 'revoke_key') THEN 'setting'
                   ELSE 'order' END AS kind
    FROM public.audit WHERE district = scoped.district() AND (SELECT scoped.sees_all());
