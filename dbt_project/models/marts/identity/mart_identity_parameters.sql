with
models as (
    select
        model_version,
        json(settings) as settings
    from {{ ref('int_identity__model') }}
    where settings is not null
),

comparisons as (
    select
        model_version,
        unnest(json_extract(settings, '$.comparisons[*]')) as comparison
    from models
),

levels as (
    select
        model_version,
        comparison ->> 'output_column_name' as comparison,
        unnest(json_extract(comparison, '$.comparison_levels[*]')) as comparison_level,
        -- Levels go from the same to the different, and are numbered the other way round.
        json_array_length(comparison, '$.comparison_levels')
        - generate_subscripts(json_extract(comparison, '$.comparison_levels[*]'), 1) as level
    from comparisons
),

probabilities as (
    select
        model_version,
        comparison,
        level::integer as level,
        comparison_level ->> 'label_for_charts' as label,
        (comparison_level ->> 'm_probability')::double as match_probability,
        (comparison_level ->> 'u_probability')::double as chance_probability
    from levels
    where not coalesce((comparison_level ->> 'is_null_level')::boolean, false)
)

select
    model_version,
    comparison,
    level,
    label,
    match_probability,
    chance_probability,
    log2(match_probability / chance_probability) as match_weight
from probabilities
