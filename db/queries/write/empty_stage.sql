-- Forget what an earlier part of this transaction has staged; mostly there is nothing.
DELETE FROM stage_ping;
