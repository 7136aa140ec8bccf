//! Events on the time axis: a thin upright line with a few words over the plot, in rows so that no two labels
//! touch. Not here: what happened (the decision journal) and its words (the caller). Used by `epicurve.rs`.

use chrono::NaiveDate;

use super::canvas::{Canvas, Face};
use super::theme::Token;
use super::time_axis::{TimeAxis, is_narrow};

/// Height of one row of labels, CSS pixels.
pub(super) const MARKER_ROW: f64 = 16.0;

/// Something that happened on a day.
#[derive(Debug, Clone)]
pub struct Marker {
    /// The day it happened.
    pub date: NaiveDate,
    /// Ready short text.
    pub label: String,
}

/// A marker with the row its label stands in.
pub(super) struct Lane<'a> {
    label: &'a str,
    x: f64,
    /// Left edge and right edge of the label.
    span: (f64, f64),
    pub(super) row: u8,
}

/// Gives every marker inside the range a row in which its label touches no other label and no line. One that
/// finds none is left to the hover text: a line nobody names would only raise a question.
pub(super) fn lay_markers<'a>(markers: &'a [Marker], time: &TimeAxis, width: u32) -> Vec<Lane<'a>> {
    let rows = if is_narrow(width) { 2 } else { 3 };
    let shown = markers.iter().filter(|marker| time.contains(marker.date));
    let mut waiting: Vec<_> = shown.map(|marker| Lane::new(marker, time, width)).collect();
    // From the right, so that earlier markers take the higher rows and their lines come down to the left of the
    // later labels; labels that stand to the left of their own line must look for a place among all others.
    waiting.sort_by(|one, other| {
        let turned = one.is_turned().cmp(&other.is_turned());
        turned.then(other.x.total_cmp(&one.x))
    });
    let mut placed: Vec<Lane<'a>> = Vec::new();
    for lane in waiting {
        let free = |row: &u8| !placed.iter().any(|other| lane.at(*row).touches(other));
        if let Some(row) = (0..rows).find(free) {
            placed.push(lane.at(row));
        }
    }
    placed
}

impl<'a> Lane<'a> {
    /// The label stands right of the line, or left of it where the picture ends.
    fn new(marker: &'a Marker, time: &TimeAxis, picture: u32) -> Self {
        let x = time.middle(marker.date);
        let width = face().width(&marker.label);
        let fits = x + 5.0 + width <= f64::from(picture) - 4.0;
        let left = if fits { x + 5.0 } else { (x - 5.0 - width).max(4.0) };
        Lane { label: &marker.label, x, span: (left, left + width), row: 0 }
    }

    fn at(&self, row: u8) -> Self {
        Lane { row, ..*self }
    }

    fn is_turned(&self) -> bool {
        self.span.0 < self.x
    }

    /// Labels in one row that come too near, or a line that runs down through the other's label.
    fn touches(&self, other: &Lane<'_>) -> bool {
        let crosses = |line: &Lane<'_>, label: &Lane<'_>| {
            line.row >= label.row && line.x > label.span.0 - 4.0 && line.x < label.span.1 + 4.0
        };
        let apart = self.span.1 + 8.0 < other.span.0 || other.span.1 + 8.0 < self.span.0;
        (self.row == other.row && !apart) || crosses(self, other) || crosses(other, self)
    }

    pub(super) fn draw_line(&self, canvas: &Canvas<'_>, (top, bottom): (f64, f64)) {
        let head = top - MARKER_ROW * f64::from(self.row) - 12.0;
        canvas.line(&[(self.x, head), (self.x, bottom)], 1.0, Token::Muted);
    }

    pub(super) fn draw_label(&self, canvas: &Canvas<'_>, top: f64) {
        let baseline = top - MARKER_ROW * f64::from(self.row) - 3.0;
        canvas.text(self.label, (self.span.0, baseline), face().with_halo());
    }
}

fn face() -> Face {
    Face::new(12.5, Token::Ink)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(day: u32, label: &str) -> Marker {
        Marker { date: NaiveDate::from_ymd_opt(2021, 6, day).unwrap(), label: label.to_owned() }
    }

    fn axis(width: u32) -> TimeAxis {
        TimeAxis::new(marker(1, "").date, marker(30, "").date, width)
    }

    #[test]
    fn labels_that_would_touch_stand_in_rows_and_earlier_ones_higher() {
        let markers = [marker(14, "Surat edaran"), marker(15, "WFH 75%"), marker(28, "WFH 100%")];
        let lanes = lay_markers(&markers, &axis(960), 960);
        let rows: Vec<_> = lanes.iter().map(|lane| (lane.label, lane.row)).collect();
        assert_eq!(rows, [("WFH 100%", 0), ("WFH 75%", 0), ("Surat edaran", 1)]);
    }

    #[test]
    fn a_label_stays_inside_the_picture() {
        let long = "Pembatasan kegiatan masyarakat darurat Jawa dan Bali";
        let markers = [marker(30, long)];
        let lanes = lay_markers(&markers, &axis(960), 960);
        let (left, right) = lanes[0].span;
        assert!(left >= 4.0 && right <= 956.0, "{left} to {right}");
    }

    #[test]
    fn no_line_runs_through_a_label() {
        let markers = [
            marker(5, "PPKM Level 3 diperpanjang"),
            marker(22, "PPKM Level 1"),
            marker(29, "Evaluasi mingguan satuan tugas kota"),
        ];
        let lanes = lay_markers(&markers, &axis(960), 960);
        let rows: Vec<_> = lanes.iter().map(|lane| lane.row).collect();
        assert_eq!(rows, [0, 0, 1], "the label that is turned stands over the line it would meet");
    }

    #[test]
    fn what_finds_no_row_is_left_to_the_hover_text() {
        let markers = [1, 2, 3, 4].map(|day| marker(day, "Keputusan wali kota"));
        let lanes = lay_markers(&markers, &axis(390), 390);
        assert_eq!(lanes.len(), 2);
    }

    #[test]
    fn events_outside_the_days_shown_are_left_out() {
        let before = Marker { date: NaiveDate::from_ymd_opt(2021, 5, 31).unwrap(), label: "dulu".to_owned() };
        assert!(lay_markers(&[before], &axis(960), 960).is_empty());
    }
}
