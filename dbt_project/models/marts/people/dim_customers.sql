with
totals as (
    select * from {{ ref('int_people__totals') }}
),

worth as (
    select
        customer_key,
        recency_days,
        rfm_cell,
        rfm_score
    from {{ ref('mart_rfm') }}
),

lifetimes as (
    select
        customer_key,
        alive_probability,
        lifetime_value_amount,
        lifetime_value_low_amount,
        lifetime_value_high_amount
    from {{ ref('mart_lifetime_value') }}
),

segments as (
    select
        customer_key,
        segment,
        value_level,
        feeling_level,
        activity_level,
        feeling_score,
        statements_count
    from {{ ref('mart_affective_segments') }}
),

preferred as (
    select
        customer_key,
        channel,
        is_supported
    from {{ ref('mart_preferred_media') }}
    where is_preferred
),

cards as (
    select
        loyalty_card_id,
        tier,
        next_expiring_points_count,
        next_expiry_at
    from {{ ref('mart_loyalty_cards') }}
),

ambassadors as (
    select distinct customer_key from {{ ref('mart_ambassadors') }}
),

detractors as (
    select distinct customer_key from {{ ref('mart_detractors') }}
),

churn as (
    select
        customer_key,
        count(*) as churn_signals_count,
        list(signal order by signal) as churn_signals
    from {{ ref('mart_churn_signals') }}
    group by customer_key
),

contactable as (
    select
        customer_key,
        list(distinct purpose order by purpose) as contactable_purposes,
        list(distinct contact_channel order by contact_channel) as contactable_channels
    from {{ ref('mart_contactable') }}
    group by customer_key
)

select
    totals.customer_key,
    totals.customer_id,
    totals.display_name,
    totals.country,
    totals.language,
    totals.loyalty_card_id,
    totals.channels,
    preferred.channel as preferred_channel,
    preferred.is_supported as is_preferred_channel_supported,
    totals.accounts_count,
    totals.posts_count,
    totals.positive_posts_count,
    totals.neutral_posts_count,
    totals.negative_posts_count,
    (totals.positive_posts_count - totals.negative_posts_count)
    / nullif(
        totals.positive_posts_count + totals.neutral_posts_count + totals.negative_posts_count, 0
    ) as net_sentiment,
    totals.conversations_count,
    totals.answers_given_count,
    totals.accepted_answers_count,
    totals.orders_count,
    totals.orders_amount,
    totals.purchases_count,
    totals.returns_count,
    worth.recency_days,
    worth.rfm_cell,
    worth.rfm_score,
    lifetimes.alive_probability,
    lifetimes.lifetime_value_amount,
    lifetimes.lifetime_value_low_amount,
    lifetimes.lifetime_value_high_amount,
    totals.nps_score,
    totals.nps_answers_count,
    segments.feeling_score,
    coalesce(segments.statements_count, 0) as statements_count,
    segments.segment,
    segments.value_level,
    segments.feeling_level,
    segments.activity_level,
    coalesce(churn.churn_signals, []) as churn_signals,
    coalesce(churn.churn_signals_count, 0) as churn_signals_count,
    totals.loyalty_points_count,
    cards.tier as loyalty_tier,
    cards.next_expiring_points_count,
    coalesce(contactable.contactable_purposes, []) as contactable_purposes,
    coalesce(contactable.contactable_channels, []) as contactable_channels,
    totals.is_known,
    totals.is_employee,
    ambassadors.customer_key is not null as is_ambassador,
    detractors.customer_key is not null as is_detractor,
    totals.last_order_at,
    cards.next_expiry_at,
    totals.first_seen_at,
    totals.last_seen_at
from totals
left join worth
    on totals.customer_key = worth.customer_key
left join lifetimes
    on totals.customer_key = lifetimes.customer_key
left join segments
    on totals.customer_key = segments.customer_key
left join preferred
    on totals.customer_key = preferred.customer_key
left join cards
    on totals.loyalty_card_id = cards.loyalty_card_id
left join ambassadors
    on totals.customer_key = ambassadors.customer_key
left join detractors
    on totals.customer_key = detractors.customer_key
left join churn
    on totals.customer_key = churn.customer_key
left join contactable
    on totals.customer_key = contactable.customer_key
