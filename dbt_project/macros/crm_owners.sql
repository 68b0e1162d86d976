{#-
    Whose a CRM record is, as CTEs: `people`, the person of each `customer_id`, and for each of
    `identifier_types` the one person whose such an identifier is alone, `<type>_owners`.
-#}
{% macro crm_owners(identifier_types) -%}
people as (
    select
        record_id as customer_id,
        customer_key
    from {{ ref('int_identity__people') }}
    where record_type = 'crm_customer'
)
{%- for identifier_type in identifier_types %},

{{ identifier_type }}_owners as (
    select
        identifier,
        customer_key
    from {{ ref('int_identity__contact_owners') }}
    where identifier_type = '{{ identifier_type }}'
)
{%- endfor %}
{%- endmacro %}
