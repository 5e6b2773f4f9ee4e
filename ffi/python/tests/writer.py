"""Writes notes without end, and says each one's id once the call has returned: the test kills it somewhere in between."""

import asyncio
import sys

from world import Device, KeyFile, Place, prose


async def main(folder, key, case):
    device = await Device.open(Place(folder=folder), KeyFile(key))
    number = 0
    while True:
        note = await device.write(case, "note", [prose(f"Notat {number} på Ærø")])
        print(note, flush=True)
        number += 1


asyncio.run(main(*sys.argv[1:]))
