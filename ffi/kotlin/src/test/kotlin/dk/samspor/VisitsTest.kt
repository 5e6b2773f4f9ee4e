package dk.samspor

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A health visitor's visits: what is due, what the last one hands on, what must be there, growth, parents' parts. */
class VisitsTest : World() {
    private suspend fun field(device: Device, name: String): FieldForm =
        device.templates().first { it.name == "home_visit" && it.latest }.fields.first { it.name == name }

    /** The field says the code that a short name stands for; the first one. */
    private suspend fun coded(device: Device, field: String, short: String? = null): Edit {
        val codes = (field(device, field).holds as FieldHolds.Code).codes
        return field says codes.first { short == null || it.name == short }.code.asCode()
    }

    private suspend fun postnatal(device: Device): List<Edit> =
        listOf(coded(device, "visit_type", "postnatal"), coded(device, "contact_form", "home"))

    @Test
    fun `a visit is due until it is held and the next one begins from it`() = story {
        val mette = device("Mette")
        val born = listOf("name" says "Sofie Ærø", "birth_date" says daysAgo(5).asDate())
        val case = mette.openCase(team, born)
        suspend fun due() = mette.due(daysAgo(0), DueFilter(DueWhich.ALL)).filter { it.case == case }.map { it.visitType }
        assertTrue("postnatal" in due(), "${due()}")
        val row = mette.due(daysAgo(0), DueFilter(DueWhich.ALL)).first { it.visitType == "postnatal" }
        assertEquals(Triple("Sofie Ærø", daysAgo(2), null), Triple(row.citizen, row.from, row.agreed))

        val slept = coded(mette, "sleep")
        val started = mette.startVisit(VisitStart(case, "home_visit", fields = postnatal(mette) + slept, occurredAt = momentAgo(1)))
        val last = mette.publish(started.draft)
        assertFalse("postnatal" in due(), "${due()}")

        val next = mette.startVisit(VisitStart(case, "home_visit", fromLast = true))
        val begun = mette.fromLast(next.draft)
        assertEquals(next.draft to last, begun.draft to begun.last)
        assertTrue("sleep" in begun.unchanged.map { it.field }, "$begun")
        assertEquals(FieldState.Empty, sleep(mette, next.draft))
        assertEquals(listOf("sleep"), mette.sayUnchanged(next.draft, listOf("sleep")).map { it.field })
        val said = sleep(mette, next.draft) as FieldState.One
        assertEquals((slept as Edit.Set).value, said.value.value)
        assertFalse("sleep" in mette.fromLast(next.draft).unchanged.map { it.field })
    }

    private suspend fun sleep(device: Device, document: DocumentId): FieldState =
        device.read(document).fields.first { it.name == "sleep" }.state

    @Test
    fun `a draft says field by field what it must carry and when it is complete`() = story {
        val mette = device("Mette")
        val case = case(mette)
        val draft = mette.draft(case, "home_visit", postnatal(mette), momentAgo(3))
        val bare = mette.requirements(draft)
        assertTrue(bare.fields.isNotEmpty() && bare.fields.all { it.isOutstanding && it.filling == Filling.Open }, "$bare")
        assertTrue(bare.completion is Completion.OverdueSince, "${bare.completion}")
        val lacking = mette.incomplete().single()
        assertEquals(Triple(draft, case, "Åse Østergård"), Triple(lacking.entry.document, lacking.case, lacking.citizen))
        assertEquals(bare.completion, lacking.completion)

        val names = bare.fields.map { it.name }
        mette.edit(draft, listOf(names.first() says Value.Missing(MissingReason.NOT_YET_WRITTEN)))
        val later = mette.requirements(draft).fields.first()
        assertEquals(Filling.Reason(MissingReason.NOT_YET_WRITTEN) to true, later.filling to later.isOutstanding)
        mette.edit(draft, names.map { it says Value.Missing(MissingReason.DECLINED) })
        val told = mette.requirements(draft)
        assertEquals(Completion.Complete, told.completion)
        assertFalse(told.fields.any { it.isOutstanding }, "$told")
        assertEquals(emptyList<IncompleteRow>(), mette.incomplete())
        assertEquals(Completion.Complete, mette.row(mette.publish(draft))?.completion)
    }

