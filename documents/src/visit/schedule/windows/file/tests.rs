use super::*;
use crate::growth::Child;
use jiff::{ToSpan as _, civil::date};
use proptest::prelude::*;

fn window(visit: &str, from: &str, until: &str) -> String {
    format!(
        "[[window]]\nvisit_type = \"{visit}\"\ncounted_from = \"birth\"\nfrom = {{ {from} }}\nuntil = {{ {until} }}\n\
         corrected = false\nsource = \"municipality\"\nnote = {{ da = \"x\", en = \"x\" }}\n"
    )
}

fn own(windows: &str) -> Result<Schedule, ScheduleError> {
    read_own(&format!("remind_days = 1\n{windows}"))
}

/// Line and field of a refusal, and its beginning in both languages.
fn refused(windows: &str) -> (usize, Option<&'static str>, String, String) {
    let error = own(windows).expect_err(windows);
    let said = |language| error.said(language);
    (
        error.line(),
        error.field(),
        said(Language::Danish),
        said(Language::English),
    )
}

#[test]
fn windows_are_told_in_years_months_weeks_and_days() {
    let school = window(
        "school_entry",
        "years=5, months=11, weeks=2",
        "years=7, days=-1",
    );
    let schedule = own(&school).expect("can be used");
    let born = Child {
        birth_date: Some(date(2020, 2, 29)),
        ..Child::default()
    };
    let days = schedule.windows[0].days(&born).expect("laid");
    assert_eq!(days, (date(2026, 2, 12), date(2027, 2, 27), 0));
    assert!(schedule.reach_days() > 7 * 365);
    assert!(own("").expect("none at all").windows.is_empty());
}

/// What is wrong with windows, where it is said to be.
fn wrong_at(windows: &str, line: usize, field: Option<&'static str>) {
    let (at, of, danish, english) = refused(windows);
    assert_eq!((at, of), (line, field), "{english}: {windows}");
    assert!(!danish.is_empty() && !english.is_empty());
}

#[test]
fn a_window_that_is_none_is_refused_with_line_and_field() {
    let two = |from, until| window("months_2", from, until);
    assert!(own(&two("weeks=7", "months=2")).is_ok());
    let kind = Some("visit_type");
    wrong_at(&window("months_3", "weeks=7", "months=2"), 3, kind);
    wrong_at(&two("weeks=7", "months=2").repeat(2), 11, kind);
    wrong_at(&two("months=3", "months=2"), 6, Some("until"));
    // February is shorter.
    wrong_at(&two("days=30", "months=1"), 6, Some("until"));
    wrong_at(&two("years=6", "years=21"), 6, Some("until"));
    wrong_at(&two("days=0", "months=2147483647"), 6, Some("until"));
    wrong_at(&two("days=-2147483648", "years=6"), 5, Some("from"));
    let (_, _, danish, english) = refused(&two("months=3", "months=2"));
    assert!(danish.starts_with("kan ligge før from"), "{danish}");
    assert!(english.starts_with("can be before from"), "{english}");
}

#[test]
fn what_else_cannot_be_used_is_refused_with_line_and_field() {
    let good = window("months_2", "weeks=7", "months=2");
    wrong_at(&good.replace("municipality", "kl"), 8, Some("source"));
    let due = good.replace("birth", "due").replace("false", "true");
    wrong_at(&due, 7, Some("corrected"));
    wrong_at(&good.replace("da = \"x\"", "da = \" \""), 9, Some("note"));
    let long = format!("en = \"{}\"", "x".repeat(201));
    wrong_at(&good.replace("en = \"x\"", &long), 9, Some("note"));
    wrong_at(&good.replace("corrected", "Corrected"), 7, None);
    wrong_at(&good.replace("weeks=7", "weeks=x"), 5, None);
    wrong_at(&good.replace("weeks=7", "hours=7"), 5, None);
    wrong_at(&good.replace("source = \"municipality\"\n", ""), 2, None);
    let long = read_own(&"#".repeat(SCHEDULE_BYTES_MAX + 1)).expect_err("too long");
    assert_eq!(long.to_string(), "line 1: the file is over 16 KiB");
    let reminders = read_own("remind_days = 367\n").expect_err("too many");
    let place = (reminders.line(), reminders.field());
    assert_eq!(place, (1, Some("remind_days")));
    assert!(read_own(&"[".repeat(15_000)).is_err());
}

#[test]
fn a_municipality_may_keep_what_is_kls() {
    let kls = Schedule::built_in_text();
    assert!(read_own(kls).is_ok());
    let moved = kls.replace(
        "until = { months = 7, days = -1 }",
        "until = { months = 8 }",
    );
    let error = read_own(&moved).expect_err("not KL's any more");
    assert_eq!(error.field(), Some("source"));
}

prop_compose! {
    fn distance()(years in -2..21i32, months in -3..30i32, weeks in -6..60i32, days in -40..400i32) -> String {
        format!("years={years}, months={months}, weeks={weeks}, days={days}")
    }
}

proptest! {
    /// Wherever a birth lies: a window that can be used has its days.
    #[test]
    fn a_window_that_is_accepted_is_laid_for_every_child(
        from in distance(), until in distance(), birth in 0..40_000i32,
    ) {
        let Ok(schedule) = own(&window("months_2", &from, &until)) else {
            return Ok(());
        };
        let born = Child {
            birth_date: Some(date(1950, 1, 1).checked_add(birth.days()).expect("a day")),
            ..Child::default()
        };
        let (first, last, _) = schedule.windows[0].days(&born).expect("laid");
        prop_assert!(first <= last);
        let reach = schedule.reach_days().days();
        prop_assert!(last <= born.birth_date.expect("born").checked_add(reach).expect("a day"));
    }

    #[test]
    fn any_text_has_an_answer(text in "\\PC{0,200}") {
        let _ = read_own(&text);
        let _ = own(&text);
    }
}
