"""Two devices and a server: offline and back, conflicts, refusals, revocation, listeners that throw."""

import asyncio
import threading

from world import World, grams, prose, samspor, until
from samspor import LogLevel, LogSink, SamsporError, SyncListener, TimelinePage


class Listener(SyncListener):
    """Notes what it is told; throws each time where it is to."""

    def __init__(self, error=None):
        self.error = error
        self.lock = threading.Lock()
        self.told = []

    def note(self, what, value=None):
        with self.lock:
            self.told.append((what, value))
        if self.error:
            raise self.error

    def heard(self, what):
        with self.lock:
            return [value for name, value in self.told if name == what]

    def progressed(self, progress):
        self.note("progressed", progress)

    def status_changed(self, status):
        self.note("status", status)

    def records_changed(self):
        self.note("records")

    def conflicts_changed(self, waiting):
        self.note("conflicts", waiting)

    def ended(self, error):
        self.note("ended", error)


class Lines(LogSink):
    def __init__(self, error=None):
        self.error = error
        self.records = []

    def log(self, record):
        self.records.append(record)
        if self.error:
            raise self.error


class Together(World):
    async def pair(self):
        one, other = await self.device("Mette"), await self.device("Signe")
        case = await self.case(one)
        note = await one.write(case, "home_visit", [prose("Set af Mette", "seen")])
        await one.sync()
        await other.sync()
        return one, other, case, note

    async def test_what_was_written_offline_on_two_devices_is_on_both_afterwards(self):
        one, other, case, note = await self.pair()
        self.server.stop()
        first = await one.write(case, "note", [prose("Uden dækning på Ærø")])
        second = await other.write(case, "note", [prose("I kælderen på skolen")])
        seen = "Set af Mette"
        await one.edit_text(note, "seen", seen, [samspor.Splice(at=0, delete=0, insert="Godt ")])
        await other.edit_text(note, "seen", seen, [samspor.Splice(at=12, delete=0, insert=" og Signe")])
        with self.assertRaises(SamsporError.NoContact) as refused:
            await one.sync()
        self.assertEqual(refused.exception.code, "no_contact")
        self.assertEqual((await one.status()).last_failure.code, "no_contact")
        self.server.start()
        for device in [one, other, one]:
            report = await device.sync()
            self.assertTrue(report.in_sync and report.all_sent, report)
        for device in [one, other]:
            rows = await device.timeline(case, TimelinePage())
            self.assertEqual({row.document for row in rows}, {first, second, note})
            self.assertEqual(await self.text(device, note, "seen"), "Godt Set af Mette og Signe")
            self.assertTrue(all(row.state == samspor.EntryState.DELIVERED for row in rows))
        page = await one.timeline(case, TimelinePage(limit=2))
        rest = await one.timeline(case, TimelinePage(before=page[-1].position, limit=2))
        self.assertEqual(len(page) + len(rest), 3)

    async def test_two_values_written_at_once_wait_for_a_choice(self):
        one, other, _, note = await self.pair()
        await one.edit(note, [grams("3450")])
        await other.edit(note, [grams("3540")])
        for device in [one, other, one]:
            await device.sync()
        conflict, = await one.conflicts()
        self.assertEqual((conflict.document, conflict.field, conflict.shown), (note, "weight", None))
        amounts = {value.value.amount for value in conflict.values}
        authors = {value.author for value in conflict.values}
        self.assertEqual(amounts, {"3450", "3540"})
        self.assertEqual(authors, {self.practitioner("Mette"), self.practitioner("Signe")})
        for refused, code in [(one.edit(note, [grams("3500")]), "in_conflict"), (one.sign(note), "unsignable")]:
            with self.assertRaises(SamsporError.Refused) as error:
                await refused
            self.assertEqual((error.exception.code, error.exception.fields), (code, ["weight"]))
        await one.choose(note, "weight", conflict.values[0].value)
        await one.sync()
        await other.sync()
        self.assertEqual(await other.conflicts(), [])

    async def test_what_came_too_late_lies_in_the_box_and_goes_on_as_an_addendum(self):
        one, other, case, note = await self.pair()
        await one.sign(note)
        await one.sync()
        await other.edit(note, [grams("3450")])
        report = await other.sync()
        self.assertEqual(report.refused, 1)
        box, = await other.not_delivered()
        self.assertEqual((box.document, box.reason), (note, "signed"))
        self.assertIn(samspor.WayOut.ADDENDUM, box.ways_out)
        typed = {field.name for field in box.written[0].fields}
        self.assertEqual(typed, {"weight"})
        self.assertIn("3450", await other.export_not_delivered(box.id))
        draft = await other.addendum_of_not_delivered(box.id, samspor.Language.DANISH)
        self.assertEqual(await other.not_delivered(), [])
        self.assertIn("3.450 g", await self.text(other, draft))
        added = await other.publish(draft)
        await other.sync()
        await one.sync()
        row, = await one.timeline(case, TimelinePage())
        self.assertEqual([one.document for one in row.additions], [added])

    async def test_a_revoked_device_hands_over_and_erases_itself(self):
        one, _, case, _ = await self.pair()
        await one.write(case, "note", [prose("Venter endnu")])
        identity = await one.identity()
        self.server.admin("device", "revoke", identity.device)

        async def revoked():
            try:
                await one.sync()
            except SamsporError.Revoked as error:
                return error.code
            return None

        self.assertEqual(await until("it is told", revoked), "handed_over")
        with self.assertRaises(SamsporError.Revoked):
            await one.timeline(case, TimelinePage())
        await one.wipe(False)
        self.assertIsNone(self.keys("Mette").read_key())

    async def test_a_live_sync_tells_what_comes_and_ends_when_it_is_stopped(self):
        one, other, case, _ = await self.pair()
        listener = Listener()
        live = await one.watch(listener)
        await until("it stands in sync", lambda: any(s.in_sync for s in listener.heard("status")))
        with self.assertRaises(SamsporError.Refused) as refused:
            await one.sync()
        self.assertEqual(refused.exception.code, "sync_running")
        told = len(listener.heard("records"))
        note = await other.write(case, "note", [prose("Kommer af sig selv")])
        await other.sync()
        await until("it came", lambda: self.is_there(one, note))
        await until("it was told", lambda: len(listener.heard("records")) > told)
        report = await live.stop()
        self.assertTrue(report.in_sync)
        await until("its end was told", lambda: listener.heard("ended") == [None])

    async def is_there(self, device, document):
        return await device.row(document)

    async def test_a_listener_and_a_log_that_throw_lose_nothing_and_say_nothing_of_it(self):
        one, other, case, _ = await self.pair()
        lines = Lines(RuntimeError("Åse Østergård"))
        samspor.set_log_sink(lines, LogLevel.DEBUG)
        self.addCleanup(samspor.set_log_sink, None, LogLevel.ERROR)
        listener = Listener(RuntimeError("Åse Østergård"))
        live = await one.watch(listener)
        notes = []
        for number in range(3):
            notes.append(await other.write(case, "note", [prose(f"Nummer {number}")]))
            await other.sync()
            await until("it came", lambda: self.is_there(one, notes[-1]))
        mine = await one.write(case, "note", [prose("Min egen")])
        await until("it went", lambda: self.is_delivered(one, mine))
        await live.stop()
        self.assertTrue(listener.heard("records"))
        failed = await until("it was logged", lambda: [r for r in lines.records if r.message == "listener_failed"])
        self.assertTrue(all(r.target.startswith("samspor") for r in failed))
        self.assertFalse([r for r in lines.records if "Åse" in r.message])

    async def is_delivered(self, device, document):
        row = await device.row(document)
        return row.state == samspor.EntryState.DELIVERED

    async def test_a_lock_ends_a_live_sync_and_one_that_nobody_holds_ends_by_itself(self):
        one, _, _, _ = await self.pair()
        listener = Listener()
        live = await one.watch(listener)
        await until("it has begun", lambda: listener.heard("status"))
        await one.lock()
        await live.ended()
        await one.unlock()
        again = Listener()
        live = await one.watch(again)
        await until("it has begun", lambda: again.heard("status"))
        del live
        await until("its end was told", lambda: again.heard("ended") == [None])
        report = await one.sync_within(20_000)
        self.assertTrue(report.in_sync and not report.out_of_time, report)

    async def test_a_sync_that_was_cancelled_goes_on_and_one_that_was_stopped_can_begin_again(self):
        one, other, case, _ = await self.pair()
        note = await one.write(case, "note", [prose("Sendt alligevel")])
        syncing = asyncio.create_task(one.sync())
        await asyncio.sleep(0)
        syncing.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await syncing
        await until("it went", lambda: self.is_delivered(one, note))
        one.stop_sync()

        async def synced():
            try:
                return await one.sync()
            except SamsporError.Refused as error:
                self.assertEqual(error.code, "sync_running")
                return None

        report = await until("the sync before has ended", synced)
        self.assertTrue(report.in_sync, report)
