"""What entries tell of a child over time: goals, scalings, factors, agreements, whether it was heard, who contributed."""

from world import Edit, Value, World, code, day, days_ago, item, moment_ago, prose, samspor
from samspor import (
    AgreementStanding,
    FactorChange,
    FollowUpGround,
    FollowUpStanding,
    GoalKind,
    Hearing,
    MarkUnit,
    SamsporError,
    SaidText,
    ViewSource,
)


def coded(value):
    return Value.CODE(code=value)


def ago(days):
    return days_ago(days).isoformat()


class Methods(World):
    async def write(self, device, case, template, days, fields):
        return await device.write(case, template, fields, moment_ago(days))

    async def test_marks_on_a_goal_are_each_persons_own_line_also_after_the_plan_has_ended(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        goal = item("goals", goal="Trives i klassen", status=coded("open"), until=days_ago(10))
        plan = await self.write(mette, case, "plan", 60, [goal, day("until", ago(5))])
        own = Value.REFERENCE(id=goal.item)
        measure = Value.QUANTITY(amount="4", unit="dage")
        marks = [
            item("marks", goal=own, by=coded("child"), who="Åse", on=days_ago(50), scale=3),
            item("marks", goal=own, by=coded("child"), who="Åse", on=days_ago(20), scale=6),
            item("marks", goal=own, by=coded("parent"), who="Mor", on=days_ago(20), measure=measure),
        ]
        await mette.edit(plan, marks)
        after = item("marks", goal_id=own, by=coded("child"), who="Åse", scale=8)
        plan_of = Edit.SET(field="plan", value=Value.REFERENCE(id=plan))
        await self.write(mette, case, "progress", 1, [after, plan_of])
        told = await mette.goal_progress(case)
        found, = told.goals
        self.assertEqual((found.plan, found.id, found.kind), (plan, goal.item, GoalKind.GOAL))
        self.assertEqual(found.says, SaidText(values=["Trives i klassen"], unsettled=False))
        self.assertEqual((found.until.values, found.plan_ends.values), ([ago(10)], [ago(5)]))
        child, mother = sorted(found.lines, key=lambda line: line.by.values)
        numbers = [point.amounts.values[0].number for point in child.points]
        self.assertEqual((child.unit, numbers), (MarkUnit.SCALE(), ["3", "6", "8"]))
        self.assertEqual([point.after_plan for point in child.points], [False, False, True])
        self.assertEqual(child.points[0].item, marks[0].item)
        self.assertEqual(mother.unit, MarkUnit.MEASURE(unit="dage"))
        self.assertEqual(mother.points[0].amounts.values, [samspor.Amount(number="4", unit="dage")])
        with self.assertRaises(SamsporError.NotFound):
            await mette.goal_progress(plan)

    async def test_an_agreement_is_one_through_the_meetings_and_what_is_to_be_followed_up_stands_in_a_list(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        walk = item("agreements", what="Følges i skole", who="Mor", when=days_ago(30))
        scaled = item("scaling", who="Mor", mark=4)
        call = item("agreements", what="Ringe til klubben", who="Farfar", when=days_ago(60))
        first = await self.write(mette, case, "network_meeting", 100, [walk, call, scaled])
        told = await mette.agreements()
        standings = {one.what.values[0]: one.standing for one in told.agreements}
        overdue = AgreementStanding.OVERDUE
        self.assertEqual(standings, {"Følges i skole": overdue, "Ringe til klubben": overdue})
        due, = told.follow_ups
        self.assertEqual((due.document, due.ground, due.standing), (first, FollowUpGround.USUAL, FollowUpStanding.OVERDUE))
        again = item(
            "agreements", what="Følges i skole", who="Mor", status=coded("kept"), carried_from=days_ago(100)
        )
        await self.write(mette, case, "network_meeting", 5, [again, item("scaling", who="Mor", mark=7)])
        told = await mette.agreements(case)
        by_words = {one.what.values[0]: one for one in told.agreements}
        kept = by_words["Følges i skole"]
        self.assertEqual((kept.standing, len(kept.places)), (AgreementStanding.KEPT, 2))
        self.assertEqual([place.item for place in kept.places], [walk.item, again.item])
        self.assertTrue(by_words["Ringe til klubben"].not_carried_over)
        self.assertEqual({one.standing for one in told.follow_ups}, {FollowUpStanding.DONE, FollowUpStanding.TO_COME})
        line, = (await mette.goal_progress(case)).scalings
        self.assertEqual([point.amounts.values[0].number for point in line.points], ["4", "7"])

    async def test_factors_change_and_a_decision_tells_whether_the_child_was_heard(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        for days, strength in [(90, "clear"), (4, "slight")]:
            factor = item(
                "factors", factor="Fravær", effect=coded("risk"), domain=coded("daycare_school"), strength=coded(strength)
            )
            await self.write(mette, case, "factor_assessment", days, [factor])
        domain, = await mette.factors(case)
        factor, = domain.factors
        self.assertEqual((domain.domain, factor.factor), ("daycare_school", "Fravær"))
        self.assertEqual([step.change for step in factor.steps], [FactorChange.APPEARED, FactorChange.WEAKER])

        words = prose("Jeg vil gerne cykle selv", "child_words")
        talk = await self.write(mette, case, "child_conversation", 20, [words])
        heard = [code("child_heard", "yes"), day("child_heard_on", ago(3))]
        decision = await self.write(mette, case, "decision", 2, heard)
        await self.write(mette, case, "decision", 1, [code("child_heard", "no")])
        told = await mette.child_heard(case)
        first, second = told.decisions
        self.assertEqual((first.document, first.hearing), (decision, Hearing.HEARD))
        self.assertEqual((first.last_before.document, first.last_before.sources), (talk, [ViewSource.OWN_WORDS]))
        self.assertEqual((second.hearing, second.ground), (Hearing.NOT_HEARD_WITHOUT_GROUND, None))
        self.assertEqual(told.last.day.values, [ago(3)])

    async def test_values_in_conflict_are_all_told_and_who_wrote_what_comes_from_the_changes(self):
        mette, signe = await self.device("Mette"), await self.device("Signe")
        case = await self.case(mette)
        goal = item("goals", goal="Trives")
        plan = await self.write(mette, case, "plan", 60, [goal, prose("Ro", "aim")])
        await self.settle(mette, signe)
        at = samspor.ItemField(item=goal.item, name="goal")
        for device, words in [(mette, "Trives i klassen"), (signe, "Trives i SFO")]:
            await device.edit(plan, [Edit.SET_ITEM(field="goals", at=at, value=Value.TEXT(text=words))])
        await self.settle(mette, signe)
        found, = (await signe.goal_progress(case)).goals
        self.assertEqual(set(found.says.values), {"Trives i klassen", "Trives i SFO"})
        self.assertTrue(found.says.unsettled)
        people = self.practitioners
        wrote = {one.practitioner: one.fields for one in await signe.contributors(plan)}
        self.assertEqual(wrote, {people["Mette"]: ["aim", "goals"], people["Signe"]: ["goals"]})
