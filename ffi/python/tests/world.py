"""A real server in a process of its own, and devices of its practitioners, each as an app holds one."""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import date, timedelta
from pathlib import Path

import samspor
from samspor import Device, Edit, KeyStore, NamedValue, Place, Value

PROGRAM = os.environ["SAMSPOR_PROGRAM"]
# The administration's commands run within a test's loop: nobody is to be told that it waited.
logging.getLogger("asyncio").setLevel(logging.ERROR)
# Generous: other suites run beside.
DEADLINE = 60.0
HERE = Path(__file__).parent


def prose(text, field="text"):
    return Edit.SET(field=field, value=Value.TEXT(text=text))


def grams(amount):
    return Edit.SET(field="weight", value=Value.QUANTITY(amount=amount, unit="g"))


def code(field, code):
    return Edit.SET(field=field, value=Value.CODE(code=code))


def day(field, day):
    return Edit.SET(field=field, value=Value.DATE(day=day))


def item(field, **values):
    """An item of texts, days (as `date`), whole numbers and values that are ready."""

    def value(of):
        if isinstance(of, date):
            return Value.DATE(day=of.isoformat())
        if isinstance(of, int):
            return Value.INTEGER(number=of)
        return Value.TEXT(text=of) if isinstance(of, str) else of

    named = [NamedValue(name=name, value=value(of)) for name, of in values.items()]
    return Edit.ADD_ITEM(field=field, item=samspor.new_item_id(), values=named)


def days_ago(days):
    return date.today() - timedelta(days=days)


def moment_ago(days):
    return samspor.Moment(at=int(time.time() * 1000) - days * 86_400_000, offset_minutes=60)


class KeyFile(KeyStore):
    """A key store as a test can have one; an app asks the platform's."""

    def __init__(self, path):
        self.path = Path(path)

    def read_key(self):
        return self.path.read_bytes() if self.path.exists() else None

    def keep_key(self, key):
        self.path.write_bytes(key)

    def forget_key(self):
        self.path.unlink(missing_ok=True)


class Server:
    """`samspor serve`, and its administration."""

    def __init__(self, folder):
        self.folder = folder
        self.listen = "127.0.0.1:0"
        self.process = None
        self.start()

    def start(self):
        command = [PROGRAM, "--json", "serve", "--listen", self.listen, "--folder", self.folder]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError("the server does not start")
        self.listen = json.loads(said)["address"]

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(DEADLINE)
            self.process.stdout.close()
            self.process = None

    def admin(self, *arguments):
        command = [PROGRAM, "--json", "admin", "--folder", self.folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(done.stdout)


class World(unittest.IsolatedAsyncioTestCase):
    """A server with one team, and a folder in which devices are made. Each test has its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="samspor-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = Server(os.path.join(self.folder, "server"))
        self.addCleanup(self.server.stop)
        added = self.server.admin("team", "add", "Sundhedsplejen", "--kind", "health_visiting")
        self.team = added["team"]
        self.practitioners = {}

    def other_team(self, name, kind="ppr"):
        return self.server.admin("team", "add", name, "--kind", kind)["team"]

    def practitioner(self, name, team=None):
        """Of the first team, unless another is named when they are first spoken of."""
        if name not in self.practitioners:
            added = self.server.admin("practitioner", "add", name)["practitioner"]
            self.server.admin("membership", "add", added, team or self.team)
            self.practitioners[name] = added
        return self.practitioners[name]

    def code(self, name):
        return self.server.admin("code", self.practitioner(name))["code"]

    def place(self, name):
        return Place(folder=os.path.join(self.folder, name))

    def keys(self, name):
        return KeyFile(os.path.join(self.folder, name + ".key"))

    async def device(self, name):
        """An enrolled device that has synced once."""
        device = await Device.create(self.place(name), self.keys(name))
        self.addAsyncCleanup(device.lock)
        await device.enrol(self.code(name))
        await device.sync()
        return device

    async def case(self, device, name="Åse Østergård"):
        return await device.open_case(self.team, [prose(name, "name")])

    async def settle(self, *devices):
        """Everybody sends what they have, and gets what the others sent."""
        for device in devices + devices:
            await device.sync()

    async def refused(self, call, code, kind=samspor.SamsporError.Refused):
        with self.assertRaises(kind) as error:
            await call
        self.assertEqual(error.exception.code, code)
        return error.exception

    async def text(self, device, document, field="text"):
        reading = await device.read(document)
        state = next(one for one in reading.fields if one.name == field).state
        return state.text if state.is_PROSE() else None

    def child(self, script, *arguments):
        """A Python process of its own with the same library."""
        command = [sys.executable, str(HERE / script), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.kill)
        return process


async def until(what, holds):
    """Waits until `holds()` says something true, and gives that."""
    begun = time.monotonic()
    while True:
        found = holds()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        if time.monotonic() - begun > DEADLINE:
            raise TimeoutError(what)
        await asyncio.sleep(0.01)


__all__ = [name for name in dir() if not name.startswith("_")] + ["samspor"]
