"""Makes tidy CSVs from files that others published with their own outputs, and what siaga has to say of them.

    published.py SET REFERENCE_FOLDER OUT_FOLDER

Writes into OUT_FOLDER: in.csv (the inputs, tidy), locations.csv where rates need residents, and expected.csv with
date,location,column,value,tolerance: a tolerance of "" asks for the same text. Nothing is computed here but units (shares to percent)
and dates (a week is told on its last day).
"""

import csv
import datetime
import sys
from pathlib import Path

TIDY = ["date", "location", "measure", "value"]
LOCATIONS = ["location", "name", "level", "parent", "population", "time_zone", "valid_from", "source"]
EXPECTED = ["date", "location", "column", "value", "tolerance"]


def rows(path, **options):
    with open(path, newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file, **options)


def percent(text):
    return repr(float(text) * 100)


def cdc_levels(folder):
    """CDC community levels by county, nine weeks as originally posted."""
    inputs, expected = [], []
    measures = {
        "incidence_7d_per_100k": "covid_cases_per_100k",
        "admissions_7d_per_100k": "covid_hospital_admissions_per_100k",
        "bed_occupancy_pct": "covid_inpatient_bed_utilization",
    }
    for row in rows(folder / "cdc_community_levels/community_levels_by_county_2022-02-24_2022-04-21.csv"):
        key = [row["date_updated"], row["county_fips"]]
        inputs += [key + [measure, row[column]] for measure, column in measures.items() if row[column]]
        level = row["covid-19_community_level"].lower()
        if level in ("low", "medium", "high"):
            expected.append(key + ["level", level, ""])
    return inputs, None, expected


def covid_act_now(folder):
    """Covid Act Now risk levels of counties, one day."""
    words = {"0": "low", "1": "medium", "2": "high", "3": "critical", "4": "unknown", "5": "extreme"}
    measures = {
        "cases_mean_7d_per_100k": ("caseDensity", str),
        "rt": ("infectionRate", str),
        "positivity_7d_pct": ("testPositivityRatio", percent),
        "icu_occupancy_pct": ("icuCapacityRatio", percent),
    }
    inputs, expected = [], []
    for row in rows(folder / "covid_act_now/counties_2021-05-04.csv"):
        key = [row["lastUpdatedDate"], row["fips"]]
        expected.append(key + ["level", words[row["riskLevels.overall"]], ""])
        for measure, (metric, unit) in measures.items():
            if row["metrics." + metric]:
                inputs.append(key + [measure, unit(row["metrics." + metric])])
            expected.append(key + [measure, words[row["riskLevels." + metric]], ""])
    return inputs, None, expected


def rki_districts(folder):
    """Seven-day incidence of German districts; Berlin's twelve are told apart by name."""
    inputs, expected, places = [], [], {}
    for row in rows(folder / "rki_landkreise/landkreise_snapshots_2021.csv"):
        key = [row["snapshot_date"], row["county"]]
        inputs.append(key + ["cases_7d", row["cases7_lk"]])
        places[row["county"]] = row["EWZ"]
        expected.append(key + ["incidence_7d_per_100k", row["cases7_per_100k"], "1e-6"])
    return inputs, places, expected


def ecdc_weekly(folder):
    """Fourteen-day rates of countries; a report's date is the Monday after its week."""
    inputs, expected, places = [], [], {}
    for row in rows(next((folder / "ecdc_weekly").glob("*.csv"))):
        monday = datetime.datetime.strptime(row["dateRep"], "%d/%m/%Y").date()
        place = row["countriesAndTerritories"]
        key = [(monday - datetime.timedelta(days=1)).isoformat(), place]
        inputs.append(key + ["cases_7d", row["cases_weekly"]])
        places[place] = row["popData2019"]
        rate = row["notification_rate_per_100000_population_14-days"]
        if rate and row["popData2019"]:
            expected.append(key + ["incidence_14d_per_100k", rate, "0.00500001"])
    return inputs, places, expected


def staff_shares(folder):
    """Share of prison staff ever infected, on the newest week of each system; the largest head-count counts."""
    marshall = folder / "staff_marshall"
    heads, latest = {}, {}
    for row in rows(marshall / "staff_populations.csv"):
        if row["pop"]:
            heads[row["name"]] = max(heads.get(row["name"], 0), int(float(row["pop"])))
    for row in rows(marshall / "covid_prison_cases.csv"):
        if not row["total_staff_cases"]:
            continue
        date = datetime.datetime.strptime(row["as_of_date"], "%m/%d/%Y").date().isoformat()
        latest.setdefault(row["name"], {})[date] = row["total_staff_cases"]
    inputs, expected = [], []
    for row in rows(marshall / "covid_prison_rates.csv"):
        name, share = row["name"], row["staff_cases_pct"]
        if not share or name not in heads:
            continue
        days = [day for day, total in latest[name].items() if float(total) == float(row["cumulative_staff_cases"])]
        day = max(days)
        inputs.append(["2020-03-01", name, "staff_headcount", heads[name]])
        inputs.append([day, name, "staff_cases_total", row["cumulative_staff_cases"]])
        expected.append([day, name, "staff_prevalence_total_pct", percent(share), "1e-6"])
    return inputs, None, expected


def epiestim(folder):
    """Saved reproduction numbers of influenza in a school of 2009, the serial interval by its mean and deviation."""
    saved = folder / "epiestim"
    cases = rows(saved / "data" / "Flu2009_incidence.csv")
    inputs = [[row["dates"], "school", "cases", row["I"]] for row in cases]
    columns = {"Mean(R)": "rt", "Quantile.0.025(R)": "rt_lower", "Quantile.0.975(R)": "rt_upper"}
    expected = [
        [row["date_end"], "school", ours, row[theirs], "1e-9"]
        for row in rows(saved / "published_outputs" / "Example3_expected_rds.csv")
        for theirs, ours in columns.items()
    ]
    return inputs, None, expected


SETS = {
    "cdc_levels": cdc_levels,
    "covid_act_now": covid_act_now,
    "rki_districts": rki_districts,
    "ecdc_weekly": ecdc_weekly,
    "staff_shares": staff_shares,
    "epiestim": epiestim,
}


def write(path, header, lines):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *lines])


def main(name, reference, out):
    inputs, places, expected = SETS[name](Path(reference))
    out = Path(out)
    write(out / "in.csv", TIDY, inputs)
    write(out / "expected.csv", EXPECTED, expected)
    if places is not None:
        lines = [
            [key, key, "country", "", residents, "UTC", "2019-01-01", "the published file itself"]
            for key, residents in places.items()
        ]
        write(out / "locations.csv", LOCATIONS, lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
