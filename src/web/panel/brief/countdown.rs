//! The days ahead: when the level is looked at again, the last day it holds at the least, the first day of what may follow.

use askama::Template;
use chrono::NaiveDate;

use crate::text::{Phrases, date_long};
use crate::web::panel::Context;
use crate::web::words::{distance, sentence};

struct Day {
    title: String,
    /// "7 hari lagi"
    when: String,
    date: String,
}

#[derive(Template)]
#[template(path = "panel/countdown.html")]
pub(in crate::web::panel) struct CountdownPanel {
    t: Phrases,
    id: String,
    days: Vec<Day>,
}

pub(in crate::web::panel) fn panel(context: Context<'_>, nth: usize) -> CountdownPanel {
    let (view, t) = (context.view, context.t);
    let made = &view.assessment;
    let day = |key: &str, date: NaiveDate| Day {
        title: t.say(key),
        when: sentence(&distance(date, view.date, t)),
        date: date_long(date, t.locale),
    };
    let starts = made.effective_from.filter(|from| *from > view.date);
    let mut days: Vec<Day> = starts.map(|from| day("countdown-starts", from)).into_iter().collect();
    if let Some(evaluation) = made.evaluation_date {
        // The minimum stay ends with the day on which it is evaluated; what is lower begins as the policy says.
        let movement = &context.journey().policy().movement;
        let back = movement.takes_effect(movement.lower_effect, evaluation, &context.journey().city.calendar);
        days.push(day("countdown-evaluation", evaluation));
        days.push(day("countdown-back", back));
    }
    CountdownPanel { t, id: format!("countdown-{nth}"), days }
}
