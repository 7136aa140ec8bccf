# The rules over the past.
backtest-menu = Try the rules
backtest-title = The rules over the past
backtest-what = What the policy in force says of every day, beside the same policy with numbers moved, or another one. On the figures you may see, as known now or at the moment you choose.
backtest-own = Policy in force
backtest-own-moved = the same policy, numbers moved
backtest-moved = With numbers moved
backtest-against = Beside it
backtest-form = What is compared
backtest-show = Show
backtest-back = Back to the policy in force
backtest-strip = Levels by day under two policies
backtest-strip-own = Levels by day under the policy in force
backtest-strip-own-description = A row of levels by day under the policy in force. The table below tells them in numbers.
backtest-strip-description = Two rows of levels by day: the policy in force, and what it is held against. The table below tells them in numbers.
backtest-compare = How they differ
backtest-own-says = What the policy in force says
backtest-own-hint = Move one of its numbers below, or choose another policy above, to see what would have changed.
backtest-beside = beside
backtest-fact = What
backtest-difference = Difference
backtest-days-at = Days at { $level }
backtest-unknown = Days that could not be assessed
backtest-raises = Raised
backtest-falls = Lowered
backtest-spikes = Levels that lasted one reading
backtest-office-days = Working days of staff at the office
backtest-entered = { $level } or stricter from
backtest-still = goes on
backtest-left = { $level } or stricter until
backtest-never = never
backtest-same-day = the same day
backtest-later = { $days ->
    [1] 1 day later
   *[other] { $days } days later
}
backtest-earlier = { $days ->
    [1] 1 day earlier
   *[other] { $days } days earlier
}
backtest-numbers = Numbers of the policy
backtest-numbers-what = Move one and show again. Nothing is kept: a new version of the policy is a file.
backtest-knobs = Where each level is entered and left
backtest-rule = Rule
backtest-level = Level
backtest-enter = Entered at
backtest-leave = Left at
backtest-was = was
backtest-not-so = It cannot be tried so:
backtest-fault = { $fault }. The strip shows the policy in force in both rows.
backtest-no-number = “{ $text }” is not a number; write it like 150 or 12.5. All fields stay as typed, and what is shown is the policy in force.
