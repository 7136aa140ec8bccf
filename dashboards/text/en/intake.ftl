# Words of taking figures in, pulls, sources.

# Measures
measure-cases = New cases
measure-cases_total = Cases, running total
measure-cases_imported = Of these infected elsewhere
measure-deaths = New deaths
measure-deaths_total = Deaths, running total
measure-recovered = Newly recovered
measure-recovered_total = Recovered, running total
measure-tests = People tested
measure-tests_total = People tested, running total
measure-tests_positive = Of these positive
measure-tests_positive_total = Positive results, running total
measure-admissions = Admissions
measure-admissions_total = Admissions, running total
measure-active = Active cases
measure-beds_occupied = Beds occupied
measure-beds_available = Beds there are
measure-icu_occupied = ICU beds occupied
measure-icu_available = ICU beds there are
measure-inpatients = Inpatients
measure-mobility = Mobility
measure-staff_cases = Staff newly positive
measure-staff_cases_total = Staff positive, running total
measure-staff_headcount = Staff head-count

# Taking figures in
figures-menu = Figures
figures-title = Take in figures
figures-what = Figures of { $city }: from a file, typed, or from an address. All are checked first and only then kept.
figures-first = First figures
figures-first-what = Take in at least 14 days of daily cases, so that growth and level can be assessed. After that today’s figures are enough.
figures-look = Check
figures-try = Try this address
figures-file-title = From a file
figures-file-what = siaga’s template filled in, a tidy CSV file, or a publisher’s file.
figures-template = Download the template (XLSX)
figures-template-csv = or the template as CSV
figures-spec-recognised = Recognise it: siaga’s template or tidy CSV
figures-unread = { $name } cannot be read
figures-file = File
figures-file-hint = At most { $most } MB. A tidy CSV has the columns date, location, measure, value.
figures-file-large = This file is too large: at most { $most } MB.
figures-file-missing = Choose a file with figures in it.
figures-spec = How to read it
figures-old = An old file
figures-file-date = Day of its figures
figures-file-date-hint = Only if the file names no day.
figures-as-of = Known since
figures-as-of-hint = Only if these figures were published before today.
figures-typed-title = Typed
figures-one-day = One day
figures-several-days = Several days at once
figures-first-days = Type { $days } days
figures-days-to = Last day
figures-days-count = Number of days
figures-days-measures = Choose measures
figures-days-make = Make the table
figures-days-caption = Figures by day
figures-days-known = Grey figures are known; a cell that is left empty does not change them.
figures-days-slips = Mend these figures
figures-series-other = Another series
figures-series = Series that it goes on with
figures-series-hint = A series is the figures of one source. Two sources are never mixed.
figures-series-counting = Of each measure the series that counts
figures-series-own = A series of its own; counts only where there is no other
figures-typed-what = Write them as printed: 1.833 or 1833. Leave out what was not announced; zero is written 0.
figures-typed-name = typed for { $date }
figures-date = Day of the figures
figures-date-wrong = Write a day from 1 January 2019 to today.
figures-publisher = Who announced them
figures-publisher-hint = For example: health office, press release.
figures-publisher-empty = Write who announced these figures.
figures-none-typed = There is no figure yet. Fill in at least one.
figures-group-cases = Cases
figures-group-tests = Tests
figures-group-beds = Hospitals
figures-group-staff = Staff
figures-address-title = From an address
figures-address-what = The address is tried now. If what it holds is right, siaga can go on asking it on schedule.
figures-address = Address
figures-address-hint = Begins with https://, without a name and a password.
figures-address-failed = This address gives nothing: { $reason }

# Check before it is kept
preview-title = Check before it is kept
preview-failed = This file cannot be read
preview-recognised = Recognised as “{ $source }”. If it is not, go back and choose how to read it.
unread-do = What can be done
unread-template = Download the template (XLSX),
unread-template-what = fill it in with a spreadsheet, then choose that file here.
unread-publisher = If this file is a publisher’s, choose the publisher under “How to read it”, then choose the file once more.
unread-unchanged = No figure has changed.
preview-back = Back
preview-held = This batch will be held
preview-held-what = Its figures differ from what is usual. It is kept, but counts only once it is released.
preview-changes = What will be new
preview-measure = Measure
preview-figures = Figures
preview-first = First day
preview-last = Last day
preview-value = Last value
preview-series = goes on with { $source }
preview-series-own = as a series of its own
preview-each = See them one by one
preview-one = Value
preview-empty = There is no figure in it yet.
preview-nothing = There is nothing new to keep.
preview-take = Keep { $count ->
    [1] 1 figure
   *[other] { $count } figures
}
preview-take-away = Keep { $count } figures; { $taken } of them become empty
preview-hold = Keep and hold { $count ->
    [1] 1 figure
   *[other] { $count } figures
}
preview-keep = Go on asking this address on schedule
keep-title = Keep this address as a source
keep-nothing-new = All it holds is known. Once kept, siaga goes on asking it on schedule.
keep-only = Keep this address
keep-cadence = When new figures are published
keep-cadence-hint = If the hour is known, siaga tells when the figures are late.
keep-by-nobody-knows = Nobody knows
keep-by = Every day, by { $hour }
keep-series = Goes on with { $series }
keep-series-own = A series of its own
preview-kept = The original is archived already. The figures count once they are kept.

