//! `admin device list`: who is enrolled, how each device stands, and who is behind.

use super::{admin_lists as lists, error::administering};
use crate::{failure::Failure, output::Output, when, words::W};
use samspor_client_core::{Clock as _, SystemClock};
use samspor_documents::{id::PractitionerId, time::UnixMillis};
use samspor_server::admin::{Admin, DeviceRow};
use serde_json::{Value, json};
use std::collections::HashMap;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Lists devices; with a number of days only those in use that were not up to date for longer.
///
/// # Errors
/// The database's.
pub async fn list(admin: &Admin, out: &Output, behind: Option<i64>) -> Result<(), Failure> {
    let now = SystemClock.now();
    let rows = admin
        .devices()
        .await
        .map_err(|error| administering(&error))?;
    let people = lists::names(admin).await?;
    let is_wanted = |row: &&DeviceRow| {
        behind.is_none_or(|days| {
            let millis = row.contact.behind_millis(row.enrolled_at, now);
            let in_use = row.revoked_at.is_none() && row.replaced_at.is_none();
            in_use && millis > days.saturating_mul(DAY_MILLIS)
        })
    };
    let rows: Vec<&DeviceRow> = rows.iter().filter(is_wanted).collect();
    let json: Vec<Value> = rows.iter().map(|row| told(row, &people)).collect();
    let labels = [
        W::LABEL_PRACTITIONER,
        W::LABEL_ENROLLED_AT,
        W::LABEL_LAST_CONTACT,
        W::LABEL_UP_TO_DATE,
        W::LABEL_WAITS_THERE,
        W::LABEL_ID,
        W::LABEL_STATUS,
    ];
    let mut table = vec![lists::head(out, &labels)];
    table.extend(rows.iter().map(|row| line(out, row, &people)));
    let none = match behind {
        Some(_) => W::NO_DEVICES_BEHIND,
        None => W::NO_DEVICES,
    };
    lists::print(out, &json!({"devices": json}), &table, none);
    Ok(())
}

fn told(row: &DeviceRow, people: &HashMap<PractitionerId, String>) -> Value {
    let at = |at: Option<UnixMillis>| at.map(when::iso_local);
    let contact = row.contact;
    json!({
        "device": row.device,
        "practitioner": {"id": row.practitioner, "name": people.get(&row.practitioner)},
        "enrolled_at": when::iso_local(row.enrolled_at),
        "revoked_at": at(row.revoked_at),
        "replaced_at": at(row.replaced_at),
        "succeeds": row.succeeds,
        "last_contact_at": at(contact.last_contact_at),
        "last_push_at": at(contact.last_push_at),
        "up_to_date_at": at(contact.up_to_date_at),
        "waiting": contact.told.map(|told| told.waiting),
        "oldest_waiting_at": at(contact.told.and_then(|told| told.oldest_waiting_at)),
        "clock_offset_millis": contact.told.map(|told| told.clock_offset_millis),
    })
}

fn line(out: &Output, row: &DeviceRow, people: &HashMap<PractitionerId, String>) -> Vec<String> {
    let contact = row.contact;
    let at = |at: Option<UnixMillis>| {
        at.map_or_else(|| out.say(W::NEVER, &[]), |at| when::show(out.lang, at))
    };
    let name = people.get(&row.practitioner).cloned();
    let told = contact.told.filter(|told| told.waiting > 0);
    let waits = told.map(|told| {
        let count = told.waiting.to_string();
        match told.oldest_waiting_at {
            Some(oldest) => {
                let oldest = when::show(out.lang, oldest);
                out.say(W::WAITS_THERE, &[("count", &count), ("at", &oldest)])
            }
            None => count,
        }
    });
    let state = match (row.revoked_at, row.replaced_at) {
        (Some(_), _) => Some(out.say(W::STATE_REVOKED, &[])),
        (None, Some(_)) => Some(out.say(W::STATE_REPLACED, &[])),
        (None, None) => None,
    };
    vec![
        name.unwrap_or_else(|| row.practitioner.to_string()),
        when::show(out.lang, row.enrolled_at),
        at(contact.last_contact_at),
        at(contact.up_to_date_at),
        waits.unwrap_or_default(),
        row.device.to_string(),
        state.unwrap_or_default(),
    ]
}
