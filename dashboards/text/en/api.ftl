# What programs read
api-title = Data for programs
api-what = Everything on these pages as JSON, for whoever may see it. Numbers are at full precision.
api-how = How it is asked
api-pages = Answers come in pages of at most { $most } rows. “page.next” is the address of the page that follows; all pages of one reading are of one moment.
api-as-of = “as_of” gives what was known then, everywhere.
api-null = null means missing, never zero.
api-token = What is not for everybody takes a token of your own account, in the header “Authorization: Bearer …”.
api-tag = Each answer has an ETag: bring it as If-None-Match, and what has not changed is not sent again.
api-document = The same as an OpenAPI document
api-feed = Changes of the recommendation as a feed
api-needs-token = Takes a token.
api-parameters = May be chosen by:
feed-title = Work mode recommended for { $city }
