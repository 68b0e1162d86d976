/*
title: Reciprocity
question: When somebody replies to another account, does that one reply too?
serves: "Reciprocity: brand and customers both speak."
notes: >-
  r = mutual ties / ties; rho = (r - density) / (1 - density) compares it with chance, where
  density = ties / possible ties between the accounts that reply or are replied to. Ties between
  two accounts of brands are left out.
columns:
  between: Between a brand and customers, or among customers.
  accounts_count: Accounts with at least one tie.
  ties_count: Directed ties, from who replied to whom was replied to.
  mutual_ties_count: Ties whose opposite exists too.
  reciprocity_rate: r.
  density_rate: Ties over possible ties.
  reciprocity_against_chance_score: rho, at most 1; below 0 means less than by chance.
  weighted_reciprocity_rate: Sum of the smaller weight of both directions over the sum of weights.
*/
CALL () {
  MATCH (account:Account)-[:REPLIED_TO]-(other:Account)
  WITH account, coalesce(account.is_brand, false) AS is_brand,
       coalesce(other.is_brand, false) AS is_other_brand
  WHERE NOT (is_brand AND is_other_brand)
  WITH DISTINCT account, is_brand, is_brand OR is_other_brand AS is_with_brand
  RETURN is_with_brand,
         count(account) AS accounts_count,
         count(CASE WHEN is_brand THEN account END) AS brands_count
}
CALL (is_with_brand) {
  MATCH (replier:Account)-[tie:REPLIED_TO]->(author:Account)
  WITH tie, replier, author, coalesce(replier.is_brand, false) AS is_replier_brand,
       coalesce(author.is_brand, false) AS is_author_brand
  WHERE NOT (is_replier_brand AND is_author_brand)
    AND (is_replier_brand OR is_author_brand) = is_with_brand
  OPTIONAL MATCH (author)-[back:REPLIED_TO]->(replier)
  RETURN count(tie) AS ties_count,
         count(back) AS mutual_ties_count,
         sum(tie.weight) AS weight,
         sum(CASE WHEN back.weight < tie.weight THEN back.weight
                  WHEN back IS NOT NULL THEN tie.weight
                  ELSE 0.0 END) AS mutual_weight
}
WITH is_with_brand, accounts_count, ties_count, mutual_ties_count, weight, mutual_weight,
     toFloat(mutual_ties_count) / ties_count AS reciprocity_rate,
     toFloat(ties_count) / CASE
       WHEN is_with_brand THEN 2 * brands_count * (accounts_count - brands_count)
       ELSE accounts_count * (accounts_count - 1)
     END AS density_rate
RETURN CASE WHEN is_with_brand THEN 'brand and customers' ELSE 'customers' END AS between,
       accounts_count,
       ties_count,
       mutual_ties_count,
       reciprocity_rate,
       density_rate,
       CASE WHEN density_rate < 1 THEN (reciprocity_rate - density_rate) / (1 - density_rate) END
         AS reciprocity_against_chance_score,
       mutual_weight / weight AS weighted_reciprocity_rate
ORDER BY between
