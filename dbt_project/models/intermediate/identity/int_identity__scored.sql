-- Built after the pairs, of which it says whose they are all; the next build reads it before it is
-- built again.
-- depends_on: {{ ref('int_identity__pairs') }}
with
models as (
    select model_version from {{ ref('int_identity__model') }}
)

select
    fields.record_key,
    fields.fields_hash,
    models.model_version
from {{ ref('int_identity__source_fields') }} as fields
cross join models
where models.model_version is not null
