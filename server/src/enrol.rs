//! Enrolment: `POST /v1/enrol` and the one-time codes it takes.
//!
//! A code is bound to one practitioner, holds for a day, bears five failed attempts and enrols one device. It
//! stands in the database only as an HMAC. Whatever is wrong with it, the answer is one and the same. The same
//! request again (its answer was lost) gets the same answer and enrols nothing more.

use crate::{
    devices::{Device, SELECT_DEVICE, device_of},
    keys::Keys,
    problem::Failure,
    store::{Store, StoreError, Tx, id16},
};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{
    enrol::{CodeSecret, EnrolRequest, EnrolResponse},
    hash::Hash32,
    limits,
};
use sqlx::Row as _;

/// What enrolment needs to know of the server.
#[derive(Debug, Clone, Copy)]
pub struct Enrolment<'a> {
    /// The database.
    pub store: &'a Store,
    /// The organisation's keys.
    pub keys: &'a Keys,
    /// The organisation.
    pub organisation: OrganisationId,
    /// How long a device may be out of contact, in milliseconds.
    pub lease_millis: i64,
}

fn code_mac(keys: &Keys, secret: &CodeSecret) -> Hash32 {
    keys.mac("enrolment-code", &[&secret.0])
}

/// Keeps a new code for a practitioner.
///
/// # Errors
/// The database cannot be written.
pub async fn keep_code(
    store: &Store,
    keys: &Keys,
    secret: &CodeSecret,
    practitioner: PractitionerId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO enrolment_codes (code_mac, practitioner, expires_at) VALUES (?, ?, ?)",
    )
    .bind(code_mac(keys, secret).0.as_slice())
    .bind(practitioner.as_bytes().as_slice())
    .bind(now.plus(limits::ENROLMENT_CODE_MILLIS).0)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// A code as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Code {
    practitioner: PractitionerId,
    expires_at: UnixMillis,
    tries: i64,
    used_by: Option<Vec<u8>>,
}

/// What to do with a request that names a known code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Enrol,
    /// The same request again.
    Repeat,
    /// The code is another's than the device whose place is to be taken: it stays as it is.
    OtherPractitioner,
    /// One more failed attempt.
    CountAndRefuse,
    Refuse,
}

fn decide(
    code: &Code,
    device: Option<&Device>,
    old: Option<&Device>,
    request: &EnrolRequest,
    now: UnixMillis,
) -> Verdict {
    let proven = request.is_proven();
    if let Some(used_by) = &code.used_by {
        let same = device.is_some_and(|device| {
            device.device.as_bytes().as_slice() == used_by.as_slice()
                && device.public_key == request.public_key
                && device.install == request.install
                && device.revoked_at.is_none()
        });
        return if same && proven {
            Verdict::Repeat
        } else {
            Verdict::Refuse
        };
    }
    if code.expires_at < now || code.tries >= i64::from(limits::ENROLMENT_TRIES_MAX) {
        return Verdict::Refuse;
    }
    // A device id that is taken is never given another key.
    if !proven || device.is_some() {
        return Verdict::CountAndRefuse;
    }
    match (&request.succeeds, old) {
        (None, _) => Verdict::Enrol,
        (Some(succeeds), Some(old)) if request.may_succeed(succeeds, &old.public_key) => {
            if old.practitioner == code.practitioner {
                Verdict::Enrol
            } else {
                Verdict::OtherPractitioner
            }
        }
        // Who does not hold its key takes nobody's place.
        (Some(_), _) => Verdict::CountAndRefuse,
    }
}

async fn code_of(tx: &mut Tx, mac: &Hash32) -> Result<Option<Code>, StoreError> {
    let row = sqlx::query(
        "SELECT practitioner, expires_at, tries, used_by FROM enrolment_codes WHERE code_mac = ?",
    )
    .bind(mac.0.as_slice())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Code {
        practitioner: PractitionerId::from_bytes(id16(
            "enrolment code",
            row.try_get("practitioner")?,
        )?),
        expires_at: UnixMillis(row.try_get("expires_at")?),
        tries: row.try_get("tries")?,
        used_by: row.try_get("used_by")?,
    }))
}

async fn device_by_id(tx: &mut Tx, device: DeviceId) -> Result<Option<Device>, StoreError> {
    let row = sqlx::query(SELECT_DEVICE)
        .bind(device.as_bytes().as_slice())
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(device_of).transpose()
}

