{#-
    The newest of the moments in a column, from which marts look back: an aggregate.

    Moments after what was captured can be (int_capture__newest) are mistaken: one year that was
    mistyped would make everybody look gone for decades. Where most are, the clock of this machine
    is mistaken instead, and all of them count.
-#}
{% macro newest_moment(moment) -%}
    {%- set is_future -%}
        {{ moment }} > (select possible_until_at from {{ ref('int_capture__newest') }})
    {%- endset -%}
    case
        when 2 * count(*) filter (where {{ is_future }}) > count({{ moment }}) then max({{ moment }})
        else max({{ moment }}) filter (where ({{ is_future }}) is not true)
    end
{%- endmacro %}
