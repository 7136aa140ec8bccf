# Words of the pages. Sentences about the level are in explain.ftl.

# Frame
skip = Skip to the content
demo = Demonstration:
demo-what = figures printed by the press, May to July 2021; figures by work unit are made up as examples.
offline = Connection lost.
offline-what = The figures shown are the last received; the page reconnects by itself.
menu = Pages
languages = Language
language-id = Bahasa Indonesia
language-en = English
as-of = Data as of
freshness = Freshness of sources
source-fresh = fresh
source-late = late
source-due = expected
source-stalled = stalled
source-failing = pulls fail
source-back = well again
source-is-late = late, expected by { $expected }
source-is-stalled = stalled, nothing new since { $since }
source-is-failing = pulls fail since { $since }
source-never = has never answered
known-at = The main database is away. This is what was known at { $at }; nothing can be entered until it is back.
past-shown = This page shows { $date } as known on { $as_of }.
past-back = Back to the latest data
when-open = Another day
when-form = The page as known on another day
when-days = Days in charts
when-days-usual = as the dashboard
when-days-of = { $days ->
    [1] 1 day
   *[other] { $days } days
}
when-show = Show
share = Lasting link to this view
share-what = Whoever may open it sees the same figures, later too.
share-done = Link copied.
look = Look
look-device = Light or dark as the device says
look-light = Light
look-dark = Dark
look-contrast-more = Stronger contrast
look-contrast-less = Contrast as the device says
wall-menu = Wall
foot-policy = Rules:
policy-name = { $title }, version { $version }
foot-page-id = Page id
title-level = Recommendation: { $level }
announce = Recommendation: { $level }. Case figures as of { $date }.
download = Download { $form }
download-dictionary = Dictionary
none = none
people = { $count } people
shown-of = { $shown } of { $total } shown
column-date = Date
column-cases = New cases
column-mean = 7-day mean
column-source = Source
column-recommended = Recommended then

# Time
today = today
yesterday = yesterday
tomorrow = tomorrow
days-ago = { $days } days ago
days-ahead = in { $days } days

# Level card
level-kicker = Recommendation
level-scale = Levels from normal to everybody at home; a number is the share of staff at the office
level-in-force = In force now:
level-evaluation = Evaluation on { $date } ({ $when }).
level-why = Why?
level-assessed = Assessed for { $date }, as known on { $as_of }.
level-assessed-now = Assessed for { $date } on the figures known on { $as_of }.
why-caption = Rules examined
why-policy = Rules:
why-rule = Rule
why-value = Value
why-threshold = Threshold
why-level = Calls for
why-deciding = deciding
caps-caption = Staff at the office at the recommended level
caps-what = The others work from home
caps-category = Kind of unit
caps-at-office = At the office
cap-at-most = at most { $pct }%
cap-critical = field { $field }%, desks { $desk }%
category-N = non-service
category-E = essential
category-K = critical
category-K-field = critical, in the field
category-K-desk = critical, at desks

# Both views
both-title = { $date }: two views, both right
both-as-known = As known on { $as_of }:
both-on-these = On the figures known on { $as_of }:
both-why = Figures that came later change how that day is assessed, not what was recommended then.

# Charts
chart-title-record = { $cases } daily cases on { $date }, the highest on record since { $since }
chart-title-rise = { $cases } cases in the 7 days to { $date }, up { $pct }
chart-title-fall = { $cases } cases in the 7 days to { $date }, down { $pct }
chart-title-same = { $cases } cases in the 7 days to { $date }, the same as the week before
chart-title-highest = Highest day: { $cases } cases on { $date }
chart-title-none = No daily case figures yet
chart-cases-subtitle = New cases a day, people, by report date, { $city }; thresholds: cases a week per 100,000 residents
chart-cases-description = Bars: new cases a day, { $from } to { $to }. { $last }.
chart-cases-peak = Highest day: { $cases } cases on { $date }.
chart-key-cases = daily cases
chart-key-mean = 7-day mean
chart-key-reconstructed = reconstructed
chart-key-incomplete = not complete yet
chart-key-lump = one figure for several days
chart-key-no-figure = no figure
chart-key-value = value
chart-key-band = 95% interval
chart-threshold = { $threshold } per 100,000 = { $per_day }/day
chart-threshold-narrow = { $threshold }/100k = { $per_day }/day
chart-day-cases = { $cases ->
    [1] 1 case
   *[other] { $cases } cases
}
chart-day-lump = { $cases } cases for { $days } together
chart-day-mean = 7-day mean { $mean }
chart-source = Source: { $source }. As known on { $as_of }.
chart-source-none = As known on { $as_of }.
chart-staff-title = { $count } staff (ASN) positive, running total
chart-staff-title-rise = { $count } staff (ASN) positive, running total; { $before } on { $date }
chart-staff-title-none = No staff figures in this period
chart-staff-subtitle = Staff (ASN) positive, people, running total; share of all staff with 95% interval, { $city }
chart-staff-point = { $date }: { $count } people positive, running total
strip-title = Recommendation by day
strip-description = First row: what was recommended as known then. Second row: what is recommended when worked out on the data shown.
strip-as-known = Recommended, as known then
strip-on-these = Recommended, worked out again on this data
figure-table = Show the data table
figure-line-note = days without a figure are left out; – means no interval
figure-staff-note = people; each row is a report
figure-staff-total = Positive, running total
figure-staff-share = Share of all staff, 95% interval
figure-strip-note = – means that no recommendation was saved that day
figure-cases-caption = Daily cases
figure-cases-unit = people, by report date; – means no figure

