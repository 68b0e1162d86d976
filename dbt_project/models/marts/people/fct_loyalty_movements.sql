with
movements as (
    select
        *,
        case when customer_id is null then loyalty_card_id end as guest_loyalty_card_id,
        -- What comes on at the same moment is there for what leaves.
        sum(points_count) over (
            partition by loyalty_card_id
            order by moved_at asc, points_count desc, loyalty_movement_key asc
            rows unbounded preceding
        )::bigint as balance_points_count
    from {{ ref('int_crm__loyalty_movements') }}
),

{{ crm_owners(['loyalty_card']) }}

select
    movements.loyalty_movement_key,
    movements.movement_id,
    coalesce(people.customer_key, loyalty_card_owners.customer_key) as customer_key,
    movements.customer_id,
    movements.loyalty_card_id,
    {{ surrogate_key("'crm'", 'movements.order_id') }} as order_key,
    movements.movement_type,
    movements.points_count,
    movements.balance_points_count,
    movements.balance_points_count < 0 as is_overdrawn,
    movements.moved_at
from movements
left join people
    on movements.customer_id = people.customer_id
left join loyalty_card_owners
    on movements.guest_loyalty_card_id = loyalty_card_owners.identifier
