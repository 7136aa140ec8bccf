//! A moment as people of a city read it: in their time zone, named.

use chrono_tz::Tz;

use super::{Locale, date_long, date_short};
use crate::epi::Vintage;

/// "Senin, 28 Juni 2021 15.00 WIB".
#[must_use]
pub fn moment(at: Vintage, zone: Tz, locale: Locale) -> String {
    format!("{} {}", date_long(at.local_date(zone), locale), clock(at, zone, locale))
}

/// "28 Jun 15.00 WIB".
#[must_use]
pub fn moment_short(at: Vintage, zone: Tz, locale: Locale) -> String {
    format!("{} {}", date_short(at.local_date(zone), locale), clock(at, zone, locale))
}

fn clock(at: Vintage, zone: Tz, locale: Locale) -> String {
    let format = match locale {
        Locale::Id => "%H.%M %Z",
        Locale::En => "%H:%M %Z",
    };
    at.moment().with_timezone(&zone).format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_citys_time_with_its_zone() {
        let jakarta = chrono_tz::Asia::Jakarta;
        let at = Vintage::parse_as_of("2021-06-28T13:05:59.123Z", jakarta).unwrap();
        assert_eq!(moment(at, jakarta, Locale::Id), "Senin, 28 Juni 2021 20.05 WIB");
        assert_eq!(moment_short(at, jakarta, Locale::En), "28 Jun 20:05 WIB");
        let jayapura = chrono_tz::Asia::Jayapura;
        assert_eq!(moment_short(at, jayapura, Locale::Id), "28 Jun 22.05 WIT");
    }
}
