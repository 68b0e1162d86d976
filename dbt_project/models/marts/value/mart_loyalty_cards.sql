with
movements as (
    select * from {{ ref('fct_loyalty_movements') }}
),

as_of as (
    select {{ newest_moment('moved_at') }} as as_of_at from movements
),

cards as (
    select
        movements.loyalty_card_id,
        as_of.as_of_at,
        -- Of several holders the one of the latest movement that names any.
        arg_max(
            movements.customer_key, row(movements.moved_at, movements.movement_id)
        ) filter (where movements.customer_key is not null) as customer_key,
        count(distinct movements.customer_key) as holders_count,
        count(*) as movements_count,
        sum(movements.points_count)::bigint as balance_points_count,
        coalesce(
            sum(movements.points_count) filter (where movements.movement_type = 'earn'), 0
        )::bigint as earned_points_count,
        coalesce(
            -sum(movements.points_count) filter (where movements.movement_type = 'redeem'), 0
        )::bigint as redeemed_points_count,
        coalesce(
            -sum(movements.points_count) filter (where movements.movement_type = 'expire'), 0
        )::bigint as expired_points_count,
        coalesce(
            sum(movements.points_count) filter (
                where movements.movement_type = 'earn'
                and movements.moved_at <= as_of.as_of_at
                and movements.moved_at
                > as_of.as_of_at - to_months({{ var("loyalty_tier_months") }})
            ), 0
        )::bigint as tier_points_count,
        bool_or(movements.is_overdrawn) as was_overdrawn,
        min(movements.moved_at) as first_moved_at,
        max(movements.moved_at) as last_moved_at
    from movements
    cross join as_of
    group by movements.loyalty_card_id, as_of.as_of_at
),

expiries as (
    select
        loyalty_card_id,
        left_points_count,
        is_expired,
        expires_at,
        min(expires_at) filter (where not is_expired and left_points_count > 0) over (
            partition by loyalty_card_id
        ) as next_expiry_at
    from {{ ref('int_loyalty__lots') }}
),

lots as (
    select
        loyalty_card_id,
        next_expiry_at,
        sum(left_points_count) filter (where is_expired) as overdue_points_count,
        sum(left_points_count) filter (where expires_at = next_expiry_at)::bigint
            as next_expiring_points_count
    from expiries
    group by loyalty_card_id, next_expiry_at
),

tiers as (
    select
        key as tier,
        value::bigint as from_points_count
    from json_each('{{ var("loyalty_tiers") | tojson }}')
),

reached as (
    select
        cards.loyalty_card_id,
        arg_max(tiers.tier, tiers.from_points_count) as tier
    from cards
    inner join tiers
        on cards.tier_points_count >= tiers.from_points_count
    group by cards.loyalty_card_id
)

select
    cards.loyalty_card_id,
    cards.customer_key,
    cards.as_of_at,
    reached.tier,
    cards.tier_points_count,
    cards.balance_points_count,
    cards.earned_points_count,
    cards.redeemed_points_count,
    cards.expired_points_count,
    coalesce(lots.overdue_points_count, 0)::bigint as overdue_points_count,
    lots.next_expiring_points_count,
    cards.movements_count,
    cards.holders_count,
    cards.balance_points_count < 0 as is_overdrawn,
    cards.was_overdrawn,
    lots.next_expiry_at,
    cards.first_moved_at,
    cards.last_moved_at
from cards
left join lots
    on cards.loyalty_card_id = lots.loyalty_card_id
left join reached
    on cards.loyalty_card_id = reached.loyalty_card_id
