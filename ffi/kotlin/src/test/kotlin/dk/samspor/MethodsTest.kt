package dk.samspor

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What entries tell of a child over time: goals, scalings, factors, agreements, whether it was heard, who contributed. */
class MethodsTest : World() {
    private fun mark(goal: Pair<String, Value>, by: String, who: String, vararg more: Pair<String, Value>) =
        item("marks", goal, "by" to by.asCode(), "who" to who.asText(), *more)

    private fun scale(number: Long) = "scale" to Value.Integer(number)
    private fun on(days: Long) = "on" to daysAgo(days).asDate()
    private fun numbers(line: MarkLine) = line.points.map { it.amounts.values.single().number }

    @Test
    fun `marks on a goal are each persons own line also after the plan has ended`() = story {
        val mette = device("Mette")
        val case = case(mette)
        val until = "until" to daysAgo(10).asDate()
        val goal = item("goals", "goal" to "Trives i klassen".asText(), "status" to "open".asCode(), until)
        val ends = "until" says daysAgo(5).asDate()
        val plan = mette.write(case, "plan", listOf(goal, ends), momentAgo(60))
        val own = "goal" to Value.Reference(goal.item)
        val marks = listOf(
            mark(own, "child", "Åse", on(50), scale(3)),
            mark(own, "child", "Åse", on(20), scale(6)),
            mark(own, "parent", "Mor", on(20), "measure" to 4.of("dage")),
        )
        mette.edit(plan, marks)
        val after = mark("goal_id" to Value.Reference(goal.item), "child", "Åse", scale(8))
        mette.write(case, "progress", listOf(after, "plan" says Value.Reference(plan)), momentAgo(1))

        val found = mette.goalProgress(case).goals.single()
        assertEquals(Triple(plan, goal.item, GoalKind.GOAL), Triple(found.plan, found.id, found.kind))
        assertEquals(SaidText(listOf("Trives i klassen"), false), found.says)
        assertEquals(listOf(daysAgo(10)) to listOf(daysAgo(5)), found.until.values to found.planEnds.values)
        val (child, mother) = found.lines.sortedBy { it.by.values.single() }
        assertEquals(MarkUnit.Scale to listOf("3", "6", "8"), child.unit to numbers(child))
        assertEquals(listOf(false, false, true), child.points.map { it.afterPlan })
        assertEquals(marks.first().item, child.points.first().item)
        assertEquals(MarkUnit.Measure("dage"), mother.unit)
        assertEquals(listOf(Amount("4", "dage")), mother.points.single().amounts.values)
        refused<SamsporException.NotFound> { mette.goalProgress(plan) }
    }

    @Test
    fun `an agreement is one through the meetings and what is to be followed up stands in a list`() = story {
        val mette = device("Mette")
        val case = case(mette)
        fun agreed(what: String, who: String, vararg more: Pair<String, Value>) =
            item("agreements", "what" to what.asText(), "who" to who.asText(), *more)
        fun scaled(mark: Long) = item("scaling", "who" to "Mor".asText(), "mark" to Value.Integer(mark))
        val walk = agreed("Følges i skole", "Mor", "when" to daysAgo(30).asDate())
        val call = agreed("Ringe til klubben", "Farfar", "when" to daysAgo(60).asDate())
        val first = mette.write(case, "network_meeting", listOf(walk, call, scaled(4)), momentAgo(100))
        val open = mette.agreements()
        val overdue = AgreementStanding.OVERDUE
        val standings = open.agreements.associate { it.what.values.single() to it.standing }
        assertEquals(mapOf("Følges i skole" to overdue, "Ringe til klubben" to overdue), standings)
        val due = open.followUps.single()
        val toFollow = Triple(first, FollowUpGround.USUAL, FollowUpStanding.OVERDUE)
        assertEquals(toFollow, Triple(due.document, due.ground, due.standing))

        val from = "carried_from" to daysAgo(100).asDate()
        val again = agreed("Følges i skole", "Mor", "status" to "kept".asCode(), from)
        mette.write(case, "network_meeting", listOf(again, scaled(7)), momentAgo(5))
        val told = mette.agreements(case)
        val byWords = told.agreements.associateBy { it.what.values.single() }
        val kept = byWords.getValue("Følges i skole")
        assertEquals(AgreementStanding.KEPT, kept.standing)
        assertEquals(listOf(walk.item, again.item), kept.places.map { it.item })
        assertTrue(byWords.getValue("Ringe til klubben").notCarriedOver)
        assertEquals(setOf(FollowUpStanding.DONE, FollowUpStanding.TO_COME), told.followUps.map { it.standing }.toSet())
        assertEquals(listOf("4", "7"), numbers(mette.goalProgress(case).scalings.single()))
    }

