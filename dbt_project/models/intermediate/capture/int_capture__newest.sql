select
    max(captured_at) as captured_at,
    -- A day for clocks and time zones that are wrong.
    max(captured_at) + to_days(1) as possible_until_at
from {{ ref('stg_capture__ledger') }}
