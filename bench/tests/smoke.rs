//! Every workload once, at a size that takes seconds: it converges, and it prints what was agreed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test's helper fails as the test does"
)]

use serde_json::Value;
use std::{collections::BTreeMap, process::Command};

const METRICS: [&str; 9] = [
    "wall_s",
    "bytes_up",
    "bytes_down",
    "round_trips",
    "handshake_bytes",
    "server_cpu_s",
    "device_cpu_s",
    "server_peak_mib",
    "device_peak_mib",
];
const COLD_START_METRICS: [&str; 3] = ["useful_list_s", "all_durable_s", "indexed_s"];

/// The figures by (workload, metric).
fn bench(arguments: &[&str]) -> BTreeMap<(String, String), f64> {
    let run = Command::new(env!("CARGO_BIN_EXE_samspor-bench"))
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{errors}");
    let lines = String::from_utf8(run.stdout).unwrap();
    lines.lines().map(figure).collect()
}

fn figure(line: &str) -> ((String, String), f64) {
    let line: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
    let members: Vec<_> = line.keys().map(String::as_str).collect();
    let expected = [
        "children", "entries", "metric", "system", "unit", "value", "workload",
    ];
    assert_eq!(members, expected);
    assert_eq!(line["system"], "samspor");
    assert_eq!(
        (&line["children"], &line["entries"]),
        (&4.into(), &3.into())
    );
    let text = |name: &str| line[name].as_str().unwrap().to_owned();
    (
        (text("workload"), text("metric")),
        line["value"].as_f64().unwrap(),
    )
}

#[test]
fn every_workload_converges_and_prints_its_figures() {
    let size = ["--children", "4", "--entries", "3", "--runs", "1", "--json"];
    let figures = bench(&[&["W1", "W2", "W3", "W6"][..], &size[..]].concat());
    for workload in ["W1", "W2", "W3", "W6"] {
        for metric in METRICS {
            let value = figures[&(workload.to_owned(), metric.to_owned())];
            assert!(value > 0.0, "{workload} {metric} {value}");
        }
    }
    for metric in COLD_START_METRICS {
        assert!(
            figures[&("W1".to_owned(), metric.to_owned())] > 0.0,
            "{metric}"
        );
    }
    assert_eq!(figures.len(), 4 * METRICS.len() + COLD_START_METRICS.len());
}

#[test]
fn a_device_by_itself_lists_finds_and_saves() {
    let size = ["--children", "4", "--entries", "3", "--runs", "1", "--json"];
    let figures = bench(&[&["D1"][..], &size[..]].concat());
    let metrics = [
        "list_s",
        "due_s",
        "search_p50_s",
        "search_p99_s",
        "slowest_kind_s",
        "save_s",
        "bare_s",
        "save_pages",
        "bare_pages",
    ];
    for metric in metrics {
        assert!(
            figures[&("D1".to_owned(), metric.to_owned())] > 0.0,
            "{metric}"
        );
    }
    assert_eq!(figures.len(), metrics.len());
}

#[test]
fn every_workload_converges_with_signed_entries() {
    let size = ["--children", "4", "--entries", "3", "--runs", "1", "--json"];
    let figures = bench(&[&["W1", "W3", "--signed"][..], &size[..]].concat());
    for workload in ["W1-signed", "W3-signed"] {
        let bytes = figures[&(workload.to_owned(), "bytes_down".to_owned())];
        assert!(bytes > 0.0, "{workload} {bytes}");
    }
}

#[test]
fn what_is_no_workload_is_refused() {
    let run = Command::new(env!("CARGO_BIN_EXE_samspor-bench"))
        .arg("W9")
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("W1, W2, W3, W6, D1"));
}
