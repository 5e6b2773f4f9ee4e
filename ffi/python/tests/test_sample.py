"""The sample does what it shows, with contact and without."""

import os
import subprocess
import sys

from world import DEADLINE, HERE, World


class Sample(World):
    def day(self, code):
        folder = os.path.join(self.folder, "sample")
        command = [sys.executable, str(HERE.parent / "sample.py"), folder, code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    async def test_a_day_with_contact_and_one_without(self):
        said = self.day(self.code("Mette"))
        for line in ["forfalder: Sofie Ærø", "i takt", "3.950 g", "3.980 g", "(signed)", "teamet: ", "fundet: 1 af 1 sag"]:
            self.assertIn(line, said)
        self.server.stop()
        said = self.day("ingen kode: den er indmeldt")
        for line in ["ingen dækning", "(signed_not_received)", "fundet: 2 af 2 sag"]:
            self.assertIn(line, said)
