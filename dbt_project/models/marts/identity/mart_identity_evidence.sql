with
contributions as (
    select
        record_key,
        other_record_key,
        model_version,
        unnest(contributions) as contribution
    from {{ ref('int_identity__pairs') }}
),

separate_contributions as (
    select
        record_key,
        other_record_key,
        model_version,
        struct_extract(contribution, 'comparison') as comparison,
        struct_extract(contribution, 'level') as level,
        struct_extract(contribution, 'match_weight') as match_weight
    from contributions
)

select
    found.record_key,
    found.other_record_key,
    found.comparison,
    case
        when found.comparison = 'share' then 'any two records'
        else coalesce(parameters.label, 'not known of both')
    end as finding,
    found.match_weight,
    found.model_version
from separate_contributions as found
left join {{ ref('mart_identity_parameters') }} as parameters
    on found.comparison = parameters.comparison and found.level = parameters.level
