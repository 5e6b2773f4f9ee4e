"""Shares and disclosures between teams, assignments within one, restrictions, and files that prove what was signed."""

import time

from world import World, prose, samspor
from samspor import (
    CaseFilter,
    Consent,
    LegalBasis,
    NewDisclosure,
    NewShare,
    Recipient,
    SamsporError,
    TimelinePage,
)

NOT_FOUND = SamsporError.NotFound
BASIS = LegalBasis(code="servicelov", text="Barnets lov")
ASKED = Consent.GIVEN(by="Mor, mundtligt", at=1_795_439_100_000)


class Shares(World):
    async def two_teams(self):
        self.ppr = self.other_team("PPR")
        self.practitioner("Peter", self.ppr)
        mette, peter = await self.device("Mette"), await self.device("Peter")
        await mette.sync()
        return mette, peter, await self.case(mette)

    def to_ppr(self, **more):
        to = Recipient.TEAM(team=self.ppr)
        return NewShare(to=to, purpose="Skolestart", basis=BASIS, consent=ASKED, **more)

    async def test_a_case_is_open_to_another_team_for_reading_until_it_is_withdrawn(self):
        mette, peter, case = await self.two_teams()
        note = await mette.write(case, "note", [prose("Sover godt")])
        share, = await mette.share([case], self.to_ppr())
        await self.settle(mette, peter)
        received, = await peter.received_shares()
        self.assertEqual((received.share, received.case, received.stands), (share, case, True))
        self.assertEqual((received.terms.about, received.terms.consent), ("Åse Østergård", ASKED))
        self.assertEqual((received.terms.to, received.terms.basis), (Recipient.TEAM(team=self.ppr), BASIS))
        self.assertEqual(await self.text(peter, note), "Sover godt")
        await self.refused(peter.edit(note, [prose("Nej")]), "shared_for_reading")

        self.assertTrue(await mette.withdraw(share, "Ikke længere brug for det"))
        await self.settle(mette, peter)
        self.assertEqual(await peter.cases(CaseFilter()), [])
        await self.refused(peter.read(note), "unknown_document", NOT_FOUND)
        row, = await mette.shares(case)
        self.assertFalse(row.stands)
        self.assertEqual((row.ended.by, row.ended.why), (self.practitioner("Mette"), "Ikke længere brug for det"))
        received, = await peter.received_shares()
        self.assertEqual((received.ended.by, received.ended.why), (None, ""))

    async def test_one_document_is_shared_with_a_colleague_and_what_is_said_of_a_share_must_hold(self):
        mette, peter, case = await self.two_teams()
        note = await mette.write(case, "note", [prose("Kun denne")])
        other = await mette.write(case, "note", [prose("Ikke denne")])
        to = Recipient.PRACTITIONER(practitioner=self.practitioner("Peter"))
        nobody = Consent.NOT_ASKED(why="Der er pligt")
        until = int(time.time() * 1000) + 86_400_000
        new = NewShare(to=to, purpose="Sparring", basis=BASIS, consent=nobody, document=note, until=until)
        share, = await mette.share([case], new)
        await self.settle(mette, peter)
        row = await peter.shared_document(share)
        self.assertEqual(row.document, note)
        await self.refused(peter.read(other), "unknown_document", NOT_FOUND)
        await self.refused(peter.shared_document(case), "unknown_share", NOT_FOUND)
        own = NewShare(to=Recipient.TEAM(team=self.team), purpose="x", basis=BASIS, consent=nobody)
        await self.refused(mette.share([case], own), "share_own_team")
        await self.refused(mette.share([case], self.to_ppr(until=1)), "share_over")
        empty = NewShare(to=to, purpose=" ", basis=BASIS, consent=nobody)
        await self.refused(mette.share([case], empty), "bad_share")
        self.assertEqual(len(await mette.shares()), 1)

    async def test_a_disclosed_entry_stands_in_the_other_teams_own_case_and_is_not_withdrawn(self):
        mette, peter, case = await self.two_teams()
        note = await mette.write(case, "note", [prose("Sover godt")])
        new = NewDisclosure(
            document=note, team=self.ppr, purpose="Overgang til skole", basis=BASIS, consent=ASKED
        )
        await self.refused(mette.disclose(case, new), "not_signed")
        await mette.sign(note)
        share, = await mette.disclose(case, new)
        await self.settle(mette, peter)
        row, = await mette.shares(case)
        self.assertEqual((row.share, row.is_disclosure, row.without), (share, True, []))
        await self.refused(mette.withdraw(share), "disclosed")
        opened, = await peter.cases(CaseFilter())
        self.assertEqual((opened.about, opened.card), ("Åse Østergård", None))
        copy, = await peter.timeline(opened.case, TimelinePage())
        self.assertEqual((copy.disclosed.team, copy.disclosed.purpose), (self.team, "Overgang til skole"))
        received, = await peter.received_shares()
        self.assertTrue(received.is_disclosure)
        self.assertEqual((await peter.shared_document(share)).document, copy.document)
        await peter.make_card(opened.case, [prose("Åse Østergård", "name")])
        self.assertEqual((await peter.card(opened.case)).name, "Åse Østergård")
        await self.refused(peter.make_card(opened.case, []), "unknown_case", NOT_FOUND)

    async def test_a_case_is_assigned_to_a_colleague_and_never_left_with_nobody(self):
        mette, peter, case = await self.two_teams()
        signe = await self.device("Signe")
        await mette.sync()
        people = self.practitioners
        self.assertTrue(await mette.assign(case, people["Signe"]))
        self.assertFalse(await mette.assign(case, people["Signe"]))
        await self.refused(mette.assign(case, people["Peter"]), "no_colleague", NOT_FOUND)
        waits = {one.practitioner: one.confirmed for one in await mette.assigned(case)}
        self.assertEqual(waits, {people["Mette"]: True, people["Signe"]: False})
        await self.settle(mette, signe)
        self.assertTrue(all(one.confirmed for one in await signe.assigned(case)))
        self.assertTrue(await signe.unassign(case, people["Mette"]))
        await self.refused(signe.unassign(case, people["Signe"]), "last_assigned")
        await self.settle(signe, mette)
        self.assertEqual([one.practitioner for one in await mette.assigned(case)], [people["Signe"]])

    async def test_a_restricted_entry_is_left_out_until_somebody_asks_for_it(self):
        mette, signe = await self.device("Mette"), await self.device("Signe")
        case = await self.case(mette)
        note = await mette.write(case, "note", [prose("Forkert barn")])
        await self.refused(mette.restrict(note, True, "Fejl"), "entry_not_signed")
        await mette.sign(note)
        await self.refused(mette.restrict(note, True, ""), "bad_ground")
        self.assertTrue(await mette.restrict(note, True, "Skrevet i forkert sag"))
        waiting = (await mette.outbox())[-1].written.restriction
        self.assertEqual((waiting.restricted, waiting.ground), (True, "Skrevet i forkert sag"))
        await self.settle(mette, signe)
        self.assertEqual(await signe.timeline(case, TimelinePage()), [])
        self.assertEqual(await signe.restricted_in(case), 1)
        row, = await signe.timeline(case, TimelinePage(restricted=True))
        self.assertEqual((row.restriction.ground, row.restriction.by), ("Skrevet i forkert sag", self.practitioner("Mette")))
        self.assertTrue(await signe.restrict(note, False, "Det var den rigtige sag"))
        self.assertFalse(await signe.restrict(note, False, "Det var den rigtige sag"))
        await self.settle(signe, mette)
        self.assertEqual(await mette.restricted_in(case), 0)

    async def test_a_file_proves_what_was_signed_with_no_device_and_names_what_was_altered(self):
        mette = await self.device("Mette")
        case = await self.case(mette)
        note = await mette.write(case, "note", [prose("Sover godt")])
        await mette.sign(note)
        await mette.sync()
        file = await mette.export_signed(note)
        identity = await mette.identity()
        await mette.lock()
        record = await samspor.verify_record(file, identity.organisation_key)
        self.assertTrue(record.organisation_expected)
        self.assertEqual((record.document, record.space, record.organisation), (note, case, identity.organisation))
        self.assertEqual(record.labels_from, samspor.LabelsFrom.PROGRAM)
        signature, = record.signatures
        self.assertEqual((signature.signer, signature.device), (identity.practitioner, identity.device))
        self.assertTrue(any("Sover godt" in line for line in record.lines_da))
        self.assertIsNotNone(record.receipt)
        self.assertFalse((await samspor.verify_record(file)).organisation_expected)
        altered = file.replace(b"Sover godt", b"Sover ilde")
        self.assertNotEqual(altered, file)
        await self.refused(samspor.verify_record(altered), "signature_broken")
        await self.refused(samspor.verify_record(file, bytes(32)), "organisation_key_differs")
        await self.refused(samspor.verify_record(file, b"kort"), "bad_organisation_key")
        await self.refused(samspor.verify_record(b"Sover godt"), "not_a_record")
