//! A circular as DOCX: what an office opens, completes and sends. Its lists are real lists, its head and foot stand on every page.

use std::io::Cursor;

use docx_rs::{
    AbstractNumbering, AlignmentType, BorderType, BreakType, Docx, FieldCharType, Footer, Header,
    IndentLevel, InstrNUMPAGES, InstrPAGE, InstrText, Level, LevelJc, LevelOverride, LevelText, LineSpacing,
    NumberFormat, Numbering, NumberingId, PageMargin, Paragraph as Line, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, Pic, Run, RunFonts, SpecialIndentType, Start, Tab,
    TabValueType, Table as Grid, TableCell, TableCellBorder, TableCellBorderPosition, TableLayoutType,
    TableRow, VAlignType, WidthType,
};

use super::content::{CircularContent, CircularKind, Part, Table};
use super::paragraph::Paragraph;
use crate::document::letterhead::picture_size;
use crate::document::typeset::DocumentError;

/// A4 in twentieths of a point.
const PAGE: (u32, u32) = (11_906, 16_838);
/// 2.5 cm.
const MARGIN: i32 = 1_418;
/// What is left between the margins.
const WIDTH: usize = 9_070;
/// The step of a list.
const STEP: i32 = 425;
/// Where the signature stands.
const SIGNATURE: i32 = 4_820;
/// The height of the emblem, in English metric units: 2.2 cm.
const LOGO_HEIGHT: u64 = 792_000;
/// Which everybody has, or one of the same widths.
const FONT: &str = "Arial";
/// 11 points, in half points.
const SIZE: usize = 22;

/// Lists: numbers inside a part, letters inside a number.
const NUMBERS: usize = 10;
const LETTERS: usize = 11;
/// Ids of single lists begin here.
const FIRST_LIST: usize = 20;

impl CircularContent {
    /// The circular as DOCX. The same content gives the same bytes.
    ///
    /// # Errors
    /// [`DocumentError`] when it cannot be packed.
    pub fn docx(&self) -> Result<Vec<u8>, DocumentError> {
        let mut writer = Writer { docx: Docx::new(), content: self, lines: 0, lists: 0 };
        writer.set_up();
        writer.letterhead();
        writer.address();
        writer.title();
        writer.basis();
        writer.body();
        writer.signature();
        writer.copies();
        if let Some(table) = &self.enclosure {
            writer.enclosure(table);
        }
        let mut package = writer.docx.build();
        package.document = with_repeated_heads(package.document);
        let mut bytes = Cursor::new(Vec::new());
        package.pack(&mut bytes).map_err(|error| DocumentError::Pack(error.to_string()))?;
        Ok(bytes.into_inner())
    }
}

struct Writer<'a> {
    docx: Docx,
    content: &'a CircularContent,
    lines: u32,
    lists: usize,
}

