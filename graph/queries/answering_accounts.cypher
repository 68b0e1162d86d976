/*
title: Answering accounts
question: Which brand accounts answer most conversations, how many of them, and how fast?
serves: "Reciprocity and reactivity. Coherence: the same care on every channel."
notes: >-
  Calendar time to the first human reply, by conversation. Conversations still unanswered have no
  time; they lower the rate and are not in the median. Those in which the customer wrote nothing,
  or only thanks that nobody answered, are left out.
parameters:
  limit: {type: integer, default: 20, minimum: 1, description: Accounts at most.}
  brand: {type: text, default: null, description: Only accounts of this brand.}
columns:
  account: Handle of the brand's account.
  brand: Brand it speaks for.
  department: Department that answers from it; null where not declared.
  channel: Medium.
  conversations_count: Conversations in which a customer's message called for an answer.
  answered_count: Conversations that a human of the brand answered.
  answered_rate: Their share.
  median_first_response_seconds: Median time to the first reply.
  p90_first_response_seconds: Time within which nine of ten answered ones were.
*/
MATCH (conversation:Conversation)-[:WITH]->(answering:Account)-[:SPEAKS_FOR]->(brand:Brand)
WHERE ($brand IS NULL OR toLower(brand.name) = toLower($brand))
  AND (conversation.is_answered OR conversation.is_waiting)
WITH answering, brand,
     count(conversation) AS conversations_count,
     count(CASE WHEN conversation.is_answered THEN 1 END) AS answered_count,
     percentileCont(conversation.first_response_seconds, 0.5) AS median_seconds,
     percentileCont(conversation.first_response_seconds, 0.9) AS p90_seconds
RETURN coalesce(answering.handle, answering.account_id) AS account,
       brand.name AS brand,
       answering.department AS department,
       answering.channel AS channel,
       conversations_count,
       answered_count,
       toFloat(answered_count) / conversations_count AS answered_rate,
       median_seconds AS median_first_response_seconds,
       p90_seconds AS p90_first_response_seconds
ORDER BY answered_count DESC, conversations_count DESC, answering.account_key
LIMIT $limit
