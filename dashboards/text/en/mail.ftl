# Alert messages.
mail-subject = siaga { $city }: { $level }
mail-demo = Demonstration
mail-foot = Policy { $policy }; figures known at { $as_of }. siaga recommends; people decide.
mail-demo-foot = This message was made for a demonstration from figures printed in 2021; it is not the present situation.
alert-threshold_crossed = { $rule } { $title }: { $value } is over the threshold of { $threshold }; calls for { $level }.
alert-order = { $rule } { $title }: calls for { $level }.
alert-recommendation_changed = The recommendation has changed from { $before } to { $level }.
alert-not_assessable = The level cannot be assessed because case figures are missing; { $level } is held.