impl Writer<'_> {
    /// A paragraph with an id that depends on nothing but its place.
    fn line(&mut self) -> Line {
        self.lines += 1;
        Line::new().id(format!("{:08X}", self.lines)).line_spacing(LineSpacing::new().after(80).line(264))
    }

    fn push(&mut self, line: Line) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(line);
    }

    fn push_table(&mut self, table: Grid) {
        self.docx = std::mem::take(&mut self.docx).add_table(table);
    }

    fn set_up(&mut self) {
        let margin = PageMargin::new().top(MARGIN).bottom(MARGIN).left(MARGIN).right(MARGIN);
        let day = format!("{}T00:00:00Z", self.content.decided_on);
        let fonts = RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT);
        let level = |format: &str, text: &str| {
            let (start, format, text) = (Start::new(1), NumberFormat::new(format), LevelText::new(text));
            Level::new(0, start, format, text, LevelJc::new("left"))
        };
        let numbers = AbstractNumbering::new(NUMBERS).add_level(level("decimal", "%1."));
        let letters = AbstractNumbering::new(LETTERS).add_level(level("lowerLetter", "%1."));
        let (header, footer) = (self.header(), self.footer());
        self.docx = std::mem::take(&mut self.docx)
            .page_size(PAGE.0, PAGE.1)
            .page_margin(margin.header(567).footer(567))
            .default_fonts(fonts)
            .default_size(SIZE)
            .created_at(&day)
            .updated_at(&day)
            .add_abstract_numbering(numbers)
            .add_abstract_numbering(letters)
            .header(header)
            .footer(footer);
    }

    /// KONSEP, on every page.
    fn header(&mut self) -> Header {
        let (draft, note) = &self.content.draft;
        let line = self
            .line()
            .align(AlignmentType::Center)
            .add_run(Run::new().add_text(draft).bold().size(28).character_spacing(10).color("8A1C1C"))
            .add_run(Run::new().add_text(format!("  {note}")).size(17).color("555555"));
        Header::new().add_paragraph(line)
    }

    fn footer(&mut self) -> Footer {
        let small = |text: &str| Run::new().add_text(text).size(16).color("555555");
        let [before, between, after] = &self.content.page;
        let mut rule = ParagraphBorder::new(ParagraphBorderPosition::Top).val(BorderType::Single).size(4);
        rule = rule.space(4).color("999999");
        let line = self
            .line()
            .add_tab(Tab::new().val(TabValueType::Right).pos(WIDTH))
            .add_run(small(&self.content.foot))
            .add_run(Run::new().add_tab())
            .add_run(small(before));
        let line = small_field(line, InstrText::PAGE(InstrPAGE::new())).add_run(small(between));
        let mut line = small_field(line, InstrText::NUMPAGES(InstrNUMPAGES::new())).add_run(small(after));
        line.property = line.property.set_borders(ParagraphBorders::with_empty().set(rule));
        Footer::new().add_paragraph(line)
    }

    fn letterhead(&mut self) {
        let (lines, address) = &self.content.letterhead;
        if let Some((bytes, (width, height))) =
            self.content.logo.as_ref().and_then(|bytes| Some((bytes, picture_size(bytes)?)))
        {
            let wide = u64::from(width) * LOGO_HEIGHT / u64::from(height);
            let fit = |emu: u64| u32::try_from(emu.min(5_000_000)).unwrap_or(u32::MAX);
            let picture = Pic::new_with_dimensions(bytes.clone(), width, height)
                .id("rIdLogo")
                .size(fit(wide), fit(LOGO_HEIGHT));
            let line = self.line().align(AlignmentType::Center).add_run(Run::new().add_image(picture));
            // A line as high as the picture.
            self.push(line.line_spacing(LineSpacing::new().after(60)));
        }
        for (place, text) in lines.iter().enumerate() {
            let size = if place + 1 == lines.len() { 30 } else { 26 };
            let run = Run::new().add_text(text).bold().size(size);
            let line = self.line().align(AlignmentType::Center).add_run(run);
            self.push(line.line_spacing(LineSpacing::new().after(0)));
        }
        for text in address {
            let run = Run::new().add_text(text).size(17);
            let line = self.line().align(AlignmentType::Center).add_run(run);
            self.push(line.line_spacing(LineSpacing::new().after(0)));
        }
        let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom).val(BorderType::ThinThickSmallGap);
        let mut line = self.line().line_spacing(LineSpacing::new().after(160)).size(8);
        let rule = rule.size(18).space(1).color("000000");
        line.property = line.property.set_borders(ParagraphBorders::with_empty().set(rule));
        self.push(line);
    }

    /// Place and day at the right, addressees under them; an instruction has neither here.
    fn address(&mut self) {
        if self.content.kind == CircularKind::Instruction {
            return;
        }
        let content = self.content;
        let line = self.line().indent(Some(SIGNATURE), None, None, None).add_run(text(&content.place));
        self.push(line);
        let (to, at, place) = &content.address_words;
        let mut lines = vec![to.clone()];
        lines.extend(content.recipients.to.clone());
        lines.push(format!("{at} {place}"));
        for said in lines {
            let line = self.line().line_spacing(LineSpacing::new().after(0)).add_run(text(&said));
            self.push(line);
        }
    }

    fn title(&mut self) {
        let content = self.content;
        let subject = content.subject.to_uppercase();
        // The second half of the title begins a line of its own.
        let halves =
            subject.split_once(" DI LINGKUNGAN").map(|(head, tail)| (head, format!("DI LINGKUNGAN{tail}")));
        let lines = [&content.title, &content.number, &content.about, &subject];
        for (place, said) in lines.into_iter().enumerate() {
            let size = if place == 0 { 26 } else { SIZE };
            let spacing = match place {
                0 => LineSpacing::new().before(320).after(40),
                3 => LineSpacing::new().after(280),
                _ => LineSpacing::new().after(80),
            };
            let run = match &halves {
                Some((head, tail)) if place == 3 => {
                    Run::new().add_text(*head).add_break(BreakType::TextWrapping).add_text(tail)
                }
                _ => Run::new().add_text(said),
            };
            let run = run.size(size);
            let run = if place == 1 { run } else { run.bold() };
            let line = self.line().align(AlignmentType::Center).add_run(run).line_spacing(spacing);
            self.push(line.keep_next(true));
        }
    }

    fn basis(&mut self) {
        let content = self.content;
        let (heading, basis) = &content.basis;
        if !basis.is_empty() {
            let line = self.line().keep_next(true).add_run(text(&format!("{heading}:")));
            self.push(line);
            let list = self.new_list(NUMBERS);
            for said in basis {
                self.item((list, 0), said);
            }
        }
        let line = self.line().align(AlignmentType::Both).add_run(text(&content.opening.text));
        self.push(line.line_spacing(LineSpacing::new().before(160).after(160).line(264)));
    }

    fn body(&mut self) {
        let content = self.content;
        if content.kind == CircularKind::Instruction {
            self.dicta();
            return;
        }
        for part in &content.parts {
            let run = Run::new().add_text(format!("{}. {}", part.label, part.heading)).bold();
            let line = self.line().keep_next(true).add_run(run);
            self.push(line.line_spacing(LineSpacing::new().before(160).after(80)));
            self.part(part);
        }
    }

    fn part(&mut self, part: &Part) {
        if let [only] = part.paragraphs.as_slice() {
            let line = self.line().align(AlignmentType::Both).add_run(text(&only.text));
            self.push(line.indent(Some(STEP), None, None, None));
            self.letters(only, 2 * STEP);
            return;
        }
        let list = self.new_list(NUMBERS);
        for paragraph in &part.paragraphs {
            self.item((list, STEP), &paragraph.text);
            self.letters(paragraph, 2 * STEP);
        }
    }

    fn letters(&mut self, paragraph: &Paragraph, indent: i32) {
        if paragraph.items.is_empty() {
            return;
        }
        let list = self.new_list(LETTERS);
        for item in &paragraph.items {
            self.item((list, indent), &item.text);
        }
    }

    fn new_list(&mut self, kind: usize) -> usize {
        self.lists += 1;
        let id = FIRST_LIST + self.lists;
        let list = Numbering::new(id, kind).add_override(LevelOverride::new(0).start(1));
        self.docx = std::mem::take(&mut self.docx).add_numbering(list);
        id
    }

    fn item(&mut self, at: (usize, i32), said: &str) {
        let line = self.list_line(at, said);
        self.push(line);
    }

    fn list_line(&mut self, (list, indent): (usize, i32), said: &str) -> Line {
        self.line()
            .align(AlignmentType::Both)
            .numbering(NumberingId::new(list), IndentLevel::new(0))
            .indent(Some(indent + STEP), Some(SpecialIndentType::Hanging(STEP)), None, None)
            .add_run(text(said))
    }

    /// To whom, and what for: the label, a colon, the text.
    fn dicta(&mut self) {
        let content = self.content;
        let (to, what_for, _) = &content.address_words;
        let to_whom: Vec<String> = content.recipients.to.clone();
        let line = self.line();
        let mut rows = vec![self.dictum(to, vec![line.add_run(text(&to_whom.join(" ")))])];
        let line = self.line();
        rows.push(self.dictum(what_for, vec![line]));
        for part in &content.parts {
            let mut lines = Vec::new();
            for paragraph in &part.paragraphs {
                let line = self.line().align(AlignmentType::Both);
                lines.push(line.add_run(text(&paragraph.text)));
                if !paragraph.items.is_empty() {
                    let list = self.new_list(LETTERS);
                    for item in &paragraph.items {
                        lines.push(self.list_line((list, 0), &item.text));
                    }
                }
            }
            rows.push(self.dictum(&part.label, lines));
        }
        self.push_table(
            Grid::without_borders(rows).set_grid(vec![1_900, 280, 6_890]).layout(TableLayoutType::Fixed),
        );
    }

    fn dictum(&mut self, label: &str, lines: Vec<Line>) -> TableRow {
        let cell = |width: usize| TableCell::new().width(width, WidthType::Dxa);
        let label = cell(1_900).add_paragraph(self.line().add_run(text(label)));
        let colon = cell(280).add_paragraph(self.line().add_run(text(":")));
        let body = lines.into_iter().fold(cell(6_890), TableCell::add_paragraph);
        TableRow::new(vec![label, colon, body])
    }

    /// Lines of the office, room for a hand, the name.
    fn signature(&mut self) {
        let content = self.content;
        let signatory = &content.signatory;
        let mut lines: Vec<(Run, LineSpacing)> = Vec::new();
        if content.kind == CircularKind::Instruction {
            lines.push((text(&content.place), LineSpacing::new().before(240).after(0)));
        }
        for (place, said) in signatory.title.iter().enumerate() {
            let is_last = place + 1 == signatory.title.len();
            let before = if place == 0 { 320 } else { 0 };
            let after = if is_last { 1_100 } else { 0 };
            let comma = if is_last { "," } else { "" };
            let run = text(&format!("{said}{comma}"));
            lines.push((run, LineSpacing::new().before(before).after(after)));
        }
        lines.push((text(&signatory.name).bold(), LineSpacing::new().after(0)));
        lines.extend(signatory.rank.iter().map(|said| (text(said), LineSpacing::new().after(0))));
        for (run, spacing) in lines {
            let line = self.line().keep_next(true).keep_lines(true).add_run(run);
            self.push(line.line_spacing(spacing).indent(Some(SIGNATURE), None, None, None));
        }
    }

    fn copies(&mut self) {
        let content = self.content;
        if content.recipients.copies.is_empty() {
            return;
        }
        let run = text(&format!("{}:", content.copies)).size(20);
        let line = self.line().keep_next(true).add_run(run);
        self.push(line.line_spacing(LineSpacing::new().before(320).after(40)));
        let list = self.new_list(NUMBERS);
        for said in &content.recipients.copies {
            self.item((list, 0), said);
        }
    }

    /// The duty roster on pages of its own; its heads stand on each of them.
    fn enclosure(&mut self, table: &Table) {
        let line = self.line().page_break_before(true).keep_next(true);
        let line = line.add_run(Run::new().add_text(&table.label).bold());
        self.push(line);
        let line = self.line().keep_next(true).add_run(text(&table.title));
        self.push(line.line_spacing(LineSpacing::new().after(160)));
        let widths = column_widths(table.columns.len());
        let mut rows = vec![self.row(&table.columns, &widths, true)];
        for cells in &table.rows {
            rows.push(self.row(cells, &widths, false));
        }
        self.push_table(Grid::new(rows).set_grid(widths).layout(TableLayoutType::Fixed));
    }

    fn row(&mut self, cells: &[String], widths: &[usize], is_head: bool) -> TableRow {
        let cells = cells.iter().zip(widths).map(|(said, width)| {
            let run = Run::new().add_text(said).size(19);
            let run = if is_head { run.bold() } else { run };
            let line = self.line().line_spacing(LineSpacing::new().before(20).after(20)).add_run(run);
            let cell = TableCell::new().add_paragraph(line).width(*width, WidthType::Dxa);
            let cell = cell.vertical_align(VAlignType::Center);
            [TableCellBorderPosition::Left, TableCellBorderPosition::Right]
                .into_iter()
                .fold(cell, |cell, side| {
                    cell.set_border(TableCellBorder::new(side).border_type(BorderType::Nil))
                })
        });
        let row = TableRow::new(cells.collect());
        if is_head { row.cant_split() } else { row }
    }
}

/// A number that the reader of the file counts; each piece of it is small, or the whole is not.
fn small_field(line: Line, what: InstrText) -> Line {
    let mark = |mark: FieldCharType| Run::new().add_field_char(mark, false);
    let pieces = [
        mark(FieldCharType::Begin),
        Run::new().add_instr_text(what),
        mark(FieldCharType::Separate),
        Run::new().add_text("1"),
        mark(FieldCharType::End),
    ];
    pieces.into_iter().fold(line, |line, piece| line.add_run(piece.size(16).color("555555")))
}

fn text(said: &str) -> Run {
    Run::new().add_text(said)
}

/// Columns of equal width, the first and the third wider for four.
fn column_widths(columns: usize) -> Vec<usize> {
    match columns {
        4 => vec![2_300, 2_970, 2_300, 1_500],
        columns => vec![WIDTH / columns.max(1); columns],
    }
}

/// Marks the row that does not split, which is the head, as repeated on every page: the writer has no word for it.
fn with_repeated_heads(document: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(document) {
        Ok(text) => text.replace("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />").into_bytes(),
        Err(error) => error.into_bytes(),
    }
}
