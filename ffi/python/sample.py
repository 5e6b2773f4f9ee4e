"""A health visitor's day: `python3 sample.py FOLDER CODE`, with a code of `samspor admin code`. The network may go meanwhile."""

import asyncio
import datetime
import sys
from pathlib import Path

from samspor import (
    CaseFilter,
    Device,
    DueFilter,
    DueWhich,
    Edit,
    KeyStore,
    Place,
    SamsporError,
    Search,
    TimelinePage,
    Value,
    VisitStart,
    team_circle,
)


class KeyFile(KeyStore):
    """For a sample only: an app asks the platform's key store."""

    def __init__(self, path):
        self.path = Path(path)

    def read_key(self):
        return self.path.read_bytes() if self.path.exists() else None

    def keep_key(self, key):
        self.path.touch(mode=0o600)
        self.path.write_bytes(key)

    def forget_key(self):
        self.path.unlink(missing_ok=True)


def text(field, words):
    return Edit.SET(field=field, value=Value.TEXT(text=words))


async def opened(folder, code):
    place, keys = Place(folder=folder), KeyFile(folder + ".key")
    try:
        return await Device.open(place, keys)
    except SamsporError.Key as error:
        if error.code != "no_key":
            raise
    device = await Device.create(place, keys)
    await device.enrol(code)
    await device.sync()
    return device


async def synced(device):
    try:
        report = await device.sync()
        print("i takt" if report.in_sync else "ikke i takt", "-", report.pushed, "sendt")
    except SamsporError.NoContact:
        status = await device.status()
        print("ingen dækning:", status.waiting, "venter")


async def visited(device, case, seen, grams):
    """One visit: begun, typed, put into its case."""
    visit = await device.start_visit(VisitStart(case=case, template="home_visit"))
    weight = Value.QUANTITY(amount=str(grams), unit="g")
    await device.edit(visit.draft, [text("seen", seen), Edit.SET(field="weight", value=weight)])
    return await device.publish(visit.draft)


async def day(folder, code):
    device = await opened(folder, code)
    team = next(team for team in await device.teams() if team.role)
    born = Edit.SET(field="birth_date", value=Value.DATE(day="2026-11-01"))
    case = await device.open_case(team.team, [text("name", "Sofie Ærø"), born])

    today = datetime.date(2026, 11, 5).isoformat()
    for due in await device.due(today, DueFilter(which=DueWhich.ALL)):
        print("forfalder:", due.citizen, due.labels.da, due.until)

    entry = await visited(device, case, "Sofie følger med øjnene.", 3950)
    await visited(device, case, "Sofie sover hos far.", 3980)
    circle = team_circle(team.team)
    reflection = await device.draft(circle, "team_reflection", [text("question", "Hvordan følger vi op?")])
    await device.publish(reflection)
    await synced(device)

    await device.sign(entry)
    addendum = await device.draft_addition(entry, "addendum", [text("text", "Mor ringede senere.")])
    await device.publish(addendum)
    await synced(device)

    for conflict in await device.conflicts():
        await device.choose(conflict.document, conflict.field, conflict.values[0].value, conflict.at)
    for row in await device.timeline(case, TimelinePage()):
        print(row.title.da, "-", row.summary.da.replace("\n", "; "), f"({row.state.name.lower()})")
    for row in await device.written_in(circle, False):
        print("teamet:", row.summary.da.replace("\n", "; "))
    found = await device.search(Search(text="ojnene"))
    print("fundet:", len(found.hits), "af", len(await device.cases(CaseFilter())), "sag")
    for refused in await device.not_delivered():
        print("ikke afleveret:", refused.reason, [way.name.lower() for way in refused.ways_out])
    await device.lock()


if __name__ == "__main__":
    asyncio.run(day(*sys.argv[1:]))
