package dk.samspor

import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Two devices and a server: offline and back, conflicts, refusals, revocation, listeners that throw. */
class TogetherTest : World() {
    private class Pair(val one: Device, val other: Device, val case: SpaceId, val note: DocumentId)

    private suspend fun pair(): Pair {
        val one = device("Mette")
        val other = device("Signe")
        val case = case(one)
        val note = one.write(case, "home_visit", listOf("seen" says "Set af Mette"))
        one.sync()
        other.sync()
        return Pair(one, other, case, note)
    }

    private suspend fun grams(device: Device, note: DocumentId, grams: Int) =
        device.edit(note, listOf("weight" says grams.of("g")))

    private suspend fun delivered(device: Device, note: DocumentId) =
        device.row(note)?.takeIf { it.state == EntryState.DELIVERED }

    @Test
    fun `what was written offline on two devices is on both afterwards`() = story {
        with(pair()) {
            server.stop()
            val first = one.write(case, "note", listOf("text" says "Uden dækning på Ærø"))
            val second = other.write(case, "note", listOf("text" says "I kælderen på skolen"))
            one.replaceText(note, "seen", "Set af Mette", 0, 0, "Godt ")
            other.replaceText(note, "seen", "Set af Mette", 12, 0, " og Signe")
            assertEquals("no_contact", refused<SamsporException.NoContact> { one.sync() }.code)
            assertEquals("no_contact", one.status().lastFailure?.code)
            server.start()
            for (device in listOf(one, other, one)) {
                val report = device.sync()
                assertTrue(report.inSync && report.allSent, "$report")
            }
            for (device in listOf(one, other)) {
                assertEquals(setOf(first, second, note), device.timelineRows(case).toList().map { it.document }.toSet())
                assertEquals("Godt Set af Mette og Signe", text(device, note, "seen"))
            }
        }
    }

    @Test
    fun `two values written at once wait for a choice`() = story {
        with(pair()) {
            grams(one, note, 3450)
            grams(other, note, 3540)
            for (device in listOf(one, other, one)) device.sync()
            val conflict = one.conflicts().single()
            assertEquals(Triple(note, "weight", null), Triple(conflict.document, conflict.field, conflict.shown))
            assertEquals(setOf("3450", "3540"), conflict.values.map { (it.value as Value.Quantity).amount }.toSet())
            assertEquals(setOf(practitioner("Mette"), practitioner("Signe")), conflict.values.map { it.author }.toSet())
            assertEquals("in_conflict", refused<SamsporException.Refused> { grams(one, note, 3500) }.code)
            val unsignable = refused<SamsporException.Refused> { one.sign(note) }
            assertEquals("unsignable" to listOf("weight"), unsignable.code to unsignable.fields)
            one.choose(note, "weight", conflict.values.first().value)
            one.sync()
            other.sync()
            assertEquals(emptyList<ConflictRow>(), other.conflicts())
        }
    }

    @Test
    fun `a device in Python and one in Kotlin edit the same at once and read the same`() = story {
        val python = requireNotNull(System.getenv("SAMSPOR_PYTHON")) { "SAMSPOR_PYTHON names a Python" }
        val script = requireNotNull(System.getenv("SAMSPOR_PYTHON_TESTS")) { "SAMSPOR_PYTHON_TESTS names its suite" }
        with(pair()) {
            val peer = program(python, "$script/peer.py", "$folder/peer", code("Ida"), note)
            val out = peer.inputReader()
            assertEquals("here", out.readLine())
            one.replaceText(note, "seen", "Set af Mette", 0, 0, "Godt ")
            grams(one, note, 3450)
            one.sync()
            peer.outputWriter().run {
                write("sync\n")
                flush()
            }
            assertEquals("Godt Set af Mette og Ida|3450 3540", out.readLine())
            assertEquals(0, peer.waitFor())
            one.sync()
            assertEquals("Godt Set af Mette og Ida", text(one, note, "seen"))
            val amounts = one.conflicts().single().values.map { (it.value as Value.Quantity).amount }
            assertEquals(listOf("3450", "3540"), amounts.sorted())
        }
    }

    @Test
    fun `what came too late lies in the box and goes on as an addendum`() = story {
        with(pair()) {
            one.sign(note)
            one.sync()
            grams(other, note, 3450)
            assertEquals(1uL, other.sync().refused)
            val box = other.notDelivered().single()
            assertEquals(note to "signed", box.document to box.reason)
            assertTrue(WayOut.ADDENDUM in box.waysOut)
            assertTrue("3450" in other.exportNotDelivered(box.id))
            val draft = other.addendumOfNotDelivered(box.id, Language.DANISH)
            assertEquals(emptyList<NotDelivered>(), other.notDelivered())
            val added = other.publish(draft)
            other.sync()
            one.sync()
            val row = one.timelineRows(case).toList().single()
            assertEquals(listOf(added), row.additions.map { it.document })
        }
    }

