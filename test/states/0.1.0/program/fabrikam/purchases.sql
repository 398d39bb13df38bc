CREATE OR REPLACE TEMP VIEW purchases AS
SELECT customer_key, region, SUM(amount) AS spent
FROM sales
GROUP BY customer_key, region
