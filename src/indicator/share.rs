//! Shares in percent: positivity, occupancy, staff prevalence; and rates per population.

use crate::epi::{Estimate, Known, Missing, Spread};

/// `100·k/n` with its 95% interval: exact (Clopper–Pearson) up to `exact_up_to` events, else Wilson's. A range
/// of `k` gives a range of the share. `nothing` is the reason given when `n` is zero.
#[must_use]
pub fn percent_of(k: &Estimate, n: &Estimate, exact_up_to: f64, nothing: Missing) -> Estimate {
    let Estimate::Known(whole) = n else {
        return *n;
    };
    if whole.value <= 0.0 {
        return Estimate::Missing(nothing);
    }
    let percent = |part: f64| 100.0 * part / whole.value;
    match *k {
        Estimate::Missing(reason) => Estimate::Missing(reason),
        Estimate::Range { lower, upper, reason, status, date } => Estimate::Range {
            lower: percent(lower),
            upper: percent(upper),
            reason,
            status: status.max(whole.status),
            date,
        },
        Estimate::Known(part) if part.value > whole.value => Estimate::Missing(Missing::PartExceedsWhole),
        Estimate::Known(part) => Estimate::Known(Known {
            value: percent(part.value),
            spread: Spread::Percent {
                part: part.value,
                whole: whole.value,
                is_exact: part.value <= exact_up_to,
            },
            status: part.status.max(whole.status),
            date: part.date,
        }),
    }
}

/// `100·occupied/available`. More than 100% is real (beds in corridors), and a share of beds is no sample: it has no
/// sampling interval.
#[must_use]
pub fn occupancy(occupied: &Estimate, available: &Estimate) -> Estimate {
    match (occupied, available) {
        (Estimate::Known(_), Estimate::Known(beds)) if beds.value <= 0.0 => {
            Estimate::Missing(Missing::NoBeds)
        }
        (Estimate::Known(part), Estimate::Known(beds)) => Estimate::Known(Known::plain(
            100.0 * part.value / beds.value,
            part.status.max(beds.status),
            part.date,
        )),
        (Estimate::Known(_), missing) | (missing, _) => *missing,
    }
}

/// `per·count/population` with the exact Poisson interval of the count.
#[must_use]
#[inline]
pub fn rate(count: &Estimate, population: Option<f64>, per: f64) -> Estimate {
    let Estimate::Known(count) = count else {
        return *count;
    };
    match population.filter(|population| *population > 0.0) {
        None => Estimate::Missing(Missing::NoPopulation),
        Some(population) => Estimate::Known(Known {
            value: per * count.value / population,
            // A week in which more was taken back than came is no count.
            spread: match count.value < 0.0 {
                true => Spread::None,
                false => Spread::Poisson { count: count.value, factor: per / population },
            },
            ..*count
        }),
    }
}

/// The same value times a factor, the interval with it.
#[must_use]
pub fn scaled(estimate: &Estimate, factor: f64) -> Estimate {
    match *estimate {
        Estimate::Known(known) => Estimate::Known(Known {
            value: known.value * factor,
            spread: known.spread.scaled(factor),
            ..known
        }),
        other => other,
    }
}

/// The sum of two known values, without an interval.
#[must_use]
pub fn added(one: &Estimate, other: &Estimate) -> Estimate {
    match (one, other) {
        (Estimate::Known(one), Estimate::Known(other)) => Estimate::Known(Known::plain(
            one.value + other.value,
            one.status.max(other.status),
            one.date.max(other.date),
        )),
        (Estimate::Known(_), missing) | (missing, _) => *missing,
    }
}
