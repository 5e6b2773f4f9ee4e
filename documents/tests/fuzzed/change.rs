//! Changes of three devices that meet at a server: one hostile, whose changes are altered under a checksum that holds,
//! byte by byte or operation by operation, or written by the library alone; one that writes offline meanwhile, and one that starts from nothing. What the server takes, everybody takes, and
//! all say the same.

use super::{
    made::{self, CHANGE, authoring, begun, content, holds, sealed},
    rebuilt,
    script::Script,
};
use samspor_documents::{
    document::{self, Document},
    guard::{self, Applied},
    id::DeviceId,
    template::{Template, Templates},
};

const HONEST: u8 = 1;
const HOSTILE: u8 = 2;
/// Steps of one input.
const STEPS_MAX: usize = 16;

struct World {
    template: &'static Template,
    server: Document,
    /// What the server took, in its order.
    log: Vec<Vec<u8>>,
    honest: Document,
    /// How many of the log the honest device has.
    received: usize,
    /// What the honest device has not sent.
    unsent: Vec<Vec<u8>>,
    minute: i64,
    /// Whether the server took a change that no edit of ours makes.
    got_in: bool,
}

pub fn run(input: &[u8]) -> bool {
    let mut script = Script(input);
    let templates = Templates::built_in().all();
    let template = templates
        .get(script.one_of(templates.len()))
        .expect("there are templates");
    // Only the newest version is begun by its name.
    let template = Templates::built_in()
        .latest(&template.name)
        .expect("its own name");
    let (honest, first) = begun(template);
    let server = guard::load(&honest.save(), made::SNAPSHOT_BYTES_MAX).expect("just saved");
    let mut world = World {
        template,
        server,
        log: vec![first],
        honest,
        received: 1,
        unsent: Vec::new(),
        minute: 0,
        got_in: false,
    };
    for _ in 0..STEPS_MAX {
        if script.0.is_empty() {
            break;
        }
        world.step(&mut script);
    }
    world.send();
    world.receive();
    world.compare();
    world.got_in
}

impl World {
    fn step(&mut self, script: &mut Script<'_>) {
        self.minute += 1;
        match script.byte() % 8 {
            0 | 1 => self.write(script),
            2 => self.send(),
            3 => self.receive(),
            4 => self.altered(script, |_, bytes, script| {
                let mut altered = content(bytes).to_vec();
                for _ in 0..script.byte() % 4 {
                    alter(&mut altered, script);
                }
                Some(sealed(CHANGE, &altered))
            }),
            5 => self.altered(script, |world, bytes, script| {
                let facts: Vec<_> = world.log.iter().map(|one| rebuilt::facts_of(one)).collect();
                rebuilt::rebuilt(bytes, &rebuilt::known(&facts), script)
            }),
            6 => {
                let who = authoring(HOSTILE, script.byte() % 2, self.minute);
                let written = rebuilt::through_the_library(&self.server, &who, script);
                self.got_in |= written.is_some_and(|bytes| self.submit(&bytes));
            }
            _ => {
                let length = script.number();
                let bytes = sealed(CHANGE, script.take(length));
                self.got_in |= self.submit(&bytes);
            }
        }
    }

    fn write(&mut self, script: &mut Script<'_>) {
        let edit = made::edit(self.template, script);
        let who = authoring(HONEST, 1, self.minute);
        if let Ok(Some(bytes)) = self.honest.edit(Templates::built_in(), &[edit], &who) {
            guard::check_change(&bytes, &document::CHANGE).expect("an edit is within the limits");
            self.unsent.push(bytes);
        }
    }

    fn send(&mut self) {
        for bytes in std::mem::take(&mut self.unsent) {
            let applied = guard::apply(&mut self.server, &bytes);
            assert_eq!(
                applied,
                Ok(Applied::New),
                "the server refused an honest change"
            );
            self.log.push(bytes);
        }
    }

    fn receive(&mut self) {
        for bytes in self.log.iter().skip(self.received) {
            let applied = guard::apply(&mut self.honest, bytes);
            assert!(applied.is_ok(), "refused what the server took: {applied:?}");
        }
        self.received = self.log.len();
    }

