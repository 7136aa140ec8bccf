//! Hands the arguments over; everything else is in the library.

fn main() -> std::process::ExitCode {
    siaga::cli::main()
}
