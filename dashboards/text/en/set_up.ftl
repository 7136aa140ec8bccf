# Words of the first start.

set-up-menu = Set-up
set-up-progress = Step { $nth } of { $all }
set-up-step-city = City
set-up-step-policy = Policy
set-up-step-account = Account
set-up-step-figures = First figures
set-up-step-done = (answered, can be changed)
set-up-change = Change
go-back = Back

# City
set-up-city = Your city or regency
set-up-city-what = siaga assesses the figures of one city or regency.
set-up-city-search = Name or area code
set-up-city-hint = For example: Bontang, or 6474.
set-up-city-find = Find
set-up-city-found = Choose one
set-up-city-more = { $count } more are not shown. Type more of the name.
set-up-city-none = There is no city or regency named “{ $search }”. Check the spelling, or type its area code.
set-up-city-code = code { $code }
set-up-city-there = Figures are there already
set-up-city-there-what = They came in before siaga was set up. Nothing is lost, whichever city is chosen.
set-up-city-other = Choose another
set-up-population = Residents
set-up-population-list = In the list: { $count } ({ $year }). Change it if you have a later official number.
set-up-population-missing = The list does not have it. Type the latest number of BPS or Dukcapil, for example 181618.
set-up-population-empty = Type the number of residents. Without it, cases per 100,000 residents cannot be computed.
set-up-population-range = The number of residents must be between 1 and 100,000,000.
set-up-zone = Time zone
set-up-zone-wib = WIB, western Indonesian time
set-up-zone-wita = WITA, central Indonesian time
set-up-zone-wit = WIT, eastern Indonesian time
set-up-zone-missing = Choose a time zone.
count-ambiguous = This number can be read in two ways. Write 1833 or 1.833, without a comma.
count-unreadable = This is not a count. Write digits only, for example 1833 or 1.833.

# Policy
set-up-policy = The policy in use
set-up-policy-what = The rules that turn figures into a recommendation. Officials still decide.
set-up-policy-about = Version { $version }, in force from { $from }, { $rules } rules.
set-up-policy-later = A policy of your own can be written and installed later.

# Account
set-up-account = The owner’s account
set-up-account-what = The first account. With it you add other accounts and take in the first figures.
set-up-person = Full name (may be empty)
set-up-repeated = Password, once more
set-up-answered = Your answers
set-up-finish = Save and start
set-up-account-next = After this: a code from a telephone as a second step, then the first figures.

# For others
error-set-up-title = siaga is being set up
error-set-up-what = This page opens when the set-up is finished.
error-set-up-do = If you are setting it up, open the link that was printed in the terminal where siaga was started.
