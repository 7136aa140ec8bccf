# Alert messages.
mail-subject = siaga { $city }: { $level }
mail-demo = Demonstration
mail-foot = Policy { $policy }; figures known at { $as_of }. siaga recommends; people decide.
mail-demo-foot = This message was made for a demonstration from figures printed in 2021; it is not the present situation.
alert-threshold_crossed = { $rule } { $title }: { $value } is over the threshold of { $threshold }; calls for { $level }.
alert-order = { $rule } { $title }: calls for { $level }.
alert-recommendation_changed = The recommendation has changed from { $before } to { $level }.
alert-not_assessable = The level cannot be assessed because case figures are missing; { $level } is held.
alert-source_late = The source { $source } is late: its figures were expected by { $since }.
alert-source_stalled = The source { $source } is stalled: nothing new since { $since }.
alert-source_failing = The source { $source } could not be pulled since { $since }.
alert-source_back = The source { $source } is well again.
alert-decision_due = Decision { $number }: { $what }, { $date }.
message-cut = … (cut here; all of it is in siaga)
