package dk.samspor

import java.time.LocalDate
import java.time.OffsetDateTime
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** One device by itself: its key, its locks, its writes, whatever becomes of who waits for them. */
class AloneTest : World() {
    /** A key store that answers as it is told to. */
    private class Keys(val read: () -> ByteArray?) : KeyStore {
        override fun readKey() = read()
        override fun keepKey(key: ByteArray) = Unit
        override fun forgetKey() = Unit
    }

    @Test
    fun `another key opens nothing and the right one still does`() = story {
        device("Mette").lock()
        for ((key, code) in listOf(ByteArray(32) to "wrong_key", ByteArray(5) to "bad_key", null to "no_key")) {
            val error = refused<SamsporException.Key> { Device.open(place("Mette"), Keys { key }) }
            assertEquals(code, error.code)
        }
        assertNotNull(kept(Device.open(place("Mette"), keys("Mette"))).identity())
    }

    @Test
    fun `whatever a key store throws is an error that repeats nothing of it`() = story {
        val thrown = listOf(
            IllegalStateException("Åse Østergård") to "key_store_failed",
            KeyStoreException.Locked() to "key_store_locked",
        )
        for ((exception, code) in thrown) {
            val error = refused<SamsporException.Key> { Device.create(place("Mette"), Keys { throw exception }) }
            assertEquals(code, error.code)
            assertFalse("Åse" in "$error ${error.message} ${error.stackTraceToString()}")
        }
    }

    @Test
    fun `a key store that waits for a person stops nobody else`() = story {
        device("Mette").lock()
        val asked = CountDownLatch(1)
        val allowed = CountDownLatch(1)
        val keys = Keys {
            asked.countDown()
            allowed.await()
            keys("Mette").readKey()
        }
        coroutineScope {
            val opening = async { kept(Device.open(place("Mette"), keys)) }
            until("the key store is asked") { Unit.takeIf { asked.count == 0L } }
            assertNull(kept(Device.create(place("Signe"), keys("Signe"))).identity())
            assertFalse(opening.isCompleted)
            allowed.countDown()
            assertNotNull(opening.await().identity())
        }
    }

    @Test
    fun `locked it reads and writes nothing and unlocked it has everything`() = story {
        val device = device("Mette")
        val note = device.write(case(device), "note", listOf("text" says "Skrevet før låsen"))
        device.lock()
        for (call in listOf<suspend () -> Unit>({ device.read(note) }, { device.status() }, { device.sync() })) {
            assertEquals("closed", refused<SamsporException.Locked> { call() }.code)
        }
        device.unlock()
        device.unlock()
        assertEquals("Skrevet før låsen", text(device, note))
    }

    @Test
    fun `a write whose coroutine was cancelled is there`() = story {
        val device = device("Mette")
        val case = case(device)
        val texts = (0 until 20).map { "Afbrudt $it" }
        coroutineScope {
            for (text in texts) {
                val writing = launch(start = CoroutineStart.UNDISPATCHED) {
                    device.write(case, "note", listOf("text" says text))
                }
                writing.cancel()
                writing.join()
                assertTrue(writing.isCancelled)
            }
        }
        val rows = until("what was written is there") {
            device.timeline(case, TimelinePage()).takeIf { it.size == texts.size }
        }
        assertEquals(texts.toSet(), rows.map { text(device, it.document) }.toSet())
    }

    @Test
    fun `killed in the middle of writing it has all that it said it had`() = story {
        val device = device("Mette")
        val case = case(device)
        device.lock()
        val writer = child("dk.samspor.WriterKt", place("Mette").folder, "$folder/Mette.key", case, "1")
        val out = writer.inputReader()
        val said = (0 until 10).mapTo(ArrayList()) { requireNotNull(out.readLine()) }
        // By its handle: a process that is destroyed as such takes what it had said with it.
        writer.toHandle().destroyForcibly()
        out.readText().split("\n").dropLast(1).forEach { said.add(it) }
        device.unlock()
        said.forEachIndexed { number, note -> assertEquals("Notat $number på Ærø", text(device, note)) }
        val report = device.sync()
        assertTrue(report.inSync && report.allSent, "$report")
    }

    @Test
    fun `a full disk is an error of its own and loses nothing`() = story {
        val device = device("Mette")
        val case = case(device)
        device.lock()
        val room = "prlimit --fsize=2097152:2097152".split(" ")
        val arguments = arrayOf(place("Mette").folder, "$folder/Mette.key", case, "1000")
        val writer = child("dk.samspor.WriterKt", *arguments, before = room)
        val said = writer.inputReader().readText().trim().split("\n")
        assertEquals(0, writer.waitFor())
        assertEquals("disk_full", said.last())
        device.unlock()
        for (note in said.dropLast(1)) assertNotNull(text(device, note))
        assertNotNull(device.write(case, "note", listOf("text" says "Der er plads igen")))
    }

