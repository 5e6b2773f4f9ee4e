"""One device by itself: its key, its locks, its writes, whatever becomes of who waits for them."""

import asyncio
import threading

from world import (
    Device,
    Edit,
    KeyStore,
    Value,
    World,
    grams,
    prose,
    samspor,
    until,
)
from samspor import CaseFilter, Search, SamsporError, Splice, TimelinePage


class WaitingKeys(KeyStore):
    """A key store that waits for a person, as for a fingerprint."""

    def __init__(self, keys):
        self.keys = keys
        self.asked = threading.Event()
        self.allowed = threading.Event()

    def read_key(self):
        self.asked.set()
        self.allowed.wait(60)
        return self.keys.read_key()

    def keep_key(self, key):
        self.keys.keep_key(key)

    def forget_key(self):
        self.keys.forget_key()


class ThrowingKeys(KeyStore):
    def __init__(self, error):
        self.error = error

    def read_key(self):
        raise self.error

    def keep_key(self, key):
        raise self.error

    def forget_key(self):
        raise self.error


class OtherKeys(KeyStore):
    def __init__(self, key):
        self.key = key

    def read_key(self):
        return self.key

    def keep_key(self, key):
        self.key = key

    def forget_key(self):
        self.key = None


class Alone(World):
    async def test_another_key_opens_nothing_and_the_right_one_still_does(self):
        device = await self.device("Mette")
        await device.lock()
        for key, code in [(bytes(32), "wrong_key"), (b"short", "bad_key"), (None, "no_key")]:
            with self.assertRaises(SamsporError.Key) as refused:
                await Device.open(self.place("Mette"), OtherKeys(key))
            self.assertEqual(refused.exception.code, code)
        opened = await Device.open(self.place("Mette"), self.keys("Mette"))
        self.assertIsNotNone(await opened.identity())
        await opened.lock()

    async def test_whatever_a_key_store_throws_is_an_error_that_repeats_nothing_of_it(self):
        for error, code in [
            (RuntimeError("Åse Østergård"), "key_store_failed"),
            (samspor.KeyStoreError.Locked(), "key_store_locked"),
        ]:
            with self.assertRaises(SamsporError.Key) as refused:
                await Device.create(self.place("Mette"), ThrowingKeys(error))
            self.assertEqual(refused.exception.code, code)
            self.assertNotIn("Åse", repr(refused.exception) + str(refused.exception))

    async def test_a_key_store_that_waits_for_a_person_stops_nobody_else(self):
        device = await self.device("Mette")
        await device.lock()
        keys = WaitingKeys(self.keys("Mette"))
        opening = asyncio.create_task(Device.open(self.place("Mette"), keys))
        await until("the key store is asked", keys.asked.is_set)
        other = await Device.create(self.place("Signe"), self.keys("Signe"))
        self.assertIsNone(await other.identity())
        self.assertFalse(opening.done())
        keys.allowed.set()
        opened = await opening
        self.assertIsNotNone(await opened.identity())
        for one in [other, opened]:
            await one.lock()

    async def test_a_lock_overtakes_an_unlocking_that_waits_for_a_person(self):
        keys = WaitingKeys(self.keys("Mette"))
        keys.allowed.set()
        device = await Device.create(self.place("Mette"), keys)
        await device.lock()
        keys.asked.clear()
        keys.allowed.clear()
        unlocking = asyncio.create_task(device.unlock())
        await until("the key store is asked", keys.asked.is_set)
        await device.lock()
        keys.allowed.set()
        with self.assertRaises(SamsporError.Locked):
            await unlocking
        with self.assertRaises(SamsporError.Locked):
            await device.identity()
        await device.unlock()
        self.assertIsNone(await device.identity())
        await device.lock()

    async def test_locked_it_reads_and_writes_nothing_and_unlocked_it_has_everything(self):
        device = await self.device("Mette")
        case = await self.case(device)
        note = await device.write(case, "note", [prose("Skrevet før låsen")])
        await device.lock()
        for refused in [device.read(note), device.status(), device.sync(), device.cases(CaseFilter())]:
            with self.assertRaises(SamsporError.Locked) as locked:
                await refused
            self.assertEqual(locked.exception.code, "closed")
        await device.unlock()
        await device.unlock()
        self.assertEqual(await self.text(device, note), "Skrevet før låsen")

    async def test_a_write_that_nobody_waits_for_any_more_is_there(self):
        device = await self.device("Mette")
        case = await self.case(device)
        texts = [f"Afbrudt {number}" for number in range(20)]
        for text in texts:
            writing = asyncio.create_task(device.write(case, "note", [prose(text)]))
            await asyncio.sleep(0)
            writing.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await writing

        async def all_there():
            rows = await device.timeline(case, TimelinePage())
            return len(rows) == len(texts) and rows

        rows = await until("what was written is there", all_there)
        found = {await self.text(device, row.document) for row in rows}
        self.assertEqual(found, set(texts))
        self.assertEqual((await device.status()).waiting, 2 + len(texts))

    async def test_killed_in_the_middle_of_writing_it_has_all_that_it_said_it_had(self):
        device = await self.device("Mette")
        case = await self.case(device)
        await device.lock()
        place, keys = self.place("Mette"), self.keys("Mette")
        writer = self.child("writer.py", place.folder, str(keys.path), case)
        said = [writer.stdout.readline().strip() for _ in range(10)]
        writer.kill()
        said += [line.strip() for line in writer.stdout if line.endswith("\n")]
        await device.unlock()
        self.assertGreaterEqual(len(said), 10)
        for number, note in enumerate(said):
            self.assertEqual(await self.text(device, note), f"Notat {number} på Ærø")
        report = await device.sync()
        self.assertTrue(report.in_sync and report.all_sent, report)

    async def test_a_process_that_ends_in_the_middle_of_everything_ends_well(self):
        device = await self.device("Mette")
        case = await self.case(device)
        await device.lock()
        place, keys = self.place("Mette"), self.keys("Mette")
        for _ in range(5):
            process = self.child("quick_end.py", place.folder, str(keys.path), case)
            said = process.communicate(timeout=60)[0].split()
            self.assertEqual((said, process.returncode), (["written"], 0))
        await device.unlock()
        rows = await device.timeline(case, TimelinePage())
        self.assertEqual(len(rows), 25)

    async def test_a_full_disk_is_an_error_of_its_own_and_loses_nothing(self):
        device = await self.device("Mette")
        case = await self.case(device)
        await device.lock()
        place, keys = self.place("Mette"), self.keys("Mette")
        writer = self.child("full_disk.py", place.folder, str(keys.path), case)
        said = writer.communicate(timeout=60)[0].split()
        self.assertEqual(writer.returncode, 0)
        self.assertEqual(said[0], "disk_full")
        await device.unlock()
        self.assertEqual(await self.text(device, said[1]), "Der er plads igen")

    async def test_forms_are_drawn_from_data_and_what_a_template_refuses_names_its_field(self):
        device = await self.device("Mette")
        templates = await device.templates()
        visit = next(one for one in templates if one.name == "home_visit" and one.latest)
        fields = {field.name: field for field in visit.fields}
        weight = fields["weight"]
        self.assertTrue(weight.missing and weight.merge == samspor.MergeRule.KEEP_ALL)
        grams_of = next(unit for unit in weight.holds.units if unit.unit == "g")
        self.assertLess(float(grams_of.least), float(grams_of.most))
        self.assertTrue(fields["visit_type"].holds.codes[0].labels.da)
        self.assertEqual([len(samspor.missing_reasons())], [4])
        case = await self.case(device)
        for edit, code in [
            (grams(grams_of.most + "0"), "impossible"),
            (Edit.SET(field="weight", value=Value.QUANTITY(amount="3", unit="pund")), "unknown_unit"),
            (Edit.SET(field="weight", value=Value.BOOLEAN(yes=True)), "wrong_type"),
        ]:
            with self.assertRaises(SamsporError.Refused) as refused:
                await device.draft(case, "home_visit", [edit])
            self.assertEqual((refused.exception.code, refused.exception.fields), (code, ["weight"]))
        with self.assertRaises(SamsporError.Refused) as refused:
            await device.read("ingen id")
        self.assertEqual(refused.exception.code, "bad_id")

    async def test_a_draft_is_typed_at_places_published_found_signed_and_added_to(self):
        device = await self.device("Mette")
        case = await self.case(device)
        draft = await device.draft(case, "note", [prose("Åse sover godt.")])
        seen = "Åse sover godt."
        self.assertTrue(await device.edit_text(draft, "text", seen, [Splice(at=0, delete=0, insert="Lille ")]))
        stale = samspor.utf16_splice(seen, 14, 0, " om natten")
        self.assertTrue(await device.edit_text(draft, "text", seen, [stale]))
        self.assertEqual(await self.text(device, draft), "Lille Åse sover godt om natten.")
        self.assertEqual([row.document for row in await device.drafts()], [draft])
        note = await device.publish(draft)
        self.assertEqual(await device.drafts(), [])

        async def found():
            page = await device.search(Search(text="natten ase"))
            return [hit.row.document for hit in page.hits]

        self.assertEqual(await until("it is found", found), [note])
        await device.sign(note)
        with self.assertRaises(SamsporError.Refused) as refused:
            await device.edit(note, [prose("For sent")])
        self.assertEqual(refused.exception.code, "signed")
        addendum = await device.draft_addition(note, "addendum", [prose("Det var en tirsdag.")])
        added = await device.publish(addendum)
        row = await device.row(note)
        self.assertEqual([one.document for one in row.additions], [added])
        self.assertEqual(row.state, samspor.EntryState.SIGNED_NOT_RECEIVED)

    async def test_what_is_due_and_planned_is_known_with_no_network(self):
        device = await self.device("Mette")
        self.server.stop()
        case = await device.open_case(
            self.team,
            [prose("Lille Ærø", "name"), Edit.SET(field="birth_date", value=Value.DATE(day="2026-11-01"))],
        )
        due = await device.due("2026-11-05", samspor.DueFilter(which=samspor.DueWhich.ALL))
        self.assertIn(case, [row.case for row in due])
        now = samspor.Moment(at=1_790_000_000_000, offset_minutes=60)
        contact = await device.plan_contact(case, now)
        started = await device.start_visit(
            samspor.VisitStart(case=case, template="home_visit", contact=contact)
        )
        contacts = await device.contacts(samspor.ContactFilter(which=samspor.Contacts.NOTE_MISSING))
        self.assertEqual([row.document for row in contacts], [contact])
        reading = await device.read(started.draft)
        self.assertEqual(reading.subject, case)

    async def test_a_visit_begins_from_the_last_and_what_is_unchanged_is_said_in_one_step(self):
        device = await self.device("Mette")
        case = await self.case(device)
        templates = await device.templates()
        visit = next(one for one in templates if one.name == "home_visit" and one.latest)
        fields = {field.name: field for field in visit.fields}

        def coded(name, short):
            code = next(one.code for one in fields[name].holds.codes if short in (None, one.name))
            return Edit.SET(field=name, value=Value.CODE(code=code))

        as_it_was = coded("sleep", None)
        first_visit = [coded("visit_type", "postnatal"), coded("contact_form", "home"), as_it_was]
        at = samspor.Moment(at=1_790_000_000_000, offset_minutes=120)
        last = await device.write(case, "home_visit", first_visit, at)
        begun = await device.begin_from_last(case, "home_visit")
        self.assertEqual((begun.last, begun.last_at.at), (last, 1_790_000_000_000))
        self.assertIn("sleep", [one.field for one in begun.unchanged])
        said = await device.say_unchanged(begun.draft, ["sleep"])
        self.assertEqual([one.field for one in said], ["sleep"])
        reading = await device.read(begun.draft)
        state = next(field for field in reading.fields if field.name == "sleep").state
        self.assertEqual(state.value.value, as_it_was.value)
        self.assertNotIn("sleep", [one.field for one in (await device.from_last(begun.draft)).unchanged])
        self.assertIn(last, [row.entry.document for row in await device.incomplete()])

    async def test_it_is_wiped_only_when_nothing_waits_or_that_is_given_up(self):
        device = await self.device("Mette")
        case = await self.case(device)
        with self.assertRaises(SamsporError.Refused) as refused:
            await device.wipe(False)
        self.assertEqual(refused.exception.code, "undelivered")
        note = await device.write(case, "note", [prose("Stadig her")])
        self.assertEqual(await self.text(device, note), "Stadig her")
        await device.sync()
        await device.wipe(False)
        self.assertIsNone(self.keys("Mette").read_key())
        with self.assertRaises(SamsporError.Locked):
            await device.read(note)
        await device.wipe(False)
        with self.assertRaises(SamsporError.Key):
            await Device.open(self.place("Mette"), self.keys("Mette"))
        given_up = await self.device("Signe")
        await self.case(given_up)
        await given_up.wipe(True)
        self.assertIsNone(self.keys("Signe").read_key())
