//! Every form of every dataset, read with software that is not ours (Python's csv, openpyxl, Arrow, Frictionless) and held against the
//! JSON by `tests/support/read_back.py`.

mod needs_python {
    use std::process::Command;

    use siaga::export::Recipe;
    use siaga::job::{Dataset, Ending, ingest_payload};
    use siaga::source::Payload;

    use crate::support::house::{House, Plan};
    use crate::support::{checkout, tidy};

    /// What no printed figure has: texts like formulas, every kind of letter, numbers of every size, a lump, a missing value.
    const ODD: &str = "date,location,measure,value,as_of,source,note,date_from,status\n\
        2021-06-01,3271,mobility,-12.75,2021-06-20T00:00:00Z,'@dinas,'=1+1,,printed\n\
        2021-06-02,3271,mobility,0.1,2021-06-20T00:00:00.125Z,'@dinas,\"a;b,\"\"c\"\" é 😷\",,derived\n\
        2021-06-03,3271,mobility,123456789.123456789,2021-06-20T00:00:00Z,'@dinas,'+62,2021-06-02,printed\n\
        2021-06-04,3271,mobility,,2021-06-20T00:00:00Z,'@dinas,'',,printed\n";

    #[tokio::test(flavor = "multi_thread")]
    async fn every_form_says_what_the_json_says() {
        let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
        crate::workforce_files::with_people(&house.journey).await;
        let payload = Payload::from_file("odd.csv", ODD.as_bytes().to_vec());
        let report = ingest_payload(&house.journey, &tidy(), &payload, false).await.unwrap();
        assert_eq!(report.run.accepted, 4, "{:?}", report.rejections);
        let folder = house.folder.path().join("read");
        std::fs::create_dir(&folder).unwrap();
        for dataset in Dataset::ALL {
            let name = dataset.name();
            for ending in Ending::ALL {
                save(&house, &format!("/exports/{name}.{ending}"), &folder.join(format!("{name}.{ending}")))
                    .await;
            }
            for language in ["id", "en"] {
                let path = format!("/exports/{name}.csv?excel=1&lang={language}");
                save(&house, &path, &folder.join(format!("{name}.{language}.csv"))).await;
            }
            // The descriptor names the file as pages save it.
            let path = folder.join(format!("{name}.datapackage.json"));
            let mut package: serde_json::Value =
                serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            assert_eq!(package["resources"][0]["path"], format!("siaga_3271_{name}_2021-06-28.csv"));
            package["resources"][0]["path"] = format!("{name}.csv").into();
            std::fs::write(&path, package.to_string()).unwrap();
            let read = read_back(&folder, name);
            let columns = dataset.columns().len();
            assert_eq!((read["columns"].as_u64(), &read["validated"]), (Some(columns as u64), &read["rows"]));
            assert!(read["rows"].as_u64() > Some(0), "{name}");
            for (form, what) in [("parquet", "parquet"), ("package", "datapackage.json"), ("xlsx", "xlsx")] {
                let recipe: Recipe = read["ids"][form].as_str().unwrap().parse().unwrap();
                assert_eq!(recipe.what, format!("{name}.{what}"));
            }
        }
    }

    async fn save(house: &House, path: &str, file: &std::path::Path) {
        let answer = house.client.get(format!("{}{path}", house.address)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        std::fs::write(file, answer.bytes().await.unwrap()).unwrap();
    }

    fn read_back(folder: &std::path::Path, name: &str) -> serde_json::Value {
        let python =
            std::env::var("SIAGA_TEST_PYTHON").expect("tests/run.sh installs the readers and says where");
        let script = checkout("tests/support/read_back.py");
        let output = Command::new(python).arg(script).arg(folder).arg(name).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {told}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}