    /// An edit on top of what the server holds, altered, is brought to the server. What comes out as it was is an edit
    /// like any other.
    fn altered(
        &mut self,
        script: &mut Script<'_>,
        alter: impl FnOnce(&Self, &[u8], &mut Script<'_>) -> Option<Vec<u8>>,
    ) {
        let mut copy =
            guard::load(&self.server.save(), made::SNAPSHOT_BYTES_MAX).expect("the server's own");
        let who = authoring(HOSTILE, script.byte() % 2, self.minute);
        let edit = made::edit(self.template, script);
        let Ok(Some(bytes)) = copy.edit(Templates::built_in(), &[edit], &who) else {
            return;
        };
        let Some(altered) = alter(self, &bytes, script) else {
            return;
        };
        let taken = self.submit(&altered);
        self.got_in |= taken && altered != bytes;
    }

    /// As a server takes a change: the guard, whose device it is, the document. Refused, it changes nothing. Whether it
    /// was taken.
    fn submit(&mut self, bytes: &[u8]) -> bool {
        let Ok(facts) = guard::check_change(bytes, &document::CHANGE) else {
            return false;
        };
        let device = rebuilt::actor_of(&facts).map(|actor| actor.device());
        if device.is_none_or(|device| device == DeviceId::from_bytes([HONEST; 16])) {
            return false;
        }
        let before = self.server.heads();
        match guard::apply(&mut self.server, bytes) {
            Ok(Applied::New) => {
                self.log.push(bytes.to_vec());
                true
            }
            Ok(Applied::Already) => false,
            Err(_) => {
                let after = self.server.heads();
                assert_eq!(after, before, "refused, and changed something");
                false
            }
        }
    }

    fn compare(&self) {
        let said = holds(&self.server);
        let fresh = guard::load_changes(self.log.iter().map(Vec::as_slice), &document::CHANGE)
            .expect("what the server took");
        for other in [&self.honest, &fresh] {
            assert_eq!(other.heads(), self.server.heads(), "other heads");
            assert!(
                other.reading(Templates::built_in()) == said,
                "another reading"
            );
        }
    }
}

/// Alters one byte, counted from the end: there stand the columns, and in front what says whose change it is.
fn alter(bytes: &mut Vec<u8>, script: &mut Script<'_>) {
    let place = bytes.len() - 1 - script.one_of(bytes.len());
    match script.byte() % 6 {
        0 => bytes.insert(place, script.byte()),
        1 if bytes.len() > 1 => drop(bytes.remove(place)),
        how => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = match how {
                    2 => byte.wrapping_add(1),
                    3 => byte.wrapping_sub(1),
                    4 => *byte ^ 0x7f,
                    _ => script.byte(),
                };
            }
        }
    }
}

/// For every template: both write something, and the hostile device brings its own change as it is or altered, altered
/// operation by operation, and one of the library's.
pub fn seeds() -> Vec<Vec<u8>> {
    let count = u16::try_from(Templates::built_in().all().len()).expect("few templates");
    let mut seeds = Vec::new();
    for template in 0..count {
        for field in [0, 3, 7] {
            let mut seed = template.to_be_bytes().to_vec();
            let edit = [0, field, 0, 0, 0, 5, 3, b'a', b'b', b'c'];
            seed.push(0);
            seed.extend(edit);
            seed.extend([4, field % 2]);
            seed.extend(edit);
            seed.extend([field % 2, 0, 40, 2, field]);
            seed.extend([2, 3, 5, 0]);
            seed.extend(edit);
            seed.extend([1, 0, 0, 6 + field, 8, 1, b'x', 0, 0, 14]);
            seed.extend([
                6, 1, 1, 0, field, 2, 0, field, 5, 8, 2, b'h', b'i', 0, 2, 3, 0, 1, 7,
            ]);
            seed.extend([2, 3, 0, 0, field, 0, 0, 0, 6, 1, b'z']);
            seeds.push(seed);
        }
    }
    seeds
}
