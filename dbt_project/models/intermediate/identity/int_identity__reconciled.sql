with
people as (
    select
        record_key,
        customer_key,
        is_first_record
    from {{ ref('int_identity__people') }}
),

-- What belongs together is one value: half an address of one record, half of another is nowhere.
known_values as (
    select
        record_key,
        source,
        customer_id,
        seen_at,
        -- Initials are no name.
        (length(first_name) > 2)::integer + (length(last_name) > 2)::integer as full_names_count,
        nullif(concat_ws(' ', first_name, last_name), '') as name,
        case when email_key is not null then email end as email,
        case when phone_key is not null then phone end as phone,
        case
            when street is not null
                then concat_ws(', ', street, nullif(concat_ws(' ', postal_code, city), ''))
        end as postal_address,
        birth_date::varchar as birth_date,
        country,
        language,
        loyalty_card_id
    from {{ ref('int_crm__customer_details') }}
),

separate_values as (
    select *
    from known_values
    unpivot (
        value for field in (
            name, email, phone, postal_address, birth_date, country, language, loyalty_card_id
        )
    )
)

select
    people.customer_key,
    separate_values.field,
    separate_values.value,
    separate_values.source,
    separate_values.customer_id,
    separate_values.seen_at,
    count(distinct separate_values.value) over (
        partition by people.customer_key, separate_values.field
    ) as values_count
from separate_values
inner join people
    on separate_values.record_key = people.record_key
-- The newest value counts, by the source's own clock, of names the newest that is written out; of
-- equals that of the person's first record.
qualify row_number() over (
    partition by people.customer_key, separate_values.field
    order by
        case when separate_values.field = 'name' then separate_values.full_names_count end desc
        nulls last,
        separate_values.seen_at desc nulls last,
        people.is_first_record desc,
        separate_values.customer_id asc
) = 1
