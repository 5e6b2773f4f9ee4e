package dk.samspor

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Circles across teams, and the circle of one's own team. */
class CirclesTest : World() {
    private suspend fun unknown(call: suspend () -> Unit) =
        assertEquals("unknown_circle", refused<SamsporException.NotFound> { call() }.code)

    @Test
    fun `colleagues of two teams write in a circle and close it with what they learned`() = story {
        val peters = practitioner("Peter", otherTeam("PPR"))
        val (mette, peter, signe) = listOf("Mette", "Peter", "Signe").map { device(it) }
        mette.sync()
        val case = case(mette)
        val circle = mette.openCircle("Om Åse", listOf(peters), listOf(case))
        val asked = mette.write(circle, "team_reflection", listOf("text" says "Hvad ser vi?"))
        settle(mette, peter, signe)
        val row = peter.circles().single()
        assertEquals(Triple("Om Åse", practitioner("Mette"), listOf(case)), Triple(row.title, row.openedBy, row.about))
        assertEquals(setOf("Mette", "Peter"), row.participants.map { it.name }.toSet())
        val answered = peter.write(circle, "team_reflection", listOf("text" says "At Åse trives i skolen"))
        settle(peter, mette)
        for (device in listOf(mette, peter)) {
            assertEquals(setOf(asked, answered), device.writtenIn(circle).map { it.document }.toSet())
        }
        assertEquals("At Åse trives i skolen", text(mette, answered))
        assertEquals(emptyList<CaseRow>(), peter.cases(CaseFilter()))
        assertEquals(emptyList<CircleRow>(), signe.circles())
        unknown { signe.writtenIn(circle) }
        assertEquals("bad_circle_title", refused<SamsporException.Refused> { mette.openCircle(" ", listOf()) }.code)

        assertTrue(peter.join(circle, practitioner("Signe")))
        assertFalse(peter.join(circle, practitioner("Mette")))
        settle(peter, signe)
        assertEquals(2, signe.writtenIn(circle).size)
        signe.leave(circle)
        settle(signe, peter)
        unknown { signe.writtenIn(circle) }

        val lines = listOf("Spørg barnet først")
        peter.closeCircle(circle, NewClosing(ReflectionKind.SHARED, lines, listOf(team)))
        settle(peter, mette, signe)
        val closing = requireNotNull(mette.circles().single().closing)
        assertEquals(peters to lines, closing.closedBy to closing.lines)
        val late = refused<SamsporException.Refused> { mette.join(circle, practitioner("Signe")) }
        assertEquals("circle_closed", late.code)
        val learned = signe.learning().single()
        assertEquals(Triple(lines, listOf(team), 2u), Triple(learned.lines, learned.teams, learned.participants))
    }

    @Test
    fun `a reflection is drafted in the circle of ones own team`() = story {
        val (mette, signe) = listOf("Mette", "Signe").map { device(it) }
        val circle = teamCircle(team)
        val written = mette.publish(mette.draft(circle, "team_reflection", listOf("text" says "Ugens undren")))
        settle(mette, signe)
        assertEquals(listOf(written), signe.writtenIn(circle).map { it.document })
        assertEquals("Ugens undren", text(signe, written))
        unknown { signe.writtenIn(teamCircle(otherTeam("PPR"))) }
    }
}
