/*
title: Valued people who are unhappy
question: Which people who buy from us do not sound happy, and what says so?
serves: "People: value and feeling together, with the reasons for the label."
parameters:
  limit: {type: integer, default: 20, minimum: 1, description: People at most.}
  minimum_amount: {type: number, default: 0, minimum: 0, description: Bought for more than this.}
columns:
  person: Name of the person.
  customer_id: Id in the CRM.
  orders_count: Orders.
  orders_amount: Their sum.
  lifetime_value_amount: What the person is expected to spend within a year; null where unknown.
  segment: What value, feeling and activity make of the person.
  nps_score: Last likelihood to recommend, 0 to 10; null without an answer.
  positive_posts_count: Posts of positive sentiment.
  negative_posts_count: Posts of negative sentiment.
  churn_signals: Signs that the person may leave.
  reasons: What says that the person is unhappy, in words.
*/
MATCH (buyer:Person)
WHERE buyer.orders_amount > $minimum_amount
WITH buyer, [reason IN [
  CASE WHEN buyer.nps_score <= 6 THEN 'would not recommend us' END,
  CASE WHEN buyer.negative_posts_count > buyer.positive_posts_count
       THEN 'more negative posts than positive ones' END,
  CASE WHEN buyer.feeling_level = 'cold' THEN 'feels cold about our brands' END,
  CASE WHEN buyer.is_detractor THEN 'speaks against our brands' END
] WHERE reason IS NOT NULL] AS reasons
WHERE size(reasons) > 0
RETURN buyer.display_name AS person,
       buyer.customer_id AS customer_id,
       buyer.orders_count AS orders_count,
       buyer.orders_amount AS orders_amount,
       buyer.lifetime_value_amount AS lifetime_value_amount,
       buyer.segment AS segment,
       buyer.nps_score AS nps_score,
       buyer.positive_posts_count AS positive_posts_count,
       buyer.negative_posts_count AS negative_posts_count,
       buyer.churn_signals AS churn_signals,
       reasons
ORDER BY size(reasons) DESC, orders_amount DESC, buyer.customer_key
LIMIT $limit
