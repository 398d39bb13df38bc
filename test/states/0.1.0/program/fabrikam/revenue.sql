SELECT purchases.region, tiers.tier, COUNT(*) AS customers, ROUND(SUM(purchases.spent), 2) AS revenue
FROM purchases
JOIN tiers ON tiers.customer_key = purchases.customer_key
GROUP BY purchases.region, tiers.tier