    @Test
    fun `a childs growth is scored and says why where it is not`() = story {
        val mette = device("Mette")
        val born = daysAgo(60)
        val case = mette.openCase(team, listOf("name" says "Sofie", "birth_date" says born.asDate()))
        val visit = mette.write(case, "home_visit", listOf("weight" says 4200.of("g")), momentAgo(30))
        suspend fun number(): GrowthNumber {
            val growth = mette.growth(case)
            assertEquals(listOf(case) to born, growth.cases to growth.birthDate)
            val series = growth.series.single()
            assertEquals(Indicator.WEIGHT_FOR_AGE to visit, series.indicator to series.points.single().document)
            return series.points.single().numbers.single()
        }
        val unscored = number()
        assertEquals(null to NoScore.SEX_UNKNOWN, unscored.score to unscored.noScore)
        mette.editCard(case, listOf("sex" says "girl".asCode()))
        val scored = number()
        val score = requireNotNull(scored.score)
        assertEquals(4.2, scored.amount, 1e-9)
        assertNull(scored.noScore)
        assertEquals(30 to 0, score.ageDays to score.correctedDays)
        assertTrue(score.hundredths in -99..99 && "WHO" in score.reference, "$score")

        val growth = mette.growth(case)
        assertEquals(Sex.GIRL, growth.sex)
        val lines = referenceLines(growth, Indicator.WEIGHT_FOR_AGE, born, daysAgo(30), listOf(-1, 1, 0, 99))
        assertEquals(listOf(-1, 0, 1), lines.map { it.sd.toInt() })
        val (low, median, high) = lines.map { it.stretches.last().places.last() }
        assertEquals(List(3) { daysAgo(30) }, listOf(low, median, high).map { it.day })
        assertTrue(low.amount < median.amount && median.amount < high.amount, "$lines")
        assertEquals(score.reference, lines.first().stretches.first().reference)
    }

    @Test
    fun `a visit and the parents parts are written in one act each in its own record`() = story {
        val mette = device("Mette")
        val mother = mette.openCase(team, listOf("name" says "Mia", "kind" says "parent".asCode()))
        val custody = "relation" to "custody".asCode()
        val related = item("relations", custody, "case" to Value.Reference(mother), "name" to "Mia".asText())
        val child = mette.openCase(team, listOf("name" says "Sofie", related))
        val parents = listOf(
            ParentForm(ParentCase.Here(mother), fields = listOf("seen" says "Mor er træt")),
            ParentForm(ParentCase.Opened("Ali", RelationKind.CUSTODY), fields = listOf("seen" says "Far sover")),
        )
        val visit = VisitStart(child, "home_visit", fields = postnatal(mette) + ("seen" says "Sofie smiler"))
        val wrong = VisitForm(visit, listOf(ParentForm(ParentCase.Here(child))))
        assertEquals("no_parents_case", refused<SamsporException.Refused> { mette.writeVisit(wrong) }.code)
        assertEquals(emptyList<TimelineRow>(), mette.timeline(child, TimelinePage()))

        val written = mette.writeVisit(VisitForm(visit, parents, published = true))
        val (ofMother, ofFather) = written.parents
        assertEquals(Triple(mother, false, true), Triple(ofMother.case, ofMother.opened, ofFather.opened))
        assertEquals(ContactStanding.HELD, mette.contact(written.contact).standing)
        assertEquals("Far sover", text(mette, ofFather.entry, "seen"))
        val found = mette.parents(child).associate { it.name to it.case }
        assertEquals(mapOf("Mia" to mother, "Ali" to ofFather.case), found)
        assertEquals(listOf(written.entry), mette.timeline(child, TimelinePage()).map { it.document })
        val whose = mette.timelineWithParents(child, TimelinePage()).associate { it.row.document to it.parent?.name }
        assertEquals(mapOf(written.entry to null, ofMother.entry to "Mia", ofFather.entry to "Ali"), whose)
    }
}
