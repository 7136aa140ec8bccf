# Several cities in one installation: the page of whoever asks for none of them

cities-menu = cities and regencies
cities-title = Which city or regency?
cities-what = Each has its own pages, figures and rules. The level is what its rules recommend on the newest figures that anybody may see.
cities-nothing-title = Nothing is here
cities-nothing = Nothing is at this address. Each city and regency has its own pages.
cities-caption = Cities and regencies
cities-city = City or regency
cities-level = Level now
cities-newest = Newest figures
cities-no-figures = no figures
cities-away = not to be had now
cities-set-up = being set up
