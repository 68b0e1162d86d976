/*
title: Influencers
question: Whose posts do other accounts take up most, and who takes them up?
serves: "People: influence. Engagement: whom to bring into a campaign."
notes: >-
  PageRank (damping 0.85) on amplifier to author ties is computed in the warehouse over the
  weights that the ties show; the columns beside it are published apart, as inputs and as
  measures of their own. What brands and programs answer or mention is service and no tie of
  influence; what they repost or quote is one.
parameters:
  limit: {type: integer, default: 10, minimum: 1, description: Accounts at most.}
  channel: {type: text, default: null, description: Only accounts of this channel.}
  include_brands: {type: boolean, default: false, description: Whether brands and employees count.}
columns:
  handle: Name the account is addressed by; its id where it has none.
  display_name: Name shown.
  channel: Medium.
  page_rank_score: PageRank; sums to 1 over all accounts that have a tie of influence.
  influence_weight: Sum of the weights of the ties to amplifiers.
  amplifiers_count: Accounts that took up its posts.
  leading_amplifiers: Up to three of them, the heaviest ties first.
  core_number: Largest k of the k-cores it is in.
  betweenness_score: Share of shortest paths that cross it.
  cascades_started_count: Posts of its own that others spread.
  followers_count: Followers; null where not known.
*/
MATCH (account:Account)
WHERE account.page_rank_score IS NOT NULL
  AND ($channel IS NULL OR account.channel = $channel)
  AND ($include_brands
       OR NOT coalesce(account.is_brand, false)
          AND NOT EXISTS { (account)-[:BELONGS_TO]->(:Person {is_employee: true}) })
WITH account
ORDER BY account.page_rank_score DESC, account.account_key
LIMIT $limit
CALL (account) {
  OPTIONAL MATCH (account)-[tie:INFLUENCES]->(amplifier:Account)
  WITH tie, amplifier
  ORDER BY tie.weight DESC, amplifier.account_key
  RETURN coalesce(sum(tie.weight), 0.0) AS influence_weight,
         count(amplifier) AS amplifiers_count,
         collect(coalesce(amplifier.handle, amplifier.account_id))[..3] AS leading_amplifiers
}
RETURN coalesce(account.handle, account.account_id) AS handle,
       account.display_name AS display_name,
       account.channel AS channel,
       account.page_rank_score AS page_rank_score,
       influence_weight,
       amplifiers_count,
       leading_amplifiers,
       account.core_number AS core_number,
       account.betweenness_score AS betweenness_score,
       account.cascades_started_count AS cascades_started_count,
       account.followers_count AS followers_count
ORDER BY page_rank_score DESC, account.account_key