# Supporting figures
facts = Supporting figures
fact-staff = Staff (ASN) positive
fact-staff-total = Running total, as of { $date }.
fact-staff-14d = { $cases } in 14 days.
fact-staff-14d-range = In 14 days at least { $lower }, at most { $upper }: { $reason }.
fact-staff-share = { $value }% ({ $lower }–{ $upper }) of { $staff } staff.
fact-beds = Beds occupied (BOR)
fact-calls-for = Its rule calls for
fact-stands-on = Figure of { $date }.
fact-before = Before: { $value } on { $date }.
fact-zone = Official risk zone
fact-zone-milder = This zone calls for less than the recommendation.
fact-zone-same = This zone calls for the same level.
fact-zone-stricter = This zone calls for more than the recommendation.
would-change = What would change the recommendation
would-raise = May rise if
would-raise-none = There is no higher level, or no threshold that can be worked out.
would-lower = To step down it takes at least
would-lower-none = No rule holds this level.
would-lower-order = The order of the centre in force holds this level.
would-lower-at-once = This policy steps down as soon as no rule calls for the level.
attention = To keep in mind
attention-evaluation = Evaluation
attention-clusters = Units with a cluster
attention-clusters-count = { $count ->
    [1] 1 unit
   *[other] { $count } units
}
attention-clusters-more = and { $count } more
attention-synthetic = Made-up example:
attention-ceiling = Ceiling of the centre
attention-doubts = Doubtful figures
attention-doubts-why = looks like late reports; blocks a step down
attention-sources = Late sources

# Short panels
countdown = The days ahead
countdown-starts = Takes effect
countdown-evaluation = Evaluation by the rules, may end
countdown-back = Back, at the earliest
countdown-none = No restriction waits for an evaluation.
freshness-none = No source has been asked yet.
table-caption = Figures on { $date }
table-what = 95% interval in brackets; – means no figure
table-indicator = Indicator
table-value = Value
table-before = A week before
table-note = Note
not-for = This part is not for your role.
board-fault = The file of this dashboard cannot be used.
board-fault-kept = What is shown is how it last was in order.

# Officials
alerts = Alerts
alerts-none = No alert yet. An alert comes once, when a threshold is crossed or the recommendation changes.
alert-crossed = Rule { $rule }: { $value }, threshold { $threshold }.
alert-crossed-plain = Rule { $rule } calls for this level.
alert-changed-title = Recommendation changed
alert-changed = From { $before } to { $level }.
alert-unknown = Too few case figures; { $level } is held.
alert-chip-over = over
alert-chip-no_data = no data
severity-info = for information
severity-warning = to be looked at
severity-critical = urgent
units = Work units
units-synthetic = Figures marked ≈ are made up as examples: nobody printed figures by unit.
units-caption = Work units on { $date }, caps at { $level }
units-unit = – means not reported
units-name = Unit
units-category = Kind
units-staff = Staff
units-people = people
units-cases = Positive
units-cases-unit = people, 14 days
units-cluster = Cluster
units-is-cluster = cluster
units-cap = At the office
units-cases-week = people, { $week }
units-joined = with { $unit }
units-withheld-short = withheld
units-view-none = Counts by unit are not shown to this role.
units-view-own = Only your own unit is shown.
units-view-week = By week of report. Counts from 1 to below { $threshold } are withheld, and so are others that would give them away.
withheld-small_cell = Withheld: from 1 to below { $threshold }. A small count may point at people.
withheld-small_change = Withheld: changed by less than { $threshold } since the figure shown last.
withheld-complementary = There were cases; how many is withheld because it could give away another unit’s small count.
withheld-difference_of_totals = Withheld: the running total of the same people is shown, and its differences are these counts.
withheld-week_withheld = The whole week is withheld: any count of it could give away a unit.
withheld-person = Officers are not named to this reader.
sources = Data sources
sources-caption = Sources, when asked last and when they last had something new
sources-checked = Asked last
sources-changed = Last had something new
sources-expected = Expected by
sources-failure = Fault
runs = Last pulls
runs-none = No pull yet. The first one runs by schedule, or with siaga ingest.
runs-caption = Reports of pulls
runs-sum = rows; received = new + known already + rejected + held
runs-at = Time
runs-outcome = Outcome
runs-received = Received
runs-accepted = New
runs-unchanged = Known already
runs-rejected = Rejected
runs-reasons = Reasons
runs-read = Read reasons
runs-more = and { $count } more rows
runs-rejection = Row { $line }, column { $column }: { $reason } ({ $detail })
runs-rejection-plain = Row { $line }, column { $column }: { $reason }
outcome-changed = something new
outcome-unchanged = nothing new
outcome-failed = failed
outcome-held = held
outcome-refused = refused by a person

