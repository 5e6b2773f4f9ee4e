"""Circles across teams, and the circle of one's own team."""

from world import World, prose, samspor
from samspor import CaseFilter, NewClosing, ReflectionKind, SamsporError


class Circles(World):
    async def test_colleagues_of_two_teams_write_in_a_circle_and_close_it_with_what_they_learned(self):
        ppr = self.other_team("PPR")
        self.practitioner("Peter", ppr)
        mette, peter, signe = [await self.device(name) for name in ["Mette", "Peter", "Signe"]]
        await mette.sync()
        case = await self.case(mette)
        people = self.practitioners
        circle = await mette.open_circle("Om Åse", [people["Peter"]], [case])
        await mette.write(circle, "team_reflection", [prose("Hvad ser vi?")])
        await self.settle(mette, peter, signe)
        row, = await peter.circles()
        self.assertEqual((row.title, row.opened_by, row.about), ("Om Åse", people["Mette"], [case]))
        self.assertEqual({one.name for one in row.participants}, {"Mette", "Peter"})
        self.assertEqual(len(await peter.written_in(circle)), 1)
        self.assertEqual(await peter.cases(CaseFilter()), [])
        self.assertEqual(await signe.circles(), [])
        not_found = SamsporError.NotFound
        await self.refused(signe.written_in(circle), "unknown_circle", not_found)
        await self.refused(mette.open_circle(" ", []), "bad_circle_title")

        self.assertTrue(await peter.join(circle, people["Signe"]))
        self.assertFalse(await peter.join(circle, people["Mette"]))
        await self.settle(peter, signe)
        self.assertEqual(len(await signe.written_in(circle)), 1)
        await signe.leave(circle)
        await self.settle(signe, peter)
        await self.refused(signe.written_in(circle), "unknown_circle", not_found)

        closing = NewClosing(kind=ReflectionKind.SHARED, lines=["Spørg barnet først"], shared_with=[self.team])
        await peter.close_circle(circle, closing)
        await self.settle(peter, mette, signe)
        row, = await mette.circles()
        self.assertEqual((row.closing.closed_by, row.closing.lines), (people["Peter"], ["Spørg barnet først"]))
        await self.refused(mette.join(circle, people["Signe"]), "circle_closed")
        learned, = await signe.learning()
        self.assertEqual((learned.lines, learned.teams, learned.participants), (closing.lines, [self.team], 2))

    async def test_a_reflection_is_drafted_in_the_circle_of_ones_own_team(self):
        mette, signe = await self.device("Mette"), await self.device("Signe")
        circle = samspor.team_circle(self.team)
        draft = await mette.draft(circle, "team_reflection", [prose("Ugens undren")])
        written = await mette.publish(draft)
        await self.settle(mette, signe)
        row, = await signe.written_in(circle)
        self.assertEqual(row.document, written)
        self.assertEqual(await self.text(signe, written), "Ugens undren")
        other = samspor.team_circle(self.other_team("PPR"))
        await self.refused(signe.written_in(other), "unknown_circle", SamsporError.NotFound)