# Figures taken away
taken-title = { $count } known figures would go missing
taken-what = An empty cell means “no data”. The old value stays in the history, but is no longer used once this batch counts. If that is not meant, fill in the cell or delete its row.
taken-change = Change
taken-missing = no data

# Template
template-sheet = Figures
template-date = Date
template-location = Location
template-wrong-number = Write a number, zero or more. Leave it empty if it was not announced.
template-help = How to fill it in
template-help-1 = One row a day. Write the figures as announced, for example 1833. Leave out what was not announced; zero is written 0.
template-help-2 = An empty cell changes no figure that is known.
template-help-3 = Rows may be added or deleted; columns may be deleted. Do not change the names of columns.
template-help-4 = Places are written by name or code, for example { $city } or { $code }.
template-help-5 = Save as XLSX or CSV, then choose the file on the page of figures. All is checked first and only then kept.

# Pulls
runs-title = All pulls
runs-what = Every time figures came in: from a source, a file, or typed.
runs-filters = Filter pulls
runs-every-source = every source
runs-every-outcome = every outcome
runs-find = Filter
runs-list = Pulls
runs-all = Show all
runs-no-match = No pull matches.
runs-held = Held
runs-skipped = { $count } other rows are left out because the source says so.
runs-refused = Rows refused
runs-refused-what = The others are kept. Mend these rows at their source and send it again.
runs-refused-none = No row was refused.
runs-refused-caption = Refused, by row
runs-line = Row
runs-column = Column
runs-reason = Reason
runs-cell = What stands there
run-title = Pull
run-failed = It failed; the last good figures are still in use
run-done-taken = Kept.
run-done-kept = Kept; the address is asked on schedule from now on.
run-done-same = Nothing was new: these figures are known already.
run-done-released = Released. Its figures count now.
run-done-refused = Refused. The last good figures are still in use.
run-see-level = See today’s level
run-id = Number of the pull:
run-payload = Fingerprint of the original (SHA-256):

# Held batches
hold-title = Held: somebody must decide
hold-was = Was held
hold-what = The last good figures stay in use until somebody releases or refuses this batch.
hold-reason-schema_changed = Its columns are not those of last time: { $detail }.
hold-reason-rows_gone = Many rows are gone: { $detail }.
hold-reason-totals_fell = Running totals fell by more than a slip of the pen: { $detail }.
hold-reason-many_changed = Many old figures changed: { $detail }.
hold-reason-many_rejected = Many rows were refused: { $detail }.
hold-reason-unidentified = Too many cases belong to no place: { $detail }.
hold-reason-other_places = Nothing in it is of this city. It is of: { $detail }.
hold-rows-before = Rows, last batch
hold-rows = Rows, this batch
hold-new = New figures
hold-changed = Figures changed
hold-movers = Largest changes
hold-before = Before
hold-now = Now
hold-reason = Reason for the decision
hold-reason-hint = It is kept beside the figures and in the audit log. For example: the health office removed duplicates, letter of 12 July.
hold-reason-length = Write a reason of { $least } to { $most } characters.
hold-release = Release
hold-refuse = Refuse
hold-who = Who may release or refuse it: { $roles }.
hold-who-ask = The owner can add somebody with such a role.
hold-who-nobody = Nobody has such a role yet.
hold-who-people = There is: { $names }.
hold-who-add = Add: { $role }
hold-or = or
hold-released = Released by { $by }, { $at }: { $reason }
hold-refused = Refused by { $by }, { $at }: { $reason }
hold-superseded = Replaced by a later batch.
hold-next = See the next pull
attention-held = Held batches
attention-held-what = to be released or refused

# Sources
source-from = Figures from { $host }
sources-title = Data sources
sources-cards = Data cards
sources-what = Where figures come from, when they last did, and whom to ask.
sources-never = never
sources-by-hand = brought by people: files or typed figures
sources-address = Address
sources-licence = Licence
sources-contact = Contact
sources-cadence = Expected
sources-daily = every day
sources-every = every { $days } days
sources-by = { $often }, by { $hour }
sources-last-answered = Address last answered
sources-pulls = Last pulls
sources-new = { $count } new
sources-all-pulls = All its pulls
sources-add = Add a source
sources-none = No source has brought figures yet.
sources-unused = { $count } other forms that can be read, never used so far
