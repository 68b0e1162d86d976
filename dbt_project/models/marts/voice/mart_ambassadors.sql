{{ people_who_feel('ambassador', 'at least ' ~ var('clear_feeling_score')) }}