    @Test
    fun `forms are drawn from data and what a template refuses names its field`() = story {
        val device = device("Mette")
        val visit = device.templates().first { it.name == "home_visit" && it.latest }
        val weight = visit.fields.first { it.name == "weight" }
        assertEquals(MergeRule.KEEP_ALL, weight.merge)
        val grams = (weight.holds as FieldHolds.Quantity).units.first { it.unit == "g" }
        val case = case(device)
        val wrong = listOf(
            Value.Quantity(grams.most + "0", "g") to "impossible",
            3.of("pund") to "unknown_unit",
            Value.Boolean(true) to "wrong_type",
        )
        for ((value, code) in wrong) {
            val error = refused<SamsporException.Refused> { device.draft(case, "home_visit", listOf("weight" says value)) }
            assertEquals(code to listOf("weight"), error.code to error.fields)
        }
        assertEquals("bad_id", refused<SamsporException.Refused> { device.read("ingen id") }.code)
    }

    @Test
    fun `a draft is typed at places published found signed and added to`() = story {
        val device = device("Mette")
        val case = case(device)
        val seen = "Åse 😀 sover godt."
        val draft = device.draft(case, "note", listOf("text" says seen))
        assertTrue(device.replaceText(draft, "text", seen, 0, 0, "Lille "))
        assertTrue(device.replaceText(draft, "text", seen, seen.length - 1, 0, " om natten"))
        assertEquals("Lille Åse 😀 sover godt om natten.", text(device, draft))
        val note = device.publish(draft)
        assertEquals(emptyList<DraftRow>(), device.drafts())
        val found = until("it is found") { device.searchHits(Search("natten ase")).toList().ifEmpty { null } }
        assertEquals(listOf(note), found.map { it.row.document })
        device.sign(note)
        val late = refused<SamsporException.Refused> { device.edit(note, listOf("text" says "For sent")) }
        assertEquals("signed", late.code)
        val added = device.publish(device.draftAddition(note, "addendum", listOf("text" says "Det var en tirsdag.")))
        val row = requireNotNull(device.row(note))
        assertEquals(listOf(added), row.additions.map { it.document })
        assertEquals(EntryState.SIGNED_NOT_RECEIVED, row.state)
    }

    @Test
    fun `a timeline is read page by page and only as far as it is collected`() = story {
        val device = device("Mette")
        val case = case(device)
        val written = (0 until 5).map { device.write(case, "note", listOf("text" says "Notat $it")) }
        val rows = device.timelineRows(case, pageSize = 2u).map { it.document }
        assertEquals(written.toSet(), rows.toList().toSet())
        assertEquals(rows.toList().take(3), rows.take(3).toList())
    }

    @Test
    fun `times and days are what java has`() {
        val time = OffsetDateTime.parse("2026-07-01T10:30:00+02:00")
        assertEquals(Moment(1782894600000, 120), time.toMoment())
        assertEquals(time, time.toMoment().toOffsetDateTime())
        assertEquals(LocalDate.of(2026, 11, 3), LocalDate.of(2026, 11, 3).toDay().toLocalDate())
    }

    @Test
    fun `what is due and planned is known with no network`() = story {
        val device = device("Mette")
        server.stop()
        val born = Value.Date(LocalDate.of(2026, 11, 1).toDay())
        val case = device.openCase(team, listOf("name" says "Lille Ærø", "birth_date" says born))
        val due = device.due("2026-11-05", DueFilter(DueWhich.ALL))
        assertTrue(due.any { it.case == case })
        val contact = device.planContact(case, OffsetDateTime.parse("2026-10-01T10:00:00+02:00").toMoment())
        val started = device.startVisit(VisitStart(case, "home_visit", contact))
        val missing = device.contacts(ContactFilter(Contacts.NOTE_MISSING))
        assertEquals(listOf(contact), missing.map { it.document })
        assertEquals(case, device.read(started.draft).subject)
    }

    @Test
    fun `it is wiped only when nothing waits or that is given up`() = story {
        val device = device("Mette")
        case(device)
        assertEquals("undelivered", refused<SamsporException.Refused> { device.wipe(false) }.code)
        device.sync()
        device.wipe(false)
        assertNull(keys("Mette").readKey())
        refused<SamsporException.Key> { Device.open(place("Mette"), keys("Mette")) }
        val givenUp = device("Signe")
        case(givenUp)
        givenUp.wipe(true)
        assertNull(keys("Signe").readKey())
    }
}
