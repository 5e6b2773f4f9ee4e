"""What an app does on a device, timed: `figures.py FOLDER day CHILDREN`, `figures.py FOLDER receive CODE`.

The same steps as in Rust (`bench/src/roles/app.rs`) and Kotlin; one JSON object with the seconds of each time. The bench runs
it: workload A1, by `scripts/app-figures`.
"""

import asyncio
import json
import sys
import time

from samspor import (
    CaseFilter,
    Device,
    Edit,
    KeyStore,
    Moment,
    Place,
    Search,
    TimelinePage,
    Value,
)

OPENS, LISTS, TIMES = 11, 21, 101
DAY = ["open", "list", "some", "page", "visit", "search", "held", "held_list"]
SOME = 100
AT = Moment(at=1_795_000_000_000, offset_minutes=60)


class Key(KeyStore):
    """The bench's key, which everybody knows."""

    def read_key(self):
        return bytes([7]) * 32

    def keep_key(self, key):
        pass

    def forget_key(self):
        pass


class Held:
    """Awaits work, and keeps how long it held the thread at most: what else an app does on it stood still so long."""

    def __init__(self, work):
        self.work, self.longest = work, 0.0

    def __await__(self):
        steps = self.work.__await__()
        while True:
            began = time.perf_counter()
            try:
                waited_for = steps.send(None)
            except StopIteration as done:
                return done.value
            finally:
                self.longest = max(self.longest, time.perf_counter() - began)
            yield waited_for


async def timed(figures, what, work, held="held"):
    work = Held(work)
    began = time.perf_counter()
    done = await work
    figures[what].append(time.perf_counter() - began)
    figures[held].append(work.longest)
    return done


def visit():
    text = Value.TEXT(text="Barnet sover godt og tager på. " * 10)
    weight = Value.QUANTITY(amount="3450", unit="g")
    return [Edit.SET(field="seen", value=text), Edit.SET(field="weight", value=weight)]


async def day(folder, children):
    figures = {name: [] for name in DAY}
    for _ in range(OPENS):
        device = await timed(figures, "open", Device.open(Place(folder=folder), Key()))
        await device.lock()
    await device.unlock()
    for _ in range(LISTS):
        everything = device.cases(CaseFilter(limit=2**32 - 1))
        cases = await timed(figures, "list", everything, "held_list")
        assert len(cases) == int(children), len(cases)
    for number in range(TIMES):
        await timed(figures, "some", device.cases(CaseFilter(limit=SOME)))
        case = cases[number % len(cases)].case
        await timed(figures, "page", device.timeline(case, TimelinePage()))
        await timed(figures, "visit", device.write(case, "home_visit", visit(), AT))
        await timed(figures, "search", device.search(Search(text=f"barn {number:05}")))
    await device.lock()
    return figures


async def receive(folder, code):
    figures = {"received": [], "held_sync": []}
    device = await Device.create(Place(folder=folder), Key())
    await device.enrol(code)
    report = await timed(figures, "received", device.sync(), "held_sync")
    assert report.in_sync, report
    await device.lock()
    return figures


if __name__ == "__main__":
    _, folder, task, argument = sys.argv
    print(json.dumps(asyncio.run({"day": day, "receive": receive}[task](folder, argument))))
