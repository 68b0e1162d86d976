with
moments as (
    select
        min(created_at) as first_at,
        max(created_at) as last_at
    from {{ ref('fct_posts') }}

    union all

    select
        min(ordered_at) as first_at,
        max(ordered_at) as last_at
    from {{ ref('fct_orders') }}

    union all

    select
        min(answered_at) as first_at,
        max(answered_at) as last_at
    from {{ ref('fct_survey_responses') }}

    union all

    select
        min(moved_at) as first_at,
        max(moved_at) as last_at
    from {{ ref('fct_loyalty_movements') }}
),

-- Without any moment the series is null, and unnesting it gives no day.
days as (
    select
        unnest(
            generate_series(min(first_at)::date, max(last_at)::date, interval 1 day)
        )::date as date
    from moments
)

select
    date,
    year(date)::bigint as year,
    quarter(date)::bigint as quarter,
    month(date)::bigint as month,
    day(date)::bigint as day_of_month,
    dayofyear(date)::bigint as day_of_year,
    isoyear(date)::bigint as iso_year,
    week(date)::bigint as iso_week,
    isodow(date)::bigint as iso_weekday,
    strftime(date, '%G-W%V') as iso_week_name,
    strftime(date, '%Y-%m') as month_name,
    isodow(date) >= 6 as is_weekend,
    date_trunc('week', date)::date as week_start_date,
    date_trunc('month', date)::date as month_start_date,
    date_trunc('quarter', date)::date as quarter_start_date
from days
