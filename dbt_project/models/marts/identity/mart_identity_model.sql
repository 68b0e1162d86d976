select
    model_version,
    formula_version,
    settings,
    trained_fields,
    trained_records_count,
    missing_reason
from {{ ref('int_identity__model') }}
