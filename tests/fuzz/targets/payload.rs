//! A payload and the spec it is read by: the first line says which of the shipped specs, the rest is the payload.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use siaga::assets;
use siaga::city::parse_locations;
use siaga::epi::{Locations, Vintage};
use siaga::job::believe;
use siaga::observation::History;
use siaga::source::{Received, SourceSpec, parse};

static SPECS: LazyLock<Vec<SourceSpec>> = LazyLock::new(|| {
    let names = assets::data_files("source/");
    names.iter().filter_map(|name| SourceSpec::parse(&assets::data(name)?).ok()).collect()
});

static LOCATIONS: LazyLock<Locations> = LazyLock::new(|| {
    let text = assets::data("location/locations.csv").unwrap_or_default();
    parse_locations(&text).unwrap_or_default()
});

fuzz_target!(|input: &[u8]| {
    let cut = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (name, payload) = (&input[..cut], input.get(cut + 1..).unwrap_or_default());
    let Some(spec) = SPECS.iter().find(|spec| spec.id.as_bytes() == name).or_else(|| SPECS.first()) else {
        return;
    };
    let at = Vintage::from_millis(1_660_000_000_000).expect("a moment");
    let units = BTreeMap::new();
    let zone = chrono_tz::Asia::Jakarta;
    let received = Received {
        at,
        zone,
        name: "2021-06-28.csv",
        date: None,
        locations: &LOCATIONS,
        units: &units,
    };
    if let Ok(parsed) = parse(payload, spec, &received) {
        let figures = parsed.received();
        let validated = believe(spec, parsed, &mut History::default(), (at, zone));
        let told = validated.accepted.len() + validated.rejected.len();
        assert_eq!(figures, told + usize::try_from(validated.unchanged).unwrap_or(0), "every figure is told of");
    }
});
