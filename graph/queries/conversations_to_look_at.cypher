/*
title: Conversations to look at
question: Which conversations went wrong, why do we think so, and whose are they?
serves: "Reactivity. Reciprocity: nobody is left without a reply."
notes: >-
  Messages that only thank wait for no answer.
parameters:
  limit: {type: integer, default: 20, minimum: 1, description: Conversations at most.}
  brand: {type: text, default: null, description: Only conversations with this brand.}
  slow_hours: {type: number, default: 24, minimum: 0, description: A first reply is late after.}
columns:
  conversation_key: Key, for messages_of_a_conversation.
  customer: Handle of the customer's account.
  person: Name of the person; null where not known.
  orders_amount: What the person bought; null where not known.
  brand_account: Handle of the brand's account.
  channel: Medium.
  last_message_at: Last message.
  reasons: Why it is listed, in words.
*/
MATCH (customer:Account)-[:HELD]->(conversation:Conversation)-[:WITH]->(brand_account:Account)
WHERE $brand IS NULL OR toLower(conversation.brand) = toLower($brand)
WITH customer, conversation, brand_account, [reason IN [
  CASE WHEN conversation.is_waiting AND NOT conversation.is_answered
       THEN 'never answered' END,
  CASE WHEN conversation.is_waiting AND conversation.is_answered
       THEN 'a later message was not answered' END,
  CASE WHEN conversation.first_response_seconds > $slow_hours * 3600
       THEN 'first answered late' END,
  CASE WHEN conversation.last_sentiment_label = 'negative' THEN 'ends negative' END,
  CASE WHEN conversation.last_sentiment_label = 'negative'
            AND conversation.first_sentiment_label <> 'negative'
       THEN 'feeling got worse' END
] WHERE reason IS NOT NULL] AS reasons
WHERE size(reasons) > 0
OPTIONAL MATCH (customer)-[:BELONGS_TO]->(person:Person)
RETURN conversation.conversation_key AS conversation_key,
       coalesce(customer.handle, customer.account_id) AS customer,
       person.display_name AS person,
       person.orders_amount AS orders_amount,
       coalesce(brand_account.handle, brand_account.account_id) AS brand_account,
       conversation.channel AS channel,
       conversation.last_message_at AS last_message_at,
       reasons
ORDER BY size(reasons) DESC, last_message_at DESC, conversation_key
LIMIT $limit
