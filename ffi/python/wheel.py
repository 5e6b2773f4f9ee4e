"""Packs a built library and its Python into a wheel: `wheel.py LIBRARY BINDINGS VERSION FOLDER`.

The library is the one that was built, for this machine; nothing is built for it a second time. The module is typed, and
says so (`py.typed`): `stub.py`.
"""

import base64
import hashlib
import re
import sys
import sysconfig
import zipfile
from pathlib import Path

from stub import stub

METADATA = """Metadata-Version: 2.1
Name: samspor
Version: {version}
Summary: A Samspor device: the record of visits to children and families, offline first.
License: EUPL-1.2
Requires-Python: >=3.10
"""
# Python ends before the library's threads do: none of them is to call into it by then.
EPILOGUE = b"""

import atexit

atexit.register(end_calls)
"""
WHEEL = """Wheel-Version: 1.0
Generator: samspor
Root-Is-Purelib: false
Tag: {tag}
"""


def hashed(content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return "sha256=" + digest.decode().rstrip("=")


def pack(library, bindings, version, folder):
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    tag = f"py3-none-{platform}"
    about = f"samspor-{version}.dist-info"
    module = Path(bindings).read_bytes()
    files = {
        "samspor/__init__.py": module + EPILOGUE,
        "samspor/__init__.pyi": stub(module).encode(),
        f"samspor/{Path(library).name}": Path(library).read_bytes(),
        "samspor/py.typed": b"",
        f"{about}/METADATA": METADATA.format(version=version).encode(),
        f"{about}/WHEEL": WHEEL.format(tag=tag).encode(),
    }
    record = [f"{name},{hashed(content)},{len(content)}" for name, content in files.items()]
    record.append(f"{about}/RECORD,,\n")
    files[f"{about}/RECORD"] = "\n".join(record).encode()
    wheel = Path(folder) / f"samspor-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return wheel


if __name__ == "__main__":
    print(pack(*sys.argv[1:]))
