-- Let what is scoped be of this district, for the length of the transaction.
SELECT set_config('gridward.district', %(district)s::text, true);