async fn insert_device(
    tx: &mut Tx,
    mac: &Hash32,
    device: &Device,
    offset_millis: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO devices
         (device, practitioner, public_key, install, enrolled_at, clock_offset_millis)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(device.device.as_bytes().as_slice())
    .bind(device.practitioner.as_bytes().as_slice())
    .bind(device.public_key.as_slice())
    .bind(device.install.as_slice())
    .bind(device.enrolled_at.0)
    .bind(offset_millis)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE enrolment_codes SET used_by = ? WHERE code_mac = ?")
        .bind(device.device.as_bytes().as_slice())
        .bind(mac.0.as_slice())
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE devices_revision SET revision = revision + 1 WHERE one = 1")
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The new device takes the old one's place, and of all whose place that one took.
async fn replace(tx: &mut Tx, old: DeviceId, new: &Device) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO successions (device, predecessor, generation, succeeded_at)
         SELECT ?1, ?2, 1, ?3
         UNION ALL SELECT ?1, predecessor, generation + 1, ?3 FROM successions WHERE device = ?2",
    )
    .bind(new.device.as_bytes().as_slice())
    .bind(old.as_bytes().as_slice())
    .bind(new.enrolled_at.0)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE devices SET replaced_at = coalesce(replaced_at, ?) WHERE device = ?")
        .bind(new.enrolled_at.0)
        .bind(old.as_bytes().as_slice())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn response(enrolment: &Enrolment<'_>, device: &Device, now: UnixMillis) -> EnrolResponse {
    let certifier = enrolment.keys.certifier(enrolment.organisation);
    EnrolResponse {
        organisation: enrolment.organisation,
        practitioner: device.practitioner,
        certificate: certifier.certify(device),
        server_time: now,
        lease_millis: enrolment.lease_millis,
    }
}

