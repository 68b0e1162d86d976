with
components as (
    select * from {{ ref('int_identity__components') }}
),

published_keys as (
    select * from {{ ref('int_identity__published_keys') }}
),

-- How many records a person of today has in common with one that was published.
common_records as (
    select
        components.component_record_key,
        published_keys.customer_key,
        count(*) as records_count
    from components
    inner join published_keys
        on components.record_key = published_keys.record_key
    group by components.component_record_key, published_keys.customer_key
),

-- A key stays with the largest part of its records, and a person keeps the key of its largest part.
largest_parts as (
    select *
    from common_records
    qualify row_number() over (
        partition by customer_key order by records_count desc, component_record_key asc
    ) = 1
),

kept_keys as (
    select
        component_record_key,
        customer_key
    from largest_parts
    qualify row_number() over (
        partition by component_record_key
        order by
            records_count desc,
            -- Of equal parts the one that was named after today's first record.
            customer_key = {{ surrogate_key("'person'", 'component_record_key') }} desc,
            customer_key asc
    ) = 1
),

persons as (
    select distinct component_record_key from components
),

named as (
    select
        persons.component_record_key,
        kept_keys.customer_key as kept_key,
        {{ surrogate_key("'person'", 'persons.component_record_key') }} as own_key
    from persons
    left join kept_keys
        on persons.component_record_key = kept_keys.component_record_key
)

select
    named.component_record_key,
    case
        when named.kept_key is not null then named.kept_key
        -- The records that it was named after may have left a person who keeps the key.
        when holders.kept_key is not null
            then
                {{ surrogate_key("'not ' || holders.kept_key", 'named.component_record_key') }}
        else named.own_key
    end as customer_key
from named
left join named as holders
    on
        named.own_key = holders.kept_key
        and named.component_record_key != holders.component_record_key
