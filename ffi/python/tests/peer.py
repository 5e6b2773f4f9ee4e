"""A device in Python that edits what another language's device edits at the same time: it says `here` when its edits stand,
waits for a line, syncs, and says what it reads."""

import asyncio
import sys

from world import Device, KeyFile, Place, grams, samspor


async def main(folder, code, note):
    device = await Device.create(Place(folder=folder), KeyFile(folder + ".key"))
    await device.enrol(code)
    await device.sync()
    seen = "Set af Mette"
    await device.edit_text(note, "seen", seen, [samspor.Splice(at=len(seen), delete=0, insert=" og Ida")])
    await device.edit(note, [grams("3540")])
    print("here", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await device.sync()
    reading = await device.read(note)
    text = next(one for one in reading.fields if one.name == "seen").state.text
    conflict, = await device.conflicts()
    amounts = " ".join(sorted(value.value.amount for value in conflict.values))
    print(f"{text}|{amounts}", flush=True)
    await device.lock()


asyncio.run(main(*sys.argv[1:]))