/// Enrols a device, once.
///
/// # Errors
/// `BadCode` for every reason that lies in the request, but `OtherPractitioner` where it proves to come from a device of
/// somebody else than the code is for; else the database's.
pub async fn enrol(
    enrolment: &Enrolment<'_>,
    request: &EnrolRequest,
    now: UnixMillis,
) -> Result<EnrolResponse, Failure> {
    let mac = code_mac(enrolment.keys, &request.secret);
    let mut tx = enrolment.store.write().await?;
    let Some(code) = code_of(&mut tx, &mac).await? else {
        return Err(Failure::BadCode);
    };
    let known = device_by_id(&mut tx, request.device).await?;
    let old = match &request.succeeds {
        Some(succeeds) => device_by_id(&mut tx, succeeds.device).await?,
        None => None,
    };
    let verdict = decide(&code, known.as_ref(), old.as_ref(), request, now);
    match (verdict, known) {
        (Verdict::Repeat, Some(device)) => Ok(response(enrolment, &device, now)),
        (Verdict::Enrol, _) => {
            let device = Device {
                device: request.device,
                practitioner: code.practitioner,
                public_key: request.public_key,
                install: request.install,
                enrolled_at: now,
                revoked_at: None,
                replaced_at: None,
            };
            insert_device(&mut tx, &mac, &device, request.at.since(now)).await?;
            if let Some(old) = old {
                replace(&mut tx, old.device, &device).await?;
            }
            tx.commit().await?;
            Ok(response(enrolment, &device, now))
        }
        (Verdict::CountAndRefuse, _) => {
            sqlx::query("UPDATE enrolment_codes SET tries = tries + 1 WHERE code_mac = ?")
                .bind(mac.0.as_slice())
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Err(Failure::BadCode)
        }
        (Verdict::OtherPractitioner, _) => Err(Failure::OtherPractitioner),
        (Verdict::Refuse | Verdict::Repeat, _) => Err(Failure::BadCode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    const NOW: UnixMillis = UnixMillis(1_790_000_000_000);
    const DEVICE: [u8; 16] = [2; 16];

    fn request() -> EnrolRequest {
        let key = SigningKey::from_bytes(&[7; 32]);
        EnrolRequest::sign(
            CodeSecret([1; 16]),
            DeviceId::from_bytes(DEVICE),
            [3; 16],
            NOW,
            &key,
        )
    }

    fn fresh() -> Code {
        Code {
            practitioner: PractitionerId::from_bytes([9; 16]),
            expires_at: NOW,
            tries: 0,
            used_by: None,
        }
    }

    fn enrolled() -> Device {
        let request = request();
        Device {
            device: request.device,
            practitioner: PractitionerId::from_bytes([9; 16]),
            public_key: request.public_key,
            install: request.install,
            enrolled_at: NOW,
            revoked_at: None,
            replaced_at: None,
        }
    }

    fn check(rows: Vec<(&str, Code, Option<Device>, Verdict)>) {
        for (name, code, device, expected) in rows {
            let verdict = decide(&code, device.as_ref(), None, &request(), NOW);
            assert_eq!(verdict, expected, "{name}");
        }
    }

    #[test]
    fn an_unused_code_enrols_one_new_device_in_time_and_within_its_tries() {
        let tried = |tries| Code { tries, ..fresh() };
        let ended = Code {
            expires_at: NOW.plus(-1),
            ..fresh()
        };
        let other_key = Device {
            public_key: [8; 32],
            ..enrolled()
        };
        let (enrol, refuse, count) = (Verdict::Enrol, Verdict::Refuse, Verdict::CountAndRefuse);
        check(vec![
            ("fresh", fresh(), None, enrol),
            ("four failed attempts", tried(4), None, enrol),
            ("five failed attempts", tried(5), None, refuse),
            ("over", ended, None, refuse),
            ("a taken device id", fresh(), Some(other_key), count),
            ("a second code for it", fresh(), Some(enrolled()), count),
        ]);
    }

    #[test]
    fn a_used_code_answers_its_own_device_again_and_nobody_else() {
        let used = |by: [u8; 16]| Code {
            used_by: Some(by.to_vec()),
            ..fresh()
        };
        let with = |change: fn(&mut Device)| {
            let mut device = enrolled();
            change(&mut device);
            Some(device)
        };
        let refuse = Verdict::Refuse;
        let revoked = with(|device| device.revoked_at = Some(NOW));
        let other_key = with(|device| device.public_key = [8; 32]);
        let elsewhere = with(|device| device.install = [8; 16]);
        check(vec![
            ("the same", used(DEVICE), Some(enrolled()), Verdict::Repeat),
            ("another", used([5; 16]), Some(enrolled()), refuse),
            ("now another key", used(DEVICE), other_key, refuse),
            ("another installation", used(DEVICE), elsewhere, refuse),
            ("since revoked", used(DEVICE), revoked, refuse),
            ("its device unknown", used(DEVICE), None, refuse),
        ]);
    }

    #[test]
    fn a_devices_place_is_taken_with_its_key_and_a_code_of_the_same_practitioner() {
        let old_key = SigningKey::from_bytes(&[8; 32]);
        let old = Device {
            device: DeviceId::from_bytes([6; 16]),
            public_key: old_key.verifying_key().to_bytes(),
            ..enrolled()
        };
        let of_another = Device {
            practitioner: PractitionerId::from_bytes([8; 16]),
            ..old.clone()
        };
        let request = request().succeeding(old.device, &old_key);
        let stranger = SigningKey::from_bytes(&[5; 32]);
        let forged = self::request().succeeding(old.device, &stranger);
        let taken = Some(enrolled());
        for (name, known, old, request, expected) in [
            (
                "the same person's",
                None,
                Some(&old),
                &request,
                Verdict::Enrol,
            ),
            (
                "another's",
                None,
                Some(&of_another),
                &request,
                Verdict::OtherPractitioner,
            ),
            (
                "not known here",
                None,
                None,
                &request,
                Verdict::CountAndRefuse,
            ),
            (
                "without its key",
                None,
                Some(&old),
                &forged,
                Verdict::CountAndRefuse,
            ),
            (
                "by an id that is taken",
                taken,
                Some(&old),
                &request,
                Verdict::CountAndRefuse,
            ),
        ] {
            let verdict = decide(&fresh(), known.as_ref(), old, request, NOW);
            assert_eq!(verdict, expected, "{name}");
        }
    }

    #[test]
    fn without_the_key_a_code_is_not_used_up_but_counted() {
        let mut request = request();
        request.proof = [0; 64];
        assert_eq!(
            decide(&fresh(), None, None, &request, NOW),
            Verdict::CountAndRefuse
        );
        let used = Code {
            used_by: Some(DEVICE.to_vec()),
            ..fresh()
        };
        assert_eq!(
            decide(&used, Some(&enrolled()), None, &request, NOW),
            Verdict::Refuse
        );
    }
}
