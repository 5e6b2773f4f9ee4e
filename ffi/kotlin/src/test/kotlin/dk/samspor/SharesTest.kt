package dk.samspor

import java.time.Instant
import java.time.temporal.ChronoUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private val BASIS = LegalBasis("servicelov", "Barnets lov")
private val ASKED = Consent.Given("Mor, mundtligt", 1_795_439_100_000)

/** Shares and disclosures between teams, assignments within one, restrictions, and files that prove what was signed. */
class SharesTest : World() {
    private class Teams(val ppr: TeamId, val mette: Device, val peter: Device, val case: SpaceId) {
        val toPpr = NewShare(Recipient.Team(ppr), "Skolestart", BASIS, ASKED)
    }

    private suspend fun twoTeams(): Teams {
        val ppr = otherTeam("PPR")
        practitioner("Peter", ppr)
        val (mette, peter) = listOf("Mette", "Peter").map { device(it) }
        mette.sync()
        return Teams(ppr, mette, peter, case(mette))
    }

    private suspend fun refusedAs(code: String, call: suspend () -> Unit) =
        assertEquals(code, refused<SamsporException.Refused> { call() }.code)

    private suspend fun notFound(code: String, call: suspend () -> Unit) =
        assertEquals(code, refused<SamsporException.NotFound> { call() }.code)

    @Test
    fun `a case is open to another team for reading until it is withdrawn`() = story {
        with(twoTeams()) {
            val note = mette.write(case, "note", listOf("text" says "Sover godt"))
            val share = mette.share(listOf(case), toPpr).single()
            settle(mette, peter)
            val received = peter.receivedShares().single()
            assertEquals(Triple(share, case, true), Triple(received.share, received.case, received.stands))
            assertEquals("Åse Østergård" to toPpr.purpose, received.terms.about to received.terms.purpose)
            val terms = received.terms
            assertEquals(Triple(toPpr.to, BASIS, ASKED), Triple(terms.to, terms.basis, terms.consent))
            assertEquals(listOf(case), peter.cases(CaseFilter()).map { it.case })
            assertEquals("Sover godt", text(peter, note))
            refusedAs("shared_for_reading") { peter.edit(note, listOf("text" says "Nej")) }

            assertTrue(mette.withdraw(share, "Ikke længere brug for det"))
            settle(mette, peter)
            assertEquals(emptyList<CaseRow>(), peter.cases(CaseFilter()))
            assertNull(peter.row(note))
            notFound("unknown_document") { peter.read(note) }
            val given = mette.shares(case).single()
            val ended = given.ended as Ended.Withdrawn
            assertFalse(given.stands)
            assertEquals(practitioner("Mette") to "Ikke længere brug for det", ended.by to ended.why)
            val told = peter.receivedShares().single().ended as Ended.Withdrawn
            assertEquals(null to "", told.by to told.why)
        }
    }

    @Test
    fun `one document is shared with a colleague and what is said of a share must hold`() = story {
        with(twoTeams()) {
            val note = mette.write(case, "note", listOf("text" says "Kun denne"))
            val other = mette.write(case, "note", listOf("text" says "Ikke denne"))
            val nobody = Consent.NotAsked("Der er pligt")
            val until = Instant.now().plus(1, ChronoUnit.DAYS).toEpochMilli()
            val toPeter = Recipient.Practitioner(practitioner("Peter"))
            val new = NewShare(toPeter, "Sparring", BASIS, nobody, document = note, until = until)
            val share = mette.share(listOf(case), new).single()
            settle(mette, peter)
            assertEquals(note, peter.sharedDocument(share)?.document)
            notFound("unknown_document") { peter.read(other) }
            notFound("unknown_share") { peter.sharedDocument(case) }
            refusedAs("share_own_team") { mette.share(listOf(case), toPpr.copy(to = Recipient.Team(team))) }
            refusedAs("share_over") { mette.share(listOf(case), toPpr.copy(until = 1)) }
            refusedAs("bad_share") { mette.share(listOf(case), toPpr.copy(purpose = " ")) }
            assertEquals(1, mette.shares().size)
        }
    }

