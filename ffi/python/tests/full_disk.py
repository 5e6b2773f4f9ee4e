"""Writes until there is no room for a file to grow, says what came of it, and goes on when there is room again."""

import asyncio
import os
import resource
import sys

from world import Device, KeyFile, Place, prose, samspor

ROOM = 256 * 1024


async def main(folder, key, case):
    device = await Device.open(Place(folder=folder), KeyFile(key))
    largest = max(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + ROOM, resource.RLIM_INFINITY))
    written = []
    for number in range(1000):
        text = f"Notat {number} " + "på Ærø " * 1000
        try:
            written.append(await device.write(case, "note", [prose(text)]))
        except samspor.SamsporError.DiskFull as error:
            print(error.code, flush=True)
            break
    for document in written:
        await device.read(document)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(await device.write(case, "note", [prose("Der er plads igen")]), flush=True)
    await device.lock()


asyncio.run(main(*sys.argv[1:]))
