with
events as (
    select *
    from {{ ref('int_surveys__events') }}
    where customer_key is not null
)

select
    customer_key,
    count(*) filter (where event_type = 'order') as orders_count,
    count(*) filter (where is_answered) as answered_orders_count,
    count(*) filter (where event_type = 'answer') as answers_count,
    count(nps_score) as scored_answers_count,
    count(*) filter (where event_type = 'answer') > 0 as has_answered,
    max(happened_at) filter (where event_type = 'order') as last_order_at,
    max(happened_at) filter (where event_type = 'answer') as last_answered_at
from events
group by customer_key
