//! The figures of a circular's opening: what the evidence has, and nothing else. What is missing, what was filled in by an
//! assumption, and counts of staff too small to be published are left out of the sentence.

use chrono::NaiveDate;

use super::content::listed;
use super::paragraph::{Figure, Paragraph};
use crate::assessment::{Assessment, IndicatorReport};
use crate::document::words::Words;
use crate::epi::{IndicatorKind, Missing, Status};

/// Below so many cases in either week no percentage is given.
const PERCENT_FROM: f64 = 10.0;
/// Fewer staff than this are not told of in public.
const FEWEST_STAFF: f64 = 10.0;

/// The figures of the evidence in one phrase, and the day they stand on; `None` where it has none.
pub(super) fn figures(assessment: &Assessment, words: &Words) -> Option<(NaiveDate, Paragraph)> {
    let told = Told { assessment, words };
    let main = told
        .known(IndicatorKind::Cases7d)
        .or_else(|| told.known(IndicatorKind::Incidence7dPer100k))
        .and_then(|report| report.date)
        .unwrap_or(assessment.date);
    let parts: Vec<Paragraph> =
        [told.cases(), told.growth(), told.beds(main), told.staff(main)].into_iter().flatten().collect();
    if parts.is_empty() {
        return None;
    }
    let texts: Vec<String> = parts.iter().map(|part| part.text.clone()).collect();
    let figures = parts.into_iter().flat_map(|part| part.figures).collect();
    Some((main, Paragraph { text: listed(&texts, words), figures, items: Vec::new() }))
}

struct Told<'a> {
    assessment: &'a Assessment,
    words: &'a Words,
}

impl Told<'_> {
    /// An indicator that was printed, or worked out from what was printed.
    fn report(&self, kind: IndicatorKind) -> Option<&IndicatorReport> {
        let report = self.assessment.indicators.get(kind.name())?;
        (report.status != Some(Status::Reconstructed)).then_some(report)
    }

    fn known(&self, kind: IndicatorKind) -> Option<&IndicatorReport> {
        self.report(kind).filter(|report| report.value.is_some())
    }

    fn value(&self, kind: IndicatorKind) -> Option<f64> {
        self.report(kind)?.value
    }

    fn cases(&self) -> Option<Paragraph> {
        let cases = self.value(IndicatorKind::Cases7d).map(|cases| Figure::number("kasus", cases, 0));
        let incidence = self.value(IndicatorKind::Incidence7dPer100k);
        let incidence = incidence.map(|incidence| Figure::number("insiden", incidence, 1));
        match (cases, incidence) {
            (Some(cases), Some(incidence)) => Some(self.words.fill("figure_cases", &[cases, incidence])),
            (Some(cases), None) => Some(self.words.fill("figure_cases_alone", &[cases])),
            (None, Some(incidence)) => Some(self.words.fill("figure_incidence_alone", &[incidence])),
            (None, None) => None,
        }
    }

    fn growth(&self) -> Option<Paragraph> {
        let weeks = [IndicatorKind::Cases7d, IndicatorKind::CasesPrev7d];
        if weeks.iter().any(|week| self.value(*week).is_some_and(|cases| cases < PERCENT_FROM)) {
            return None;
        }
        let growth = self.value(IndicatorKind::GrowthPct)?.round();
        let phrase = match growth {
            growth if growth > 0.0 => "figure_rise",
            growth if growth < 0.0 => "figure_fall",
            _ => return None,
        };
        Some(self.words.fill(phrase, &[Figure::number("pertumbuhan", growth.abs(), 0)]))
    }

    fn beds(&self, main: NaiveDate) -> Option<Paragraph> {
        let report = self.known(IndicatorKind::BedOccupancyPct)?;
        let beds = report.value?;
        let said = self.words.fill("figure_beds", &[Figure::number("bor", beds, decimals(beds))]);
        Some(self.dated(said, report, main))
    }

    fn staff(&self, main: NaiveDate) -> Option<Paragraph> {
        let report = self.report(IndicatorKind::StaffCases14d)?;
        let said = match (report.value, report.lower, report.upper, report.reason) {
            (Some(cases), ..) if cases >= FEWEST_STAFF => {
                self.words.fill("figure_staff", &[Figure::number("jumlah", cases, 0)])
            }
            // A running total whose first day nobody knows: the upper bound is the total itself.
            (None, Some(lower), Some(total), Some(Missing::UnknownStart)) if is_public(lower, total) => {
                let figures = [Figure::number("jumlah", total, 0), Figure::number("sedikitnya", lower, 0)];
                self.words.fill("figure_staff_total", &figures)
            }
            _ => return None,
        };
        Some(self.dated(said, report, main))
    }

    /// A figure of another day says so.
    fn dated(&self, said: Paragraph, report: &IndicatorReport, main: NaiveDate) -> Paragraph {
        match report.date.filter(|date| *date != main) {
            None => said,
            Some(date) => {
                let date = Figure::date("tanggal", date);
                let filled = self.words.fill("figure_dated", &[Figure::text("angka", &said.text), date]);
                Paragraph { figures: [said.figures, filled.figures].concat(), ..filled }
            }
        }
    }
}

/// Neither of two counts, nor what one leaves of the other, tells of few.
fn is_public(lower: f64, total: f64) -> bool {
    let rest = total - lower;
    lower >= FEWEST_STAFF && !(0.5..FEWEST_STAFF).contains(&rest)
}

fn decimals(value: f64) -> usize {
    usize::from(value.fract().abs() > f64::EPSILON)
}
