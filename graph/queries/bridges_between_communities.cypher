/*
title: Bridges between communities
question: Which accounts tie communities together that would otherwise hardly talk?
serves: "People: influence. Engagement: through whom news crosses from one group to another."
notes: >-
  Communities are those that Leiden found in the warehouse. Ties count in both directions.
parameters:
  limit: {type: integer, default: 15, minimum: 1, description: Accounts at most.}
  include_brands: {type: boolean, default: false, description: Whether brands' accounts count.}
columns:
  handle: Name the account is addressed by; its id where it has none.
  channel: Medium.
  community_id: Community of the account.
  other_communities: Communities of the accounts it has ties with, but for its own.
  other_accounts_count: Accounts of those communities it has ties with.
  crossing_weight: Sum of the weights of those ties.
  betweenness_score: Share of shortest paths that cross the account.
*/
MATCH (account:Account)-[tie:REPLIED_TO|MENTIONED|AMPLIFIED|HELPED]-(other:Account)
WHERE account.community_id <> other.community_id
  AND ($include_brands
       OR NOT (coalesce(account.is_brand, false) OR coalesce(other.is_brand, false)))
WITH account, other.community_id AS other_community,
     count(DISTINCT other) AS accounts_count, sum(tie.weight) AS weight
ORDER BY other_community
WITH account,
     collect(other_community) AS other_communities,
     sum(accounts_count) AS other_accounts_count,
     sum(weight) AS crossing_weight
ORDER BY size(other_communities) DESC, crossing_weight DESC, account.account_key
LIMIT $limit
RETURN coalesce(account.handle, account.account_id) AS handle,
       account.channel AS channel,
       account.community_id AS community_id,
       other_communities,
       other_accounts_count,
       crossing_weight,
       account.betweenness_score AS betweenness_score
ORDER BY size(other_communities) DESC, crossing_weight DESC, account.account_key
