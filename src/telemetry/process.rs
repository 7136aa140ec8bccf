//! The process itself, under the names that every monitor knows, read from `/proc` where there is one.

use std::fs;

use super::Exposition;
use super::names::{PROCESS_CPU, PROCESS_FILES, PROCESS_MEMORY, PROCESS_START};

/// Linux tells processor time to programs in hundredths of a second, whatever the machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// Adds what is known of the process: nothing where the system does not say.
pub fn write_process(text: &mut Exposition) {
    let read = |path: &str| fs::read_to_string(path).ok();
    if let Some(memory) = read("/proc/self/status").as_deref().and_then(resident_bytes) {
        text.add(&PROCESS_MEMORY, memory);
    }
    if let Some((cpu, started)) = read("/proc/self/stat").as_deref().and_then(cpu_and_start) {
        text.add(&PROCESS_CPU, cpu);
        if let Some(booted) = read("/proc/stat").as_deref().and_then(booted_at) {
            text.add(&PROCESS_START, booted + started);
        }
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        #[expect(clippy::cast_precision_loss, reason = "no process has so many files")]
        text.add(&PROCESS_FILES, files.count() as f64);
    }
}

/// `VmRSS:   1234 kB`
fn resident_bytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

/// Seconds of processor time, and of the machine when the process started. The name in brackets, the second field, may
/// hold anything, blanks and brackets included.
fn cpu_and_start(stat: &str) -> Option<(f64, f64)> {
    let behind = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = behind.split_whitespace().collect();
    // The state is field 3 of the manual and 0 of these.
    let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    let (user, kernel, started) = (field(14)?, field(15)?, field(22)?);
    Some(((user + kernel) / TICKS_PER_SECOND, started / TICKS_PER_SECOND))
}

/// `btime 1700000000`
fn booted_at(stat: &str) -> Option<f64> {
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_own_lines_are_read_and_others_are_not_guessed_at() {
        assert_eq!(resident_bytes("VmPeak:\t 9 kB\nVmRSS:\t    2048 kB\n"), Some(2_097_152.0));
        assert_eq!(resident_bytes("VmRSS: many"), None);
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 2 0 0 0 150 50 0 0 20 0 9 0 12345 1 2 3";
        assert_eq!(cpu_and_start(stat), Some((2.0, 123.45)));
        assert_eq!(cpu_and_start("7 (siaga) S 1"), None);
        assert_eq!(booted_at("cpu 1 2\nbtime 1700000000\n"), Some(1_700_000_000.0));
        assert_eq!(booted_at("cpu 1 2\n"), None);
    }
}