    @Test
    fun `a revoked device hands over and erases itself`() = story {
        with(pair()) {
            one.write(case, "note", listOf("text" says "Venter endnu"))
            server.admin("device", "device", "revoke", requireNotNull(one.identity()).device)
            val code = until("it is told") {
                runCatching { one.sync() }.exceptionOrNull()?.let { (it as SamsporException.Revoked).code }
            }
            assertEquals("handed_over", code)
            refused<SamsporException.Revoked> { one.timeline(case, TimelinePage()) }
            one.wipe(false)
            assertNull(keys("Mette").readKey())
        }
    }

    @Test
    fun `a live flow tells what comes and the end of collecting stops it`() = story {
        with(pair()) {
            coroutineScope {
                val events = CopyOnWriteArrayList<LiveEvent>()
                val living = launch { one.live().onEach { events.add(it) }.collect {} }
                until("it stands in sync") { events.find { it is LiveEvent.StatusChanged && it.status.inSync == true } }
                assertEquals("sync_running", refused<SamsporException.Refused> { one.sync() }.code)
                val told = events.count { it is LiveEvent.RecordsChanged }
                val came = other.write(case, "note", listOf("text" says "Kommer af sig selv"))
                other.sync()
                until("it came") { one.row(came) }
                until("it was told") { Unit.takeIf { events.count { it is LiveEvent.RecordsChanged } > told } }
                living.cancelAndJoin()
            }
            assertTrue(one.sync().inSync)
            one.live().first()
            assertTrue(one.sync().inSync)
        }
    }

    @Test
    fun `a locked device ends its live flow and a revoked one ends it with the reason`() = story {
        with(pair()) {
            coroutineScope {
                val begun = CompletableDeferred<Unit>()
                val living = async { one.live().onEach { begun.complete(Unit) }.toList() }
                begun.await()
                one.lock()
                assertTrue(living.await().isNotEmpty())
            }
            one.unlock()
            server.admin("device", "device", "revoke", requireNotNull(one.identity()).device)
            refused<SamsporException.Revoked> { one.live().collect {} }
        }
    }

    /** Throws whatever it is told. */
    private class Throws : SyncListener, LogSink {
        val lines = CopyOnWriteArrayList<LogRecord>()
        private fun fail(): Nothing = error("Åse Østergård")
        override fun progressed(progress: SyncProgress) = fail()
        override fun statusChanged(status: Status) = fail()
        override fun recordsChanged() = fail()
        override fun conflictsChanged(waiting: ULong) = fail()
        override fun ended(error: SamsporException?) = fail()
        override fun log(record: LogRecord) {
            lines.add(record)
            fail()
        }
    }

    @Test
    fun `a listener and a log that throw lose nothing and say nothing of it`() = story {
        val throws = Throws()
        setLogSink(throws, LogLevel.DEBUG)
        try {
            with(pair()) {
                val live = one.watch(throws)
                val came = other.write(case, "note", listOf("text" says "Kommer"))
                other.sync()
                until("it came") { one.row(came) }
                val mine = one.write(case, "note", listOf("text" says "Min egen"))
                until("it went") { delivered(one, mine) }
                live.stop()
                until("it was logged") { throws.lines.find { it.message == "listener_failed" } }
                assertTrue(throws.lines.all { it.target.startsWith("samspor") })
                assertFalse(throws.lines.any { "Åse" in it.message })
            }
        } finally {
            setLogSink(null, LogLevel.ERROR)
        }
    }

    @Test
    fun `a sync whose coroutine was cancelled goes on and a stopped one can begin again`() = story {
        with(pair()) {
            val sent = one.write(case, "note", listOf("text" says "Sendt alligevel"))
            coroutineScope {
                launch(start = CoroutineStart.UNDISPATCHED) { one.sync() }.cancelAndJoin()
            }
            until("it went") { delivered(one, sent) }
            one.stopSync()
            val report = until("the sync before has ended") {
                runCatching { one.sync() }.onFailure { assertEquals("sync_running", (it as SamsporException).code) }.getOrNull()
            }
            assertTrue(report.inSync, "$report")
        }
    }
}
