with
employees as (
    select customer_key from {{ ref('int_people__employees') }}
),

scores as (
    select
        scores.*,
        brands.is_competitor,
        employees.customer_key is not null as is_employee,
        scores.posts_count >= {{ var('feeling_minimum_posts') }}
        and scores.days_count >= {{ var('feeling_minimum_days') }} as is_supported
    from {{ ref('int_feelings__scores') }} as scores
    inner join {{ ref('stg_config__brands') }} as brands
        on scores.brand = brands.brand
    left join employees
        on scores.customer_key = employees.customer_key
)

select
    customer_key,
    brand,
    case
        when is_employee then 'employee'
        when not is_supported then 'too few posts'
        when feeling_score >= {{ var('clear_feeling_score') }} then 'ambassador'
        when feeling_score <= -{{ var('clear_feeling_score') }} then 'detractor'
        else 'no clear feeling'
    end as label,
    feeling_score,
    posts_count,
    days_count,
    positive_count as positive_posts_count,
    negative_count as negative_posts_count,
    praise_count as praise_posts_count,
    complaint_count as complaint_posts_count,
    answers_count as nps_answers_count,
    recommendation as net_recommendation,
    {{ net_share_bound('positive_count', 'negative_count', 'nullif(posts_count, 0)', '-') }}
        as net_sentiment_low,
    {{ net_share_bound('positive_count', 'negative_count', 'nullif(posts_count, 0)', '+') }}
        as net_sentiment_high,
    is_competitor,
    is_employee,
    formula_version,
    last_post_at,
    as_of_at
from scores
