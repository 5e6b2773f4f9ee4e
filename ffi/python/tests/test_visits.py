"""A health visitor's day beyond one entry: what must be there, growth, parents' parts, a child over several cards."""

from world import Edit, Value, World, code, day, days_ago, grams, item, moment_ago, prose, samspor
from samspor import (
    CaseFilter,
    CitizenKind,
    Completion,
    ContactStanding,
    CountedFrom,
    Filling,
    Guide,
    Indicator,
    MissingReason,
    NoPeriod,
    NoScore,
    ParentCase,
    ParentForm,
    RelationKind,
    Sex,
    TimelinePage,
    VisitForm,
    VisitStart,
)

NotFound = samspor.SamsporError.NotFound


class Visits(World):
    async def code_of(self, device, template, field, name):
        """The code that a short name stands for."""
        forms = await device.templates()
        form = next(one for one in forms if one.name == template and one.latest)
        holds = next(one for one in form.fields if one.name == field).holds
        return code(field, next(one.code for one in holds.codes if one.name == name))

    async def visit_fields(self, device, name):
        form = await self.code_of(device, "home_visit", "contact_form", "home")
        return [await self.code_of(device, "home_visit", "visit_type", name), form]

    async def test_a_draft_says_field_by_field_what_it_must_carry_and_when_it_is_complete(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        draft = await mette.draft(case, "home_visit", await self.visit_fields(mette, "postnatal"), moment_ago(3))
        told = await mette.requirements(draft)
        self.assertTrue(told.fields and all(field.is_outstanding for field in told.fields), told)
        self.assertTrue(all(field.filling == Filling.OPEN() for field in told.fields))
        self.assertTrue(told.completion.is_OVERDUE_SINCE(), told.completion)
        row, = await mette.incomplete()
        self.assertEqual((row.entry.document, row.case, row.citizen), (draft, case, "Åse Østergård"))
        self.assertEqual(row.completion, told.completion)

        first = told.fields[0]
        machine = await mette.requirements(draft, Guide.MACHINE)
        self.assertIn(first.name, [field.name for field in machine.fields])
        later = Value.MISSING(reason=MissingReason.NOT_YET_WRITTEN)
        await mette.edit(draft, [Edit.SET(field=first.name, value=later)])
        field = (await mette.requirements(draft)).fields[0]
        self.assertEqual(field.filling, Filling.REASON(reason=MissingReason.NOT_YET_WRITTEN))
        self.assertTrue(field.is_outstanding)
        declined = Value.MISSING(reason=MissingReason.DECLINED)
        await mette.edit(draft, [Edit.SET(field=field.name, value=declined) for field in told.fields])
        told = await mette.requirements(draft)
        self.assertEqual(told.completion, Completion.COMPLETE())
        self.assertFalse(any(field.is_outstanding for field in told.fields))
        self.assertEqual(await mette.incomplete(), [])
        published = await mette.publish(draft)
        self.assertEqual((await mette.row(published)).completion, Completion.COMPLETE())

    async def test_a_childs_growth_is_scored_and_says_why_where_it_is_not(self):
        mette = await self.device("Mette")
        born = days_ago(60).isoformat()
        case = await mette.open_case(self.team, [prose("Sofie", "name"), day("birth_date", born)])
        visit = await mette.write(case, "home_visit", [grams("4200")], moment_ago(30))

        async def number():
            growth = await mette.growth(case)
            self.assertEqual((growth.cases, growth.birth_date), ([case], born))
            series, = growth.series
            point, = series.points
            self.assertEqual((series.indicator, point.document), (Indicator.WEIGHT_FOR_AGE, visit))
            return point.numbers[0]

        unscored = await number()
        self.assertEqual((unscored.score, unscored.no_score), (None, NoScore.SEX_UNKNOWN))
        await mette.edit_card(case, [code("sex", "girl")])
        scored = await number()
        self.assertAlmostEqual(scored.amount, 4.2)
        self.assertIsNone(scored.no_score)
        self.assertEqual((scored.score.age_days, scored.score.corrected_days), (30, 0))
        self.assertTrue(-100 < scored.score.hundredths < 100, scored)
        self.assertIn("WHO", scored.score.reference)
        growth = await mette.growth(case)
        self.assertEqual(growth.sex, Sex.GIRL)
        low, median, high = await samspor.reference_lines(
            growth, Indicator.WEIGHT_FOR_AGE, born, days_ago(30).isoformat(), [-1, 1, 0, 99]
        )
        self.assertEqual([line.sd for line in [low, median, high]], [-1, 0, 1])
        last = [line.stretches[-1].places[-1] for line in [low, median, high]]
        self.assertEqual({place.day for place in last}, {days_ago(30).isoformat()})
        self.assertTrue(last[0].amount < last[1].amount < last[2].amount, last)
        self.assertEqual(low.stretches[0].reference, scored.score.reference)

    async def test_the_visit_schedule_in_force_is_told_with_its_windows(self):
        mette = await self.device("Mette")
        schedule = await mette.visit_schedule()
        self.assertEqual((schedule.is_own, schedule.aside), (False, None))
        window = next(one for one in schedule.windows if one.visit_type == "postnatal")
        self.assertEqual(window.counted_from, CountedFrom.BIRTH)
        self.assertTrue(window.note.da and window.note.en)

    async def test_how_a_child_was_fed_is_told_in_periods(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        forms = await mette.templates()
        form = next(one for one in forms if one.name == "home_visit" and one.latest)
        self.assertFalse(form.own)
        items = next(one for one in form.fields if one.name == "feeding").holds.fields
        kinds = next(one for one in items if one.name == "kind").holds.codes
        first, second = [Value.CODE(code=kind.code) for kind in kinds[:2]]
        visit = await mette.write(
            case,
            "home_visit",
            [
                item("feeding", **{"kind": first, "from": days_ago(60), "until": days_ago(20)}),
                item("feeding", **{"kind": second, "from": days_ago(30)}),
                item("feeding", kind=second),
            ],
        )
        told = await mette.feeding(visit)
        self.assertEqual([one.kind for one in told.periods], [kinds[0].code, kinds[1].code])
        self.assertEqual(told.periods[0].labels, kinds[0].labels)
        self.assertEqual((told.periods[1]._from, told.periods[1].until), (days_ago(30).isoformat(), None))
        overlap, = told.overlaps
        self.assertEqual((overlap.one, overlap.other, overlap.until), (0, 1, days_ago(20).isoformat()))
        self.assertEqual([one.why for one in told.others], [NoPeriod.INCOMPLETE])
        note = await mette.write(case, "note", [prose("Intet om mad")])
        self.assertEqual((await mette.feeding(note)).periods, [])

    async def test_a_visit_and_the_parents_parts_are_written_in_one_act_each_in_its_own_record(self):
        mette = await self.device("Mette")
        mother = await mette.open_case(self.team, [prose("Mia", "name"), code("kind", "parent")])
        related = item("relations", relation=Value.CODE(code="custody"), case=Value.REFERENCE(id=mother), name="Mia")
        child = await mette.open_case(self.team, [prose("Sofie", "name"), related])
        parents = [
            ParentForm(parent=ParentCase.HERE(case=mother), fields=[prose("Mor er træt", "seen")]),
            ParentForm(
                parent=ParentCase.OPENED(name="Ali", relation=RelationKind.CUSTODY), fields=[prose("Far sover", "seen")]
            ),
        ]
        fields = [*await self.visit_fields(mette, "postnatal"), grams("3450"), prose("Sofie smiler", "seen")]
        visit = VisitStart(case=child, template="home_visit", fields=fields)
        wrong = ParentForm(parent=ParentCase.HERE(case=child))
        await self.refused(mette.write_visit(VisitForm(visit=visit, parents=[wrong])), "no_parents_case")
        self.assertEqual(await mette.timeline(child, TimelinePage()), [])
        written = await mette.write_visit(VisitForm(visit=visit, parents=parents, published=True))
        of_mother, of_father = written.parents
        self.assertEqual((of_mother.case, of_mother.opened, of_father.opened), (mother, False, True))
        contact = await mette.contact(written.contact)
        self.assertEqual((contact.case, contact.standing), (child, ContactStanding.HELD))
        await self.refused(mette.contact(written.entry), "unknown_contact", NotFound)
        self.assertEqual(await self.text(mette, of_father.entry, "seen"), "Far sover")

        found = {one.name: one for one in await mette.parents(child)}
        self.assertEqual(set(found), {"Mia", "Ali"})
        self.assertEqual(found["Ali"].case, of_father.case)
        card = await mette.card(child)
        self.assertEqual({(one.name, one.kind) for one in card.relations}, {(name, RelationKind.CUSTODY) for name in found})
        self.assertEqual((await mette.card(mother)).kind, CitizenKind.PARENT)
        own, = await mette.timeline(child, TimelinePage())
        self.assertEqual(own.document, written.entry)
        rows = await mette.timeline_with_parents(child, TimelinePage())
        whose = {one.row.document: one.parent and one.parent.name for one in rows}
        self.assertEqual(whose, {written.entry: None, of_mother.entry: "Mia", of_father.entry: "Ali"})
        self.assertEqual(len(await mette.timeline_with_parents(mother, TimelinePage())), 1)

    async def test_cards_of_one_child_say_what_differs_and_a_card_says_that_another_is_the_same(self):
        mette = await self.device("Mette")
        one = await mette.open_case(self.team, [prose("Sofie Ærø", "name"), prose("Tyrkisk", "language")])
        other = await mette.open_case(self.team, [prose("Sofie Ærø", "name"), prose("Dansk", "language")])
        self.assertEqual(await mette.differing_cards(one), [])
        await mette.edit_card(one, [item("same_as", case=Value.REFERENCE(id=other))])
        self.assertEqual((await mette.card(one)).same_as, [other])
        cards = await mette.cards_of_citizen(other)
        self.assertEqual([card.case for card in cards], [other, one])
        differs, = await mette.differing_cards(one)
        said = {one.case: one.values for one in differs.said}
        self.assertEqual((differs.field, said[one]), ("language", [Value.TEXT(text="Tyrkisk")]))
        self.assertEqual(said[other], [Value.TEXT(text="Dansk")])

    async def test_nothing_is_set_aside_and_no_row_is_behind_on_a_device_that_came_through_a_sync(self):
        mette, signe = await self.device("Mette"), await self.device("Signe")
        case = await self.case(mette)
        await self.settle(mette, signe)
        await signe.finish_index()
        self.assertEqual((await signe.status()).to_index, 0)
        self.assertEqual([row.case for row in await signe.cases(CaseFilter())], [case])
        self.assertEqual((await signe.set_aside(), await signe.templates_aside()), ([], []))
