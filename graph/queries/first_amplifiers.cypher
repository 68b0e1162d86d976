/*
title: Who amplified whom first
question: Who was the first to spread an author's posts, and how many followed?
serves: "People: ambassadors and influencers, with evidence. Reactivity: early signs."
parameters:
  limit: {type: integer, default: 15, minimum: 1, description: Authors at most.}
  handle: {type: text, default: null, description: Only this author.}
columns:
  author: Handle of the author.
  first_amplifier: Handle of the first account to repost or quote.
  first_at: When it first did.
  first_post_id: That repost or quote, in its source.
  followed_count: Accounts that came after.
*/
MATCH (amplified:Account)<-[tie:AMPLIFIED]-(amplifier:Account)
WHERE $handle IS NULL OR toLower(coalesce(amplified.handle, amplified.account_id)) = toLower($handle)
WITH amplified, tie, amplifier
ORDER BY tie.first_at, amplifier.account_key
WITH amplified, collect({account: amplifier, at: tie.first_at}) AS amplifiers
WITH amplified, amplifiers[0].account AS first, amplifiers[0].at AS first_at,
     size(amplifiers) - 1 AS followed_count
ORDER BY followed_count DESC, first_at, amplified.account_key
LIMIT $limit
CALL (amplified, first) {
  OPTIONAL MATCH (first)-[:WROTE]->(post:Post)-[:REPOST_OF|QUOTES]->(:Post)<-[:WROTE]-(amplified)
  RETURN post.post_id AS first_post_id
  ORDER BY post.created_at, post.post_key
  LIMIT 1
}
RETURN coalesce(amplified.handle, amplified.account_id) AS author,
       coalesce(first.handle, first.account_id) AS first_amplifier,
       first_at,
       first_post_id,
       followed_count
ORDER BY followed_count DESC, first_at, amplified.account_key