    @Test
    fun `factors change over assessments`() = story {
        val mette = device("Mette")
        val case = case(mette)
        for ((days, strength) in listOf(90L to "clear", 4L to "slight")) {
            val factor = item(
                "factors",
                "factor" to "Fravær".asText(),
                "effect" to "risk".asCode(),
                "domain" to "daycare_school".asCode(),
                "strength" to strength.asCode(),
            )
            mette.write(case, "factor_assessment", listOf(factor), momentAgo(days))
        }
        val domain = mette.factors(case).single()
        val factor = domain.factors.single()
        assertEquals("daycare_school" to "Fravær", domain.domain to factor.factor)
        assertEquals(listOf(FactorChange.APPEARED, FactorChange.WEAKER), factor.steps.map { it.change })
        assertEquals(listOf(listOf("clear"), listOf("slight")), factor.steps.map { it.strength.values })
    }

    @Test
    fun `a decision tells whether the child was heard before it`() = story {
        val mette = device("Mette")
        val case = case(mette)
        val words = listOf("child_words" says "Jeg vil gerne cykle selv")
        val talk = mette.write(case, "child_conversation", words, momentAgo(20))
        val heard = listOf("child_heard" says "yes".asCode(), "child_heard_on" says daysAgo(3).asDate())
        val decision = mette.write(case, "decision", heard, momentAgo(2))
        mette.write(case, "decision", listOf("child_heard" says "no".asCode()), momentAgo(1))
        val told = mette.childHeard(case)
        val (first, second) = told.decisions
        assertEquals(decision to Hearing.HEARD, first.document to first.hearing)
        assertEquals(talk to listOf(ViewSource.OWN_WORDS), first.lastBefore?.let { it.document to it.sources })
        assertEquals(Hearing.NOT_HEARD_WITHOUT_GROUND, second.hearing)
        assertNull(second.ground)
        assertEquals(listOf(daysAgo(3)), told.last?.day?.values)
    }

    @Test
    fun `values in conflict are all told and who wrote what comes from the changes`() = story {
        val (mette, signe) = listOf("Mette", "Signe").map { device(it) }
        val case = case(mette)
        val goal = item("goals", "goal" to "Trives".asText())
        val plan = mette.write(case, "plan", listOf(goal, "aim" says "Ro"), momentAgo(60))
        settle(mette, signe)
        val at = ItemField(goal.item, "goal")
        for ((device, words) in listOf(mette to "Trives i klassen", signe to "Trives i SFO")) {
            device.edit(plan, listOf(Edit.SetItem("goals", at, words.asText())))
        }
        settle(mette, signe)
        val says = signe.goalProgress(case).goals.single().says
        assertEquals(setOf("Trives i klassen", "Trives i SFO") to true, says.values.toSet() to says.unsettled)
        val wrote = signe.contributors(plan).associate { it.practitioner to it.fields }
        assertEquals(mapOf(practitioner("Mette") to listOf("aim", "goals"), practitioner("Signe") to listOf("goals")), wrote)
    }
}
