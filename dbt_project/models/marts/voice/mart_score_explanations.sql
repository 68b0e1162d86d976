with
feelings as (
    select
        score_name,
        customer_key,
        brand,
        input,
        value,
        weight,
        contribution,
        formula_version
    from {{ ref('int_score_parts__feelings') }}
),

worth as (
    select
        score_name,
        customer_key,
        null::varchar as brand,
        input,
        value,
        weight,
        contribution,
        formula_version
    from {{ ref('int_score_parts__value') }}
)

select * from feelings
union all
select * from worth
