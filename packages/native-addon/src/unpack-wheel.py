"""usage: unpack-wheel.py WHEEL FOLDER: the C API's headers to FOLDER/include, the two shared libraries to FOLDER/lib.

Prints the wheel's NVIDIA requirements (name and versions, one a line). Files are streamed: the largest is 700 MB.
"""

import os
import re
import shutil
import sys
import zipfile

HEADERS = tuple(
    f"tensorflow/include/{folder}/" for folder in ("tensorflow/c", "tensorflow/core/platform", "tsl", "xla/tsl")
)
LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")


def destination(name, folder):
    if name.endswith("/"):
        return None
    if name.startswith(HEADERS):
        return os.path.join(folder, name[len("tensorflow/"):])
    parent, _, base = name.rpartition("/")
    return os.path.join(folder, "lib", base) if parent == "tensorflow" and base in LIBRARIES else None


def main(wheel_path, folder):
    with zipfile.ZipFile(wheel_path) as wheel:
        for name in wheel.namelist():
            path = destination(name, folder)
            if path is None:
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with wheel.open(name) as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        for line in wheel.read(metadata).decode().splitlines():
            found = re.match(r"Requires-Dist: (nvidia-[^;]*);.*and-cuda", line)
            if found:
                print(re.sub(r"[\s()]", "", found[1]))


main(*sys.argv[1:])
