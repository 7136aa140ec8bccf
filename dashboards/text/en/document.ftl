# Letters, briefings, messages: the words of briefings and messages. Circulars are Indonesian: data/document/circular.toml.

document-reason-case_trend = how cases develop
document-reason-hospital_load = load on hospitals
document-reason-staff_infections = infections among staff
document-reason-protect_staff = protecting staff and services
document-reason-reduce_mobility = fewer people on the way
document-reason-set_example = setting an example
document-reason-higher_order = a higher order
document-reason-single_event = a single event
document-reason-national_situation = the outbreak in the country
document-reason-cases_fell = cases fell
document-reason-service_continuity = keeping services going

message-head-decision = *{ $level }* – { $city }
message-head-amendment = *{ $level }* – { $city } (amended)
message-head-extension = *{ $level } extended* – { $city }
message-head-end = *{ $level } ended* – { $city }
message-days = { $start } to { $last } ({ $days } days). Back at the office: { $back }.
message-ended = From { $start }. Back at the office: { $back }.
message-exempt = Still at the office or in the field: { $units }.
message-exempt-cap = Still at the office or in the field, at most { $cap }%: { $units }.
message-units-more = { $names }, and { $more } more units
message-units-only = { $count ->
    [1] 1 unit
   *[other] { $count } units
}
message-stay = Still at the office: { $posts }.
message-posts-more = { $names }, and { $more } more posts
message-posts-only = { $count ->
    [1] 1 post
   *[other] { $count } posts
}
message-reasons = Why: { $reasons }.
message-duties = At home: no travel, telephone on, daily report, attendance filled in. Every unit names duty officers.
message-evaluation = Evaluated by { $day }.
message-link = The decision: { $link }

brief-title = Briefing
brief-advised = Advised
brief-curve = Daily cases
brief-rules = Why: every rule
brief-rule = Rule
brief-value = Value
brief-threshold = Threshold
brief-says = Calls for
brief-changes = What would change it
brief-outside = From outside the city
brief-decision = Decision
brief-exempt = At the office
brief-duty = Duty officers
brief-programmes = Priority programmes
brief-sources = Sources
brief-scale = Levels
brief-deciding = deciding
brief-as-of = As known { $moment }
brief-id = Number { $id }
brief-no-change = No rule is near its threshold.
brief-zone = Official risk zone { $zone }.
brief-zone-lower = Official risk zone { $zone }, which only calls for { $asks }; the city's own rules call for { $own }.
brief-zone-none = The official risk zone is not known.
brief-ceiling = { $instrument } is in force: at most { $pct }% at the office.
brief-ceiling-none = No ceiling of the centre or the province is in force.
brief-decision-none = No decision is recorded yet.
brief-period = { $start } to { $last } ({ $days } days); back at the office { $back }.
brief-evaluated = Evaluated by { $day }.
brief-signed = Decision number { $number }, { $who }, { $day }.
brief-follows = It follows the recommendation.
brief-departs = It departs from the recommendation: { $reason }
brief-clock-upcoming = Not in force yet.
brief-clock-day = Day { $day } of { $days }; { $left ->
    [1] 1 day left
   *[other] { $left } days left
}.
brief-clock-lapsed = It ran out on { $day } and nothing was decided after it.
brief-outlook = By today's figures: { $outlook }.
brief-outlook-end = end it
brief-outlook-step_down = step down
brief-outlook-extend = extend it
brief-outlook-tighten = tighten it
brief-outlook-superseded = superseded by a higher order
brief-outlook-not_assessable = cannot be assessed
brief-due = { $what }: { $day }
brief-due-reminder = Reminder
brief-due-ready = Recommendation ready
brief-due-evaluation = Evaluation
brief-due-escalation = Passed on to the secretary
brief-due-lapse = Runs out
brief-due-first_day_back = Back at the office
brief-exempt-undecided = Named in the decision.
brief-exempt-none = No unit is exempt.
brief-exempt-cap = { $count ->
    [1] 1 unit
   *[other] { $count } units
}, at most { $cap }% at the office or in the field:
brief-exempt-units = { $count } units:
brief-exempt-posts = Posts:
brief-duty-unknown = There is no duty roster yet.
brief-duty-whole = The duty roster has no holes.
brief-duty-gaps = { $count } holes:
brief-programme = { $unit }: { $status }
brief-more = and { $more } more
brief-duty-gap = { $unit }, { $date }: { $found } of { $required } officers
