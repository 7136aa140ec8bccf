# Why a payload cannot be read or an address gives nothing. Fragments: they go on after "failed to", without a capital and a full stop.

why-fetch = fetch { $address }: { $reason }
why-read = read the payload of { $spec }: { $reason }

# What it is instead
why-is-text = it is plain text, not { $wanted }
why-is-json = it is JSON, not { $wanted }
why-is-page = it is a web page, not { $wanted }
why-is-xml = it is an XML document, not { $wanted }
why-is-archive = it is a ZIP archive or a workbook (XLSX), not { $wanted }
why-is-old-workbook = it is an old workbook (XLS), not { $wanted }: save it as XLSX
why-is-compressed = it is a compressed file, not { $wanted }: unpack it first
why-is-pdf = it is a PDF, not { $wanted }
why-is-binary = it is not text: it has zero bytes, not { $wanted } (UTF-16 is not read: save it as UTF-8)
why-form-csv = a CSV table
why-form-json = JSON
why-form-table = a table (CSV or XLSX)
why-form-xlsx = a workbook (XLSX)

# Tables
why-empty = it has no column names: it is empty
why-not-utf8 = it is not UTF-8 text (byte { $byte })
why-no-column = it has no column { $wanted }; it has { $found }
why-no-figures = it has no column of figures that is known; it has { $found }
why-same-name = two of its columns have the same name, { $name }: write '{ $name } (1)' or '{ $name } (2)' in the source's file
why-two-columns = two of its columns are { $name }: keep one of them
why-no-day-column = none of its columns is a day
why-same-day = two of its columns are the day { $date }
why-name-no-day = the day in its name cannot be read: { $detail }
why-name-without-day = its name, '{ $name }', does not say the day: tell it by hand, or name the file
why-unrecognised = its columns are { $found }; for siaga's form it lacks { $form }, for a tidy table it lacks { $table }
why-lacks = { $names }
why-lacks-figures = a column of figures, such as New cases

# JSON
why-not-json = it is not JSON: { $detail } (line { $line }, column { $column })
why-json-ends = it is not JSON: it ends in the middle (line { $line }, column { $column })
why-no-records = it has no records at '{ $path }'

# Workbooks
why-no-workbook = it is no workbook: { $detail }
why-workbook-unreadable = it is no workbook that can be read: { $detail }
why-workbook-broken = the workbook is broken inside
why-no-sheet = it has no sheet { $name }; it has { $found }
why-no-sheet-like = it has no sheet like { $pattern }; it has { $found }
why-no-sheet-at-all = it has no sheet at all
why-no-header = it has no row of column names
why-line-unreadable = line { $line } cannot be read: { $detail }
why-header-empty = its row { $row } has no column names
why-too-many-columns = its row { $row } has more than { $most } columns
why-rows-unordered = its row { $row } stands below row { $before }
why-too-many-parts = it has { $parts } parts, more than the { $most } of any workbook
why-nth-part = part { $nth }: { $detail }
why-part-encrypted = its part { $name } is encrypted
why-part-broken = its part { $name }: { $detail }
why-part-grows = its part { $name } grows { $times }-fold when it is unpacked
why-too-many-texts = its part { $name } says that it has more texts than it can have
why-unpacks-too-large = it unpacks to more than { $most } MB

# Addresses
why-not-address = it is not an address: https://example.org/data.csv
why-not-http = { $scheme } is not http or https
why-carries-password = an address may not carry a name or password: use a header from the environment
why-inside = { $host } is inside the network; source.private_hosts = ["{ $host }"] allows it
why-no-public-address = { $host } has no address outside the network; source.private_hosts = ["{ $host }"] allows it
why-header = the header { $name } cannot be sent
why-secret-unset = the header { $name } takes { $variable }, which is not set
why-secret-in-clear = { $variable } is a secret: it goes by https only
why-no-client = the HTTP client cannot be made: { $detail }

# Answers
why-no-connection = no connection: { $detail }
why-broke-off = the answer broke off: { $detail }
why-no-answer = no answer in { $limit }
why-not-done = it was not done in { $limit }
why-stopped = it stopped in the middle: nothing came for { $limit }
why-answered = it answered { $status }
why-answered-not-ready = it answered { $status }: the figures are not ready yet
why-answered-nothing = it answered { $status }: nothing came
why-answered-part = it answered { $status }: a part was not asked for
why-answered-not-kept = it answered { $status }, but nothing of it is kept here
why-answered-unasked = it answered 304 Not Modified, unasked
why-asks-for-quiet = { $reason } and asks to be left alone for { $seconds } s
why-redirects = more than { $most } redirects
why-redirects-nowhere = it redirects to no address
why-redirects-to = it redirects to { $address }: { $reason }
why-redirects-to-http = it redirects from https to http ({ $address })
why-redirects-post = it redirects a POST to { $address }: write that address if it is right
why-too-large = it is larger than { $most } bytes (source.max_size)
why-packed-as = it is packed as '{ $how }', which was not asked for
why-not-gzip = it says it is packed with gzip, but cannot be unpacked: { $detail }

# Pages of an answer
why-page = page { $nth }: { $reason }
why-pages-slow = its pages were not done in { $seconds } s
why-pages-circle = it was there before: its pages go round in a circle
why-page-repeats = it is the same as the page before: the parameter does not count pages
why-pages-many = it has more than { $most } pages (pages.most)
why-link-not-address = { $path } is not an address
why-link-elsewhere = { $path } leads to another host

# Files of the machine
why-no-folder = a path begins in source.folder, which is not set: set it or write the whole path
why-leads-out = { $path } leads out of its folder
why-no-file = { $path } is not a file
why-being-written = { $path } is being written
why-file-unreadable = { $path } cannot be read: { $detail }
why-no-file-fits = no file fits { $pattern } in { $folder }
why-cut-off = reading was cut off: { $detail }

# What is asked of a file
why-no-such-filter = { $dataset } cannot be filtered by { $name }, only by { $names }
why-filter-day = { $name } is not a day: '{ $asked }'; write 2021-06-28
why-filter-order = the first day { $from } lies after the last, { $to }
why-filter-measure = '{ $asked }' is not a measure: cases, deaths and the others are in the glossary; write several with commas
why-filter-indicator = '{ $asked }' is not an indicator: growth_ratio, rt and the others are columns of the dictionary; write several with commas
why-filter-location = of { $asked } nothing is kept here: the figures are of { $location }
why-filter-unknown = '{ $asked }' is not a part of an address of a file: { $names }
