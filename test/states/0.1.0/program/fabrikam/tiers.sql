CREATE OR REPLACE TEMP VIEW tiers AS
SELECT customer_key, tier
FROM members
