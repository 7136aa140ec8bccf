# Alert messages.
mail-subject = siaga { $city }: { $level }
mail-demo = Demonstration
mail-foot = Policy { $policy }; figures known at { $as_of }. siaga recommends; people decide.
mail-demo-foot = This message was made for a demonstration from figures printed in 2021; it is not the present situation.
alert-threshold_crossed = { $rule } { $title }: { $value } (threshold { $threshold }); calls for { $level }.
alert-order = { $rule } { $title }: calls for { $level }.
alert-recommendation_changed = The recommendation has changed from { $before } to { $level }.
alert-not_assessable = The level cannot be assessed because case figures are missing; { $level } is held.
alert-source_late = The source { $source } is late: its figures were expected by { $since }.
alert-source_stalled = The source { $source } is stalled: nothing new since { $since }.
alert-source_failing = The source { $source } could not be pulled since { $since }.
alert-source_back = The source { $source } is well again.
alert-decision_due = Decision { $number }: { $what }, { $date }.
message-cut = … (cut here; all of it is in siaga)
mail-would-change = What would change it:
mail-acknowledge = Acknowledge this alert
alert-fired = { $what }.
alert-over = Over: { $what }.
alert-escalated = Nobody has acknowledged this. { $line }
alert-no_data = No data for { $what }; how it stands is not known.
alert-data_back = Data for { $what } are back.
alert-near_threshold = { $rule } { $title }: { $value } is near the threshold of { $threshold } and cases grow.
alert-may_step_down = The conditions to go down from { $before } are met; it is for people to decide.
alert-indicator_crossed = { $what }: { $value } is past { $threshold }.
alert-unit_cluster = { $unit }: two cases or more in 14 days; see whether they are linked.
alert-staff_signal = { $value } new staff cases in 7 days, more than usual (EARS C2).
alert-figures_held = Figures of { $source } have been held back since { $since }: look, then release or refuse them.
alert-zone_differs = The official risk zone asks for another step than is recommended ({ $level }).
alert-finding-above-cap = { $unit }: more at the office than the cap, two working days running, since { $since }.
alert-finding-nobody-planned = { $unit }: nobody is planned to represent it.
alert-finding-too-few-present = { $unit }: fewer present than there must be.
alert-finding-reports-missing = { $unit }: daily reports incomplete since { $since }.
alert-finding-reports-referred = { $unit }: daily reports short three working days running, since { $since }.
alert-finding-no-attendance = { $unit }: no attendance was handed in.
alert-finding-no-reports = { $unit }: no daily reports were handed in.
alert-turn_open = { $unit }: nobody is on duty on { $since }.
mail-handed-over = { $by } has handed this alert over to you. { $note }
mail-no-chart = The chart could not be drawn and is therefore not enclosed.
heartbeat-subject = siaga { $city }: running, { $date }
heartbeat-what = siaga { $city } is running, { $date }. No other alert means that no line was crossed.
heartbeat-evaluations = The alert rules were looked at { $count } times in 24 hours.
heartbeat-open = Alerts that are on: { $open }, answered: { $acknowledged }.
heartbeat-messages = Messages waiting: { $waiting }, failed: { $failed }.
heartbeat-silences = Silenced: { $silences }.
report-card-subject = siaga { $city }: report card of alerts, { $month }
report-card-messages = Messages sent { $sent }, failed { $failed }; signs of life on { $days ->
    [1] 1 day
   *[other] { $days } days
}.
report-card-rule = { $rule }: { $fired ->
    [1] 1 alert
   *[other] { $fired } alerts
}, { $answered } answered (median { $hours } hours), { $nothing } led to nothing.
answer-not-permitted = { $name } may not answer this alert: it takes the permission acknowledge; a head of unit answers those of the own unit.
answer-no-alert = There is no alert { $id }: see the list of those that are on.
answer-note = Note: at most { $most } characters on one line.
answer-no-person-yet = There is no { $name } in alert.person of the settings, nor anybody else: name people there first.
answer-no-person = There is no { $name } in alert.person of the settings. Known: { $known }.
answer-no-message = No message { $id } was given up.
answer-no-silence = No silence { $number } holds.
answer-store = Not kept, because the database does not answer; try again.
silence-rule = There is no such alert rule: choose one of the list.
silence-reason = Say why, in at most 500 characters on one line.
silence-until = A silence must end after now and at most 30 days ahead.
silence-everything = To silence everything would be a dead alarm: choose a rule or a subject.
