-- Litware's part: each customer once, and only the tiers that are in force.
CREATE OR REPLACE TEMP VIEW tiers AS
SELECT DISTINCT customer_key, tier
FROM members
WHERE tier IN ('bronze', 'silver', 'gold')
