//! The way in as a browser shows it: by keyboard, on every screen, without script.

use std::path::Path;

use serde_json::json;
use siaga::account::{NewAccount, Role};

use crate::support::house::{House, PASSWORD, Plan, operator};
use crate::support::{looked_at, moment};

#[tokio::test(flavor = "multi_thread")]
async fn needs_chromium_the_doors_open_by_keyboard_and_look_right_everywhere() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let mayor = house.signed_in("sekda", Role::Mayor).await;
    house.signed_in("siti", Role::Analyst).await;
    let new = NewAccount {
        name: "rina".to_owned(),
        title: "Rina Kusuma".to_owned(),
        role: Role::Owner,
        unit_id: None,
        oidc_name: String::new(),
    };
    let invitation = house.access.invite(&operator(), &new).await.unwrap();
    // A code is used once: the mayor's next one is another.
    house.clock.advance_to(moment("2021-06-29T00:05:00+07:00"));
    let asked = json!({
        "address": house.address,
        "seconds": house.journey.clock.now().millis() / 1000,
        "password": PASSWORD,
        "invitation": invitation.token.reveal(),
        "secret": mayor.secret,
    });
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("doors");
    let seen =
        tokio::task::spawn_blocking(move || looked_at("look-doors.mjs", &asked, &pictures)).await.unwrap();
    for (what, expected) in [
        ("console", json!([])),
        ("foreign", json!([])),
        ("overflow", json!([])),
        ("invitation_focus", json!("password")),
        ("fault_focus", json!("password")),
        ("fault_described", json!("password-hint password-fault")),
        ("enrol", json!("/sign-in/enrol")),
        ("recovery_codes", json!(10)),
        ("arrived", json!("/account")),
        ("unit_fault", json!(1)),
        ("link", json!(true)),
        ("cookie", json!([true, true, "Lax", "/"])),
        ("signed_out", json!(true)),
        ("asked_again", json!("/sign-in?next=%2Faccounts")),
        ("sign_in_focus", json!("name")),
        ("name_kept", json!("sekda")),
        ("second_step", json!("/sign-in/second-step")),
        ("second_step_focus", json!("code")),
        ("came_back", json!("/analyst")),
        ("level_first", json!(true)),
        ("refused", json!("Bukan untuk peran Anda")),
        ("without_script", json!("/analyst")),
    ] {
        assert_eq!(seen[what], expected, "{what}");
    }
    assert!(seen["alert"].as_str().unwrap().contains("tidak benar"));
    assert!(seen["wrong_code"].as_str().unwrap().contains("tidak benar"));
    assert!(seen["audit_rows"].as_u64().unwrap() >= 5, "{}", seen["audit_rows"]);
}
