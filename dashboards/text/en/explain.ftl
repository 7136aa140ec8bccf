# Sentences of explanation: why this level.

headline-cases = { $cases ->
    [1] 1 case
   *[other] { $cases } cases
} in 7 days
headline-rise = up { $pct } on the week before
headline-fall = down { $pct } on the week before
headline-same = the same as the week before
headline-from = from { $before } the week before
headline-incidence-over = { $incidence } per 100,000 residents is over the threshold of { $threshold }
headline-incidence = { $incidence } per 100,000 residents
headline-missing = Cases in the 7 days to { $date } cannot be worked out: { $reason }.
headline-last = { $incidence } per 100,000 residents in the 7 days to { $date }, the last figure known.

decided-by = Deciding rule: { $rule } { $title }.
decided-also = The same step is also called for by { $rules }.
decided-holds = Held by { $rule } { $title }: its leave value has not been met.
decided-none = No rule calls for a restriction.
decided-order = { $instrument } is in force: at most { $pct }% of staff of non-service units at the office.

assess-kept = Worked out with all that is known now. What was kept on { $date }, as known then: { $level }, { $verdict } (--as-of { $day }).
assess-long-ago = The last day with figures is { $date }, { $days } days ago: this is not how things stand today.
verdict-hold = hold
verdict-raise = raise
verdict-step_down = one step down
verdict-extend = extend
verdict-end = end
verdict-superseded = superseded by a higher order
verdict-not_assessable = not assessable – hold the level

recommend-from = recommended from { $date }
recommend-hold = keep the level in force
recommend-extend = extension recommended
recommend-superseded = an order of the centre is in force; by the city's own rules: { $own }
recommend-not_assessable = too few case figures; the level in force is held
in-force-since = since { $date }

level-not_assessable = Not assessable
mode-normal = normal
mode-partial = partial
mode-wfh = WFH 100%
mode-not_assessable = not assessable

rule-fires = fires
rule-quiet = quiet
rule-not_assessed = not assessed

change-raise = { $rule }: up to { $level } if { $conditions }
change-raise-cases = { $rule }: { $cases } more cases this week would raise it to { $level } ({ $conditions })
change-raise-days = { $rule }: up to { $level } if { $conditions }, for { $needed } in a row
change-lower = { $rule }: down to { $level } takes { $conditions }, for { $needed } in a row ({ $held } so far)
change-lower-growth = down to { $level } takes { $conditions }
change-and = and
change-or = or
change-either = either { $conditions }
condition-at-least = { $indicator } at least { $threshold }
condition-above = { $indicator } above { $threshold }
condition-below = { $indicator } below { $threshold }
condition-at-most = { $indicator } at most { $threshold }
condition-known = { $indicator } known
condition-unknown = { $indicator } unknown
condition-bound-lower = lower bound of { $indicator }
condition-bound-upper = upper bound of { $indicator }
condition-now = now { $value }
condition-now-cases = now { $value }, { $cases ->
    [1] 1 case short
   *[other] { $cases } cases short
} this week
condition-already = already { $value }
condition-already-so = as it is
condition-not-so = not so now
condition-missing = not known
condition-withheld = withheld
days-counted-calendar = { $days ->
    [1] 1 day
   *[other] { $days } days
}
days-counted-working = { $days } working days
days-counted-monday_to_saturday = { $days ->
    [1] 1 day
   *[other] { $days } days
}, Monday to Saturday
days-counted-evaluations = { $days ->
    [1] 1 day
   *[other] { $days } days
} of evaluation
sensitivity-firm = Within the 95% intervals of today's figures the level stays the same.
sensitivity-upper = At the upper ends of today's intervals it would be { $level }.
sensitivity-lower = At the lower ends it would be { $level }.
sensitivity-late = Late reports of the usual size ({ $percent }% more for the last week) would have raised the call in { $raised } of the last { $weeks } weeks.
sensitivity-late-none = Late reports of the usual size ({ $percent }% more for the last week) would not have raised the call in any of the last { $weeks } weeks.

missing-never_reported = never reported
missing-no_figure = no figure for that day
missing-week_incomplete = no total for that day or seven days before, and the single days of the week are not complete
missing-total_fell = the running total is lower than seven days before
missing-no_previous_week = the week before cannot be had
missing-previous_week_zero = the week before had no case, so there is no ratio
missing-no_change = neither rising nor falling
missing-no_population = the population is not known
missing-no_headcount = the head-count is not known
missing-too_few_tests = fewer than one test per 1,000 residents in the week
missing-unknown_start = a running total of unknown start; only a range can be given
missing-no_unit_figures = no figures by unit
missing-too_old = the last figure is too old
missing-only_reconstructed = only a reconstruction or an example; no rule may rest on it
missing-no_beds = beds in service were reported as zero
missing-part_exceeds_whole = the part is larger than the whole
missing-no_order = no order of the centre
missing-withheld = withheld: too small a count
missing-excluded = a figure it needs was excluded by the data officer; the reason stands beside that figure
missing-too_early = the series has only just begun
missing-earlier_day_missing = an earlier day, on which these cases may have been infected, is not known
missing-no_earlier_cases = no case in the earlier days
missing-past_too_short = the past is too short
missing-not_followed = not known when its figures came
missing-too_little_known = too little is known by now
missing-source_changed = from a day in it on another source counts, and neither has the whole of it

