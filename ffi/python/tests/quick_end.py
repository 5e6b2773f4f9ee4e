"""Ends in the middle of everything: a live sync that tells its listener, and a write that nobody waits for."""

import asyncio
import sys

from world import Device, KeyFile, Place, prose
from samspor import SyncListener


class Listener(SyncListener):
    def progressed(self, progress):
        sum(range(10_000))

    def status_changed(self, status):
        sum(range(10_000))

    def records_changed(self):
        sum(range(10_000))

    def conflicts_changed(self, waiting):
        sum(range(10_000))

    def ended(self, error):
        sum(range(10_000))


async def main(folder, key, case):
    device = await Device.open(Place(folder=folder), KeyFile(key))
    live = await device.watch(Listener())
    for number in range(5):
        await device.write(case, "note", [prose(f"Før enden {number}")])
    print("written", flush=True)
    asyncio.ensure_future(live.ended())
    await asyncio.sleep(0)


asyncio.run(main(*sys.argv[1:]))