# Analysis
filters = Filter the tables
filters-from = From
filters-to = To
filters-as-of = As known on
filters-apply = Apply
indicators = Indicators by day
indicators-caption = { $days } days, latest first
indicators-what = 95% interval in brackets; – means it cannot be worked out, the reason is on the mark
revisions = Figures that changed
revisions-none = No figure has changed yet.
revisions-what = Changes of figures after they were first reported
revisions-date = For the day
revisions-measure = Measure
revisions-before = Before
revisions-after = After
revisions-known = Known
downloads = Downloads
downloads-what = As known at the moment shown
downloads-set = Dataset
downloads-holds = Holds
downloads-files = Files
dataset-observations = Figures
dataset-observations-what = figures as reported, every version
dataset-indicators = Indicators
dataset-indicators-what = indicators by day with intervals, and the reason where empty
dataset-assessments = Assessments
dataset-assessments-what = what the rules said at every evaluation
dataset-revisions = Revisions
dataset-revisions-what = how figures changed
dataset-alerts = Alerts
dataset-alerts-what = thresholds crossed and recommendations changed
dataset-decisions = Decisions
dataset-decisions-what = what was decided, from when until when, by whom, and whether it follows the rules
dataset-units = Work units
dataset-units-what = units, kinds, staff
dataset-roster = Duty roster
dataset-roster-what = who is on duty, who stands in, telephones
dataset-attendance = Attendance and reports
dataset-attendance-what = presence and daily reports by unit and day
dictionary-title = Data dictionary
dictionary-what = Every column of every file you can download.
dictionary-column = Column
dictionary-description = Description

# Mailbox
mailbox-menu = Mailbox
mailbox-title = Mailbox of the demonstration
mailbox-what = Messages that siaga sent during the demonstration. Nothing leaves this computer.
mailbox-empty = No message yet
mailbox-empty-what = The first one comes when a threshold is crossed.
mailbox-list = Messages
mailbox-to = To
mailbox-sent = Time
channel-mailbox = mailbox
channel-email = e-mail
channel-webhook = webhook
message-pending = waiting
message-sent = sent
message-failed = failed

# States
empty-title = No figures yet
empty-what = siaga is running, but no figure has come in. The recommendation appears once the cases of seven days are known.
empty-source = Pull from a source
empty-source-how = Write the source's address into the settings file, then run
empty-file = Or take in one file
empty-file-how = A CSV with the columns date,location,measure,value:
empty-assess = Then assess today
empty-assess-how = The server does so by schedule; at once with
error-404-title = This page does not exist
error-404-what = There is nothing at this address. It may be mistyped.
error-400-title = This address cannot be read
error-400-what = A part of this address cannot be read.
error-parameter-day = The part “{ $name }” must be a day like 2021-06-28, between { $first } and { $last }.
error-parameter-as-of = The part “as_of” must be a day like 2021-06-28 or a moment like 2021-06-28T17:00:00+07:00, { $last } at the latest.
error-parameter-choice = The part “{ $name }” must be one of: { $allowed }.
error-500-title = This page could not be made
error-500-what = Something failed on the server. The cause is in the log under the number below.
error-500-kept = What is safe: all figures, recommendations and messages already saved.
error-500-do = Reload in a moment. If it fails again, tell the operator the number below.
error-again = Reload
error-home = Open the overview
error-status = Error
error-reference = number
