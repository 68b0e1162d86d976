with
withdrawals as (
    select *
    from {{ ref('int_consents__standing') }}
    where not is_granted
),

protected as (
    select
        unnest(['customer', 'email', 'phone']) as protected_type,
        unnest([customer_key, email_key, phone_key]) as protected_key,
        subject_id,
        purpose,
        contact_channel
    from withdrawals
)

select distinct
    protected_type,
    protected_key,
    subject_id,
    purpose,
    contact_channel
from protected
where protected_key is not null