    @Test
    fun `a disclosed entry stands in the other teams own case and is not withdrawn`() = story {
        with(twoTeams()) {
            val note = mette.write(case, "note", listOf("text" says "Sover godt"))
            val new = NewDisclosure(note, ppr, purpose = "Overgang til skole", basis = BASIS, consent = ASKED)
            refusedAs("not_signed") { mette.disclose(case, new) }
            mette.sign(note)
            val share = mette.disclose(case, new).single()
            settle(mette, peter)
            val row = mette.shares(case).single()
            assertEquals(Triple(share, true, listOf<DocumentId>()), Triple(row.share, row.isDisclosure, row.without))
            refusedAs("disclosed") { mette.withdraw(share) }
            val opened = peter.cases(CaseFilter()).single()
            assertNotEquals(case, opened.case)
            assertEquals("Åse Østergård" to null, opened.about to opened.card)
            val copy = peter.timeline(opened.case, TimelinePage()).single()
            assertEquals("Sover godt", text(peter, copy.document))
            val disclosed = requireNotNull(copy.disclosed)
            assertEquals(team to "Overgang til skole", disclosed.team to disclosed.purpose)
            assertTrue(peter.receivedShares().single().isDisclosure)
            assertEquals(copy.document, peter.sharedDocument(share)?.document)
            peter.makeCard(opened.case, listOf("name" says "Åse Østergård"))
            assertEquals("Åse Østergård", peter.card(opened.case).name)
        }
    }

    @Test
    fun `a case is assigned to a colleague and never left with nobody`() = story {
        with(twoTeams()) {
            val signe = device("Signe")
            mette.sync()
            val (mettes, signes) = listOf("Mette", "Signe").map { practitioner(it) }
            assertTrue(mette.assign(case, signes))
            assertFalse(mette.assign(case, signes))
            notFound("no_colleague") { mette.assign(case, practitioner("Peter")) }
            val waits = mette.assigned(case).associate { it.practitioner to it.confirmed }
            assertEquals(mapOf(mettes to true, signes to false), waits)
            settle(mette, signe)
            assertTrue(signe.unassign(case, mettes))
            refusedAs("last_assigned") { signe.unassign(case, signes) }
            settle(signe, mette)
            assertEquals(mapOf(signes to true), mette.assigned(case).associate { it.practitioner to it.confirmed })
        }
    }

    @Test
    fun `a restricted entry is left out until somebody asks for it`() = story {
        val (mette, signe) = listOf("Mette", "Signe").map { device(it) }
        val case = case(mette)
        val note = mette.write(case, "note", listOf("text" says "Forkert barn"))
        refusedAs("entry_not_signed") { mette.restrict(note, true, "Fejl") }
        mette.sign(note)
        refusedAs("bad_ground") { mette.restrict(note, true, "") }
        assertTrue(mette.restrict(note, true, "Skrevet i forkert sag"))
        settle(mette, signe)
        assertEquals(emptyList<TimelineRow>(), signe.timeline(case, TimelinePage()))
        assertEquals(1uL, signe.restrictedIn(case))
        val restriction = signe.timeline(case, TimelinePage(restricted = true)).single().restriction
        assertEquals("Skrevet i forkert sag" to practitioner("Mette"), restriction?.let { it.ground to it.by })
        assertTrue(signe.restrict(note, false, "Det var den rigtige sag"))
        assertFalse(signe.restrict(note, false, "Det var den rigtige sag"))
        settle(signe, mette)
        assertEquals(listOf(note), mette.timeline(case, TimelinePage()).map { it.document })
    }

    @Test
    fun `a file proves what was signed with no device and an altered one does not`() = story {
        val mette = device("Mette")
        val case = case(mette)
        val note = mette.write(case, "note", listOf("text" says "Sover godt"))
        mette.sign(note)
        mette.sync()
        val file = mette.exportSigned(note)
        val identity = requireNotNull(mette.identity())
        mette.lock()
        val record = verifyRecord(file, identity.organisationKey)
        assertTrue(record.organisationExpected)
        assertEquals(note to case, record.document to record.space)
        val signature = record.signatures.single()
        assertEquals(identity.practitioner to identity.device, signature.signer to signature.device)
        assertTrue(record.linesDa.any { "Sover godt" in it }, "${record.linesDa}")
        assertNotNull(record.receipt)
        assertFalse(verifyRecord(file).organisationExpected)
        // One byte is one character in Latin-1, so that what is not text stays as it is.
        val altered = String(file, Charsets.ISO_8859_1).replace("Sover godt", "Sover ilde").toByteArray(Charsets.ISO_8859_1)
        assertFalse(file.contentEquals(altered))
        refusedAs("signature_broken") { verifyRecord(altered) }
        refusedAs("organisation_key_differs") { verifyRecord(file, ByteArray(32)) }
        refusedAs("not_a_record") { verifyRecord("Sover godt".toByteArray()) }
    }
}
