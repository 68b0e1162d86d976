with
people as (
    select * from {{ ref('int_identity__people') }}
),

persons as (
    select
        customer_key,
        bool_or(is_known) as is_known,
        -- Of several CRM rows the one that the person is named after speaks first.
        min(record_id) filter (where record_type = 'crm_customer' and is_first_record)
            as customer_id
    from people
    group by customer_key
),

-- What the CRM's records of a person say together; who is removed from it says nothing.
crm_fields as (
    select
        customer_key,
        any_value(value) filter (where field = 'name') as display_name,
        any_value(value) filter (where field = 'country') as country,
        any_value(value) filter (where field = 'language') as language,
        any_value(value) filter (where field = 'loyalty_card_id') as loyalty_card_id
    from {{ ref('int_identity__reconciled') }}
    group by customer_key
),

crm_records as (
    select
        people.customer_key,
        min(customers.created_at) as created_at
    from people
    inner join {{ ref('int_crm__customers') }} as customers
        on people.record_type = 'crm_customer' and people.record_id = customers.customer_id
    where people.is_known
    group by people.customer_key
),

accounts as (
    select
        customer_key,
        count(*) as accounts_count,
        list(distinct channel order by channel) as channels,
        arg_min(coalesce(display_name, handle), row(source, account_id)) as account_name
    from {{ ref('dim_accounts') }}
    where customer_key is not null
    group by customer_key
),

posts as (
    select
        customer_key,
        count(*) as posts_count,
        -- The feeling of a repost is its author's.
        count(*) filter (where sentiment_label = 'positive' and not is_repost)
            as positive_posts_count,
        count(*) filter (where sentiment_label = 'neutral' and not is_repost)
            as neutral_posts_count,
        count(*) filter (where sentiment_label = 'negative' and not is_repost)
            as negative_posts_count,
        min(created_at) as first_at,
        {{ newest_moment('created_at') }} as last_at
    from {{ ref('fct_posts') }}
    where customer_key is not null and edit_of_post_key is null
    group by customer_key
),

conversations as (
    select
        customer_key,
        count(*) as conversations_count
    from {{ ref('fct_conversations') }}
    where customer_key is not null
    group by customer_key
),

answers as (
    select
        helper_customer_key as customer_key,
        count(distinct answer_post_key) as answers_given_count,
        count(distinct answer_post_key) filter (where is_accepted) as accepted_answers_count
    from {{ ref('int_peer_help__answers') }}
    group by helper_customer_key
),

orders as (
    select
        customer_key,
        count(*) filter (where status is distinct from 'cancelled') as orders_count,
        count(*) filter (where is_purchase) as purchases_count,
        count(*) filter (where is_return) as returns_count,
        sum(reporting_amount) as orders_amount,
        max(ordered_at) filter (where status is distinct from 'cancelled') as last_order_at,
        min(ordered_at) as first_at,
        {{ newest_moment('ordered_at') }} as last_at
    from {{ ref('fct_orders') }}
    where customer_key is not null
    group by customer_key
),

survey_responses as (
    select
        customer_key,
        arg_max(nps_score, row(answered_at, response_id)) as nps_score,
        count(nps_score) as nps_answers_count,
        min(answered_at) as first_at,
        {{ newest_moment('answered_at') }} as last_at
    from {{ ref('fct_survey_responses') }}
    where customer_key is not null
    group by customer_key
),

loyalty_movements as (
    select
        customer_key,
        sum(points_count)::bigint as loyalty_points_count,
        min(moved_at) as first_at,
        {{ newest_moment('moved_at') }} as last_at
    from {{ ref('fct_loyalty_movements') }}
    where customer_key is not null
    group by customer_key
)

select
    persons.customer_key,
    persons.customer_id,
    coalesce(crm_fields.display_name, accounts.account_name) as display_name,
    crm_fields.country,
    crm_fields.language,
    crm_fields.loyalty_card_id,
    coalesce(accounts.channels, []) as channels,
    coalesce(accounts.accounts_count, 0) as accounts_count,
    coalesce(posts.posts_count, 0) as posts_count,
    coalesce(posts.positive_posts_count, 0) as positive_posts_count,
    coalesce(posts.neutral_posts_count, 0) as neutral_posts_count,
    coalesce(posts.negative_posts_count, 0) as negative_posts_count,
    coalesce(conversations.conversations_count, 0) as conversations_count,
    coalesce(answers.answers_given_count, 0) as answers_given_count,
    coalesce(answers.accepted_answers_count, 0) as accepted_answers_count,
    coalesce(orders.orders_count, 0) as orders_count,
    coalesce(orders.purchases_count, 0) as purchases_count,
    coalesce(orders.returns_count, 0) as returns_count,
    coalesce(orders.orders_amount, 0)::decimal(18, 2) as orders_amount,
    survey_responses.nps_score,
    coalesce(survey_responses.nps_answers_count, 0) as nps_answers_count,
    coalesce(loyalty_movements.loyalty_points_count, 0) as loyalty_points_count,
    persons.is_known,
    employees.customer_key is not null as is_employee,
    orders.last_order_at,
    least(
        crm_records.created_at,
        posts.first_at,
        orders.first_at,
        survey_responses.first_at,
        loyalty_movements.first_at
    ) as first_seen_at,
    greatest(
        crm_records.created_at,
        posts.last_at,
        orders.last_at,
        survey_responses.last_at,
        loyalty_movements.last_at
    ) as last_seen_at
from persons
left join {{ ref('int_people__employees') }} as employees
    on persons.customer_key = employees.customer_key
left join crm_fields
    on persons.customer_key = crm_fields.customer_key
left join crm_records
    on persons.customer_key = crm_records.customer_key
left join accounts
    on persons.customer_key = accounts.customer_key
left join posts
    on persons.customer_key = posts.customer_key
left join conversations
    on persons.customer_key = conversations.customer_key
left join answers
    on persons.customer_key = answers.customer_key
left join orders
    on persons.customer_key = orders.customer_key
left join survey_responses
    on persons.customer_key = survey_responses.customer_key
left join loyalty_movements
    on persons.customer_key = loyalty_movements.customer_key
