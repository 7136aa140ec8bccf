# Units, duty roster, attendance: refusals
workforce-not-yours = { $unit } is another unit's: a head of unit keeps the own one
workforce-unknown-unit = no unit, or more than one, goes by "{ $unit }"; the register of units has ids, names and aliases
workforce-file = the file cannot be read as a list: { $reason }
workforce-days = give a first and a last day in order, no more than a year apart
workforce-required = { $count } officers a day cannot be asked for: 1, 2 or 3
workforce-planned = these days are laid out already, up to { $date }; begin on the day after, or swap officers
workforce-unknown-officer = nobody is known by the id "{ $officer }"
workforce-head-count = count somebody: ASN, PNS, PPPK, TKD or BUMD as whole numbers
workforce-ahead = { $date } lies ahead
workforce-meanwhile = somebody else did this meanwhile; look again
workforce-unavailable = the database does not answer
closure-critical = a critical unit is never closed: split its teams and send its desks home
closure-no-substitute = name the substitute: where the public is served meanwhile (3 to 300 letters)
closure-no-reason = say why: a reason of 3 to 300 letters
closure-end-before-start = the last day lies before the first
closure-overlaps = the unit is closed already from { $date }
closure-not-closed = the unit is not closed on { $date }
swap-no-reason = say why: a reason of 3 to 300 letters
swap-no-officer = { $officer } is no officer of the unit
swap-away = { $officer } is not available on that day
swap-not-on-duty = { $officer } is not on duty on that day
swap-on-duty-already = { $officer } is on duty on that day already
swap-no-hole = the day has its officers: say who is relieved
swap-three-running = { $officer } would be on duty three working days running
log-no-author = an entry needs a person who writes it
log-no-subject = say what it is about: 3 to 120 letters
log-no-text = say why, or how it stands: 3 to 1,000 letters
log-end-before-start = the last day lies before the first
log-number = give the number: people of a permit or a recall (1 to 10,000), percent of an own cap (0 to 100); other entries have none

# Rows of a list that are refused
row-line = line { $line }, { $column }: { $reason }
row-found = { $reason } ({ $found })
row-no-column = the table has no such column
row-empty = the cell is empty
row-not-a-day = this is not a day
row-not-a-count = this is not a whole number of people
row-unknown-unit = no unit, or more than one, goes by this name
row-unknown-category = the category is N, E or K
row-unknown-position = this is not a class of positions
row-unknown-mode = this is not a way to work: office, duty, field, home, leave, absent
row-not-yes-no = this is neither yes nor no
row-unknown-officer = nobody is known by this id, or it is none: no NIP or NIK
row-twice = the same stands on an earlier line
row-end-before-start = it ends before it begins
row-does-not-add-up = ASN is not PNS and PPPK together
row-more-than-expected = more reports came than were expected
row-nothing-counted = the row counts nothing
row-not-a-phone = this is not a telephone number
row-in-future = the day lies ahead
row-too-long = the text is longer than 300 letters

# What binds a unit
ground-order = order of the centre
ground-closure = closed
ground-cluster = cluster in the unit
ground-exemption = exempt by decision
ground-category = category at the city's step
ground-own-choice = the head's own choice
unit-duty-duty-officers = officers on duty
unit-duty-move-service = service moved
unit-duty-split-teams = split teams
unit-duty-contacts-home = contacts at home until tested
unit-duty-be-present = must be represented
measure-cap = at most { $cap }% at the office
measure-cap-field = at most { $cap }% in the field, { $desk }% at desks
measure-until = until { $date }
measure-service = service: { $substitute }

# What attendance says
finding-above-cap = { $share }% at the office where { $cap }% are allowed, since { $since }
finding-nobody-planned = nobody is planned to be there; { $minimum } must be
finding-too-few-present = { $present } were there, { $minimum } must be
finding-reports-missing = { $share }% of the reports came
finding-reports-referred = { $share }% of the reports came, below 75% since { $since }: to the personnel agency
finding-no-attendance = no attendance was handed in for { $date }
finding-no-reports = no reports were handed in for { $date }

# Holes of the roster
hole-none = no officers are known
hole-why = { $officers } officers: { $away } away, { $resting } resting after two days
hole-unplanned = not laid out yet
duty-event = On duty at { $unit }: { $name }
duty-event-hole = Nobody on duty at { $unit }
duty-event-phone = telephone { $phone }
duty-event-substitute = stands in: { $name }
duty-event-calendar = Duty roster { $city }

# Entries
note-field_permit = field permit
note-recall = recall to the office
note-coordination = talk with province or centre
note-programme = priority programme
note-referral = breach referred
note-own_cap = own stricter cap
