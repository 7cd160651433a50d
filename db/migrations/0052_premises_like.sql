-- Whoever may look for premises is the screen, and nobody else.
REVOKE ALL ON FUNCTION scoped.premises_like FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scoped.premises_like TO gw_dashboard;
