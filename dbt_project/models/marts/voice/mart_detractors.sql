{{ people_who_feel('detractor', 'at most -' ~ var('clear_feeling_score')) }}
