# Files that people take away: what stands in a workbook beside the rows, in an evidence pack, and under the panels of pages.

export-sheet-dictionary = dictionary
export-sheet-about = about
export-column = Column
export-meaning = What it holds
export-what = What
export-how = This file
export-filters-none = none: all rows
export-about-title = Title
export-about-holds = Holds
export-about-place = Location
export-about-as-of = As known at
export-about-zone = Time zone
export-about-filters = Filters
export-about-rows = Rows
export-about-suppression = Withheld
export-about-data = Fingerprint of the figures
export-about-sha256 = SHA-256 of the same rows as CSV
export-about-policy = Policy and version
export-about-build = Program
export-about-sources = Sources (terms)
export-about-id = Id: siaga reproduce makes the same file again

# Evidence packs
evidence-title = Evidence for { $date }, { $city }
evidence-what = What the recommendation of this day rests on, as known on { $as_of }. Withheld: { $suppression }.
evidence-as-made = The assessment was made on that day and is the one that was kept.
evidence-not-made = No assessment was kept for that day: this one was worked out on the figures of that moment.
evidence-file-data = data/  figures up to the day with every version, and indicators by day; each with a dictionary and a descriptor
evidence-file-assessment = assessment/  what the rules said, as data and as text in both languages; on_these_figures.json is the same worked out again on the figures in this pack
evidence-file-policy = policy/  the rules that were in force, as their file
evidence-file-charts = charts/  every chart, as SVG and as PNG, and what it shows as CSV
evidence-file-decisions = decisions/  the place of recorded decisions
evidence-file-manifest = manifest.json  the SHA-256 of each file, and the id of this pack
evidence-again = “siaga reproduce ID” with the id of manifest.json makes the same bytes again.
evidence-decisions = This program records what the rules recommended. Decisions that people made are not recorded by it yet, so this folder holds none.

# Under panels
download-descriptor = Descriptor
download-excel = CSV for Excel
downloads-evidence = Evidence for { $date } (ZIP)
export-chart-holds = what the chart shows, at full precision
