//! What `brief` and `circular` take.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use crate::disclosure::Audience;
use crate::document::Form;

/// `siaga brief`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga brief --date 2021-06-28 --out ringkasan.pdf
  siaga --lang en brief --as-of 2021-06-28 --out briefing.pdf      as it was known at the start of that day")]
pub struct BriefArgs {
    /// Where to: a file that ends in .pdf
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The day [default: the last one known]
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// As known then
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// For whom: public, government, executive, unit:ID or unsuppressed (recorded)
    /// [default: executive; with a token what its role sees]
    #[arg(long, value_name = "WHO")]
    pub audience: Option<Audience>,
}

/// `siaga circular`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga circular --decision 2 --out edaran.docx            to edit: number, day and signature are empty
  siaga circular --decision 2 --out edaran.pdf             to read
  siaga circular --decision 2 --out pesan.txt              the message for a chat, 1,000 characters at most
  siaga circular --from decision.json --form instruction --out instruksi.docx")]
pub struct CircularArgs {
    /// The decision, or the decision with its evidence, what it changes and what is enclosed, as JSON (docs/documents.md)
    #[arg(long, value_name = "FILE", conflicts_with = "decision", required_unless_present = "decision")]
    pub from: Option<PathBuf>,
    /// The number of a decision in the store
    #[arg(long, value_name = "NUMBER")]
    pub decision: Option<u32>,
    /// Where to: a file that ends in .docx, .pdf or .txt
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// As what it is given out: circular or instruction [default: as the file says, else circular]
    #[arg(long, value_name = "FORM")]
    pub form: Option<Form>,
}
