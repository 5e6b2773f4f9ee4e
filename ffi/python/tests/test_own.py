"""What an organisation sets for its devices: a template of its own, a new version of it, and its own visit schedule."""

import os

from world import HERE, Edit, Value, World, code, day, item, prose, samspor, until
from samspor import CountedFrom, DueFilter, DueWhich, Labels, MergeRule, TimelinePage, WindowSource

TEMPLATES = HERE.parents[2] / "docs" / "templates"
NAME = "trivselssamtale"
SCHEDULE = """
remind_days = 3

[[window]]
visit_type = "school_entry"
counted_from = "birth"
from = { years = 6, months = 6 }
until = { years = 7 }
corrected = false
source = "municipality"
note = { da = "I 0. klasse på Ærø", en = "In the first class on Ærø" }
"""
BORN = "2020-03-10"
# Past the last day of the schedule above and the days it reminds, and within the window of the one that ships.
AFTERWARDS = "2027-04-01"


class Own(World):
    async def form(self, device, version):
        """The template as the device knows it, once it has heard of it."""

        async def heard():
            await device.sync()
            forms = await device.templates()
            return next((one for one in forms if (one.name, one.version) == (NAME, version)), None)

        return await until("the device to hear of the template", heard)

    async def schedule(self, device, is_own):
        async def heard():
            await device.sync()
            schedule = await device.visit_schedule()
            return schedule if schedule.is_own == is_own else None

        return await until("the device to hear of the schedule", heard)

    async def due(self, device, at):
        return [(row.visit_type, row.until) for row in await device.due(at, DueFilter(which=DueWhich.ALL))]

    async def test_a_template_that_is_added_is_drawn_written_and_read_in_danish(self):
        mette, signe = await self.device("Mette"), await self.device("Signe")
        case = await self.case(mette)
        await self.refused(mette.draft(case, NAME), "unknown_template")
        self.server.admin("template", "add", str(TEMPLATES / f"{NAME}.toml"))
        form = await self.form(mette, 1)
        self.assertTrue(form.own and form.latest and not form.retired, form)
        self.assertEqual((form.labels, form.title), (Labels(da="Trivselssamtale", en="Talk about well-being"), "occasion"))
        fields = {field.name: field for field in form.fields}
        self.assertEqual(fields["how_it_is"].labels.da, "Sådan går det, siger barnet")
        worry = fields["worry"]
        self.assertEqual((worry.labels.da, worry.merge), ("Bekymring", MergeRule.WORST_UNTIL_CHOSEN))
        codes = [(one.code, one.labels.da) for one in worry.holds.codes]
        self.assertEqual(codes, [("none", "Ingen"), ("some", "Nogen"), ("grave", "Alvorlig")])

        self.server.stop()
        agreed = item("agreements", what="Ringer til skolen")
        written = [
            prose("Efter ferien", "occasion"),
            prose("Bedre end før, på Ærø", "how_it_is"),
            code("worry", "some"),
            Edit.SET(field="scale", value=Value.INTEGER(number=7)),
            agreed,
        ]
        entry = await mette.publish(await mette.draft(case, NAME, written))
        too_much = Edit.SET(field="scale", value=Value.INTEGER(number=11))
        error = await self.refused(mette.edit(entry, [too_much]), "impossible")
        self.assertEqual(error.fields, ["scale"])
        self.server.start()
        await self.settle(mette, signe)
        await self.reads(mette, case, entry, agreed.item)
        await self.reads(signe, case, entry, agreed.item)

    async def reads(self, device, case, entry, agreed):
        reading = await device.read(entry)
        self.assertTrue(reading.template_known)
        self.assertEqual((reading.template, reading.template_version), (NAME, 1))
        fields = {field.name: field for field in reading.fields}
        self.assertEqual(fields["how_it_is"].labels.da, "Sådan går det, siger barnet")
        self.assertEqual(fields["how_it_is"].state.text, "Bedre end før, på Ærø")
        self.assertEqual(fields["worry"].state.value.value, Value.CODE(code="some"))
        self.assertEqual(fields["scale"].state.value.value, Value.INTEGER(number=7))
        self.assertEqual([one.id for one in fields["agreements"].state.items], [agreed])
        row, = await device.timeline(case, TimelinePage())
        self.assertEqual(row.document, entry)
        self.assertIn("Trivselssamtale", row.title.da)
        self.assertIn("Efter ferien", row.title.da)
        self.assertIn("Talk about well-being", row.title.en)

    async def test_a_new_version_is_begun_with_and_a_retired_template_is_not(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        self.server.admin("template", "add", str(TEMPLATES / f"{NAME}.toml"))
        await self.form(mette, 1)
        old = await mette.write(case, NAME, [prose("Før", "how_it_is")])
        self.server.admin("template", "add", str(TEMPLATES / f"{NAME}_2.toml"))
        self.assertTrue((await self.form(mette, 2)).latest)
        self.assertFalse((await self.form(mette, 1)).latest)
        new = await mette.write(case, NAME, [prose("Nu", "how_it_is")])
        versions = [(await mette.read(entry)).template_version for entry in [old, new]]
        self.assertEqual(versions, [1, 2])

        self.server.admin("template", "retire", NAME)
        await until("the device to hear of it", lambda: self.is_retired(mette))
        await self.refused(mette.draft(case, NAME), "retired_template")
        await mette.edit(old, [prose("Før, og rettet", "how_it_is")])
        self.assertEqual(await self.text(mette, old, "how_it_is"), "Før, og rettet")

    async def is_retired(self, device):
        return (await self.form(device, 2)).retired

    async def test_the_organisations_visit_schedule_holds_until_it_is_taken_back(self):
        mette = await self.device("Mette")
        await mette.open_case(self.team, [prose("Selma Dam", "name"), day("birth_date", BORN)])
        shipped = await self.due(mette, AFTERWARDS)
        self.assertIn("school_entry", [visit_type for visit_type, _ in shipped])
        file = os.path.join(self.folder, "plan.toml")
        with open(file, "w", encoding="utf-8") as plan:
            plan.write(SCHEDULE)
        self.server.admin("schedule", "set", file)
        schedule = await self.schedule(mette, True)
        window, = schedule.windows
        self.assertEqual((schedule.remind_days, schedule.aside), (3, None))
        self.assertEqual((window.visit_type, window.counted_from), ("school_entry", CountedFrom.BIRTH))
        self.assertEqual(window._from, samspor.Distance(years=6, months=6, weeks=0, days=0))
        self.assertEqual((window.source, window.note.da), (WindowSource.MUNICIPALITY, "I 0. klasse på Ærø"))

        self.server.stop()
        self.assertEqual(await self.due(mette, "2026-10-01"), [("school_entry", "2027-03-10")])
        self.assertEqual(await self.due(mette, AFTERWARDS), [])
        self.server.start()
        self.server.admin("schedule", "reset")
        self.assertGreater(len((await self.schedule(mette, False)).windows), 1)
        self.assertEqual(await self.due(mette, AFTERWARDS), shipped)
