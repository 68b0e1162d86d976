with
movements as (
    select
        loyalty_movement_key,
        loyalty_card_id,
        movement_type,
        points_count,
        moved_at
    from {{ ref('int_crm__loyalty_movements') }}
),

as_of as (
    select {{ newest_moment('moved_at') }} as as_of_at from movements
),

spent as (
    select
        loyalty_card_id,
        -sum(points_count) as spent_points_count
    from movements
    where points_count < 0
    group by loyalty_card_id
),

earned as (
    select
        *,
        sum(points_count) over (
            partition by loyalty_card_id
            order by moved_at, loyalty_movement_key
            rows unbounded preceding
        ) as earned_points_count
    from movements
    where points_count > 0
)

-- What leaves a card takes the oldest points first: of a lot there remains what was earned up to
-- it, beyond all that has left, and no more than the lot itself.
select
    earned.loyalty_movement_key,
    earned.loyalty_card_id,
    earned.points_count,
    greatest(
        0,
        least(
            earned.points_count,
            earned.earned_points_count - coalesce(spent.spent_points_count, 0)
        )
    )::bigint as left_points_count,
    earned.moved_at,
    earned.moved_at + to_months({{ var("loyalty_expiry_months") }}) as expires_at,
    earned.moved_at + to_months({{ var("loyalty_expiry_months") }}) <= as_of.as_of_at as is_expired
from earned
cross join as_of
left join spent
    on earned.loyalty_card_id = spent.loyalty_card_id
