with
normalised as (
    select
        record_key,
        source,
        customer_id,
        {{ folded('first_name') }} as given_name,
        {{ folded('last_name') }} as family_name,
        birth_date,
        -- What is no address has no key, and identifies nobody.
        case when email_key is not null then lower(trim(email)) end as email,
        email_key,
        phone_key,
        {{ folded('street') }} as street,
        {{ folded('postal_code') }} as postal_code,
        {{ folded('city') }} as city,
        country
    from {{ ref('int_crm__customer_details') }}
)

select
    normalised.record_key,
    normalised.source,
    normalised.customer_id,
    normalised.given_name,
    coalesce(given_names.forms, [normalised.given_name]) as given_name_forms,
    normalised.family_name,
    -- Forms are filled in in either order.
    case
        when normalised.given_name is not null and normalised.family_name is not null
            then
                least(normalised.given_name, normalised.family_name)
                || ' '
                || greatest(normalised.given_name, normalised.family_name)
    end as names_in_order,
    normalised.birth_date,
    normalised.email,
    split_part(normalised.email, '@', 1) as email_local_part,
    normalised.email_key,
    normalised.phone_key,
    normalised.street,
    normalised.postal_code,
    normalised.city,
    normalised.country,
    md5(
        row(
            normalised.given_name,
            normalised.family_name,
            normalised.birth_date,
            normalised.email,
            normalised.phone_key,
            normalised.street,
            normalised.postal_code,
            normalised.city
        )::varchar
    ) as fields_hash
from normalised
left join {{ ref('int_identity__given_names') }} as given_names
    on normalised.given_name = given_names.given_name