ingest-nothing = { $source }: none of { $count } figures could be taken in; the reasons are above
ingest-refused-more = { $source }: { $count } more were refused; `siaga runs show { $run }` lists them all
reject-unreadable = cannot be read
reject-cell_count = another number of cells than of columns
reject-not_a_day = not a day as this source writes days; what it expects stands beside it
reject-wrong_weekday = the weekday is another day’s
reject-ambiguous = a thousand or one? Write 1000, or set numbers = "indonesian" in the source’s file
reject-column_missing = a column is missing
reject-unknown_column = a column that is not known: name it as in the template, or delete it
reject-future_date = dated after the day it was received
reject-future_vintage = known later than it was received
reject-other_location = another location, not this source's
reject-unknown_location = a location that is in no list
reject-unknown_unit = a work unit that is in no list
reject-day_month_swapped = day and month are exchanged
reject-negative = below zero
reject-fraction = a count must be a whole number
reject-out_of_range = outside what is possible
reject-more_than_residents = more people than live there; if the list of places is wrong, mend it there
reject-too_many_beds = more beds than there can be for those who live there
reject-total_fell = the running total fell
reject-swapped = recovered and active look exchanged
reject-conflict = two values for one figure at one moment

indicator-cases_7d = cases in 7 days
indicator-cases_prev_7d = cases in the 7 days before
indicator-growth_ratio = weekly growth (ratio)
indicator-growth_pct = weekly growth
indicator-doubling_days = doubling time (days)
indicator-incidence_7d_per_100k = cases per 100,000 in 7 days
indicator-incidence_14d_per_100k = cases per 100,000 in 14 days
indicator-cases_mean_7d = 7-day mean
indicator-cases_mean_7d_per_100k = 7-day mean per 100,000
indicator-deaths_7d_per_100k = deaths per 100,000 in 7 days
indicator-admissions_7d_per_100k = admissions per 100,000 in 7 days
indicator-admissions_mean_7d = admissions a day, 7-day mean
indicator-rt = reproduction number (Rt)
indicator-rt_ratio = reproduction number as a ratio
indicator-staff_ratio = staff against the city, observed over expected
indicator-nowcast_cases_7d = cases in 7 days, late reports added
indicator-cases_7d_ahead_1w = cases in 7 days, one week ahead
indicator-cases_7d_ahead_2w = cases in 7 days, two weeks ahead
indicator-positivity_7d_pct = test positivity
indicator-tests_7d_per_1000 = tests per 1,000 in 7 days
indicator-bed_occupancy_pct = bed occupancy (BOR)
indicator-icu_occupancy_pct = ICU occupancy
indicator-staff_cases_7d = staff (ASN) cases, 7 days
indicator-staff_cases_14d = staff (ASN) cases, 14 days
indicator-staff_prevalence_14d_pct = staff positive, 14 days
indicator-staff_prevalence_total_pct = staff positive, running total
indicator-unit_clusters = units with a cluster
indicator-zone = official risk zone
indicator-data_age_days = age of the data (days)
indicator-completeness_pct = completeness

zone-0 = green
zone-1 = yellow
zone-2 = orange
zone-3 = red
status-printed = printed
status-derived = derived
status-reconstructed = reconstructed

# What is doubtful about a figure
doubt-backlog = far above the days or weeks before: late reports let out at once?
doubt-outlier = a jump that late reports do not explain: a slip of the pen?
doubt-total_disagrees = the running total did not rise by the new counts of the same source
doubt-parts_disagree = recovered, active and dead do not add up to all cases
doubt-recovered_fell = fewer recovered than before: exchanged with another figure?
doubt-places_disagree = the places do not add up to the place they lie in
doubt-unidentified_share = too large a share of the cases belongs to no identified place
doubt-zero_run = days of nothing between days of many: was nothing reported?
doubt-flat_total = the running total stands still: was nothing reported?

# What a person said of a figure
judgement-confirm = confirmed
judgement-spread = spread over several days
judgement-exclude = excluded
judgement-withdraw = withdrawn
