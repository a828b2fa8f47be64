"""What a run itself leaves of comparisons: each variant against intact, as the blocks pass, and what options restore.

Tables, all over the measured steps of the variant, variant after variant in the order of the run; NUMBERS are the
columns of `differences.DEFINITIONS`, those of `restored` the columns of `restored.DEFINITIONS`:

    compared_area        variant, NUMBERS, capacity_kept
    compared_countries   variant, country, name, name_uk, NUMBERS
    compared_regions     variant, region, name, name_uk, NUMBERS
    compared_towns       variant, town, cell, latitude_deg, longitude_deg, NUMBERS
    compared_groups      variant, group, NUMBERS without operator, gateway, pop
    compared_moves       variant, kind, before, after, terminals_mean
    compared_restored, compared_restored_countries, compared_restored_regions
                         loss, option, and of a place its code, name, name_uk; then what is restored

The last three are there where the scenario has an **option**: a variant with the events of another one, the loss, and
such as give something, or settings. summary.json has the row of the area under `compared` of every variant but intact,
and the rows of compared_restored under `options`; null where there is no number.
"""
