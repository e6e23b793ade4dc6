"""Packs a directory in every way that users pack one, with Python's zipfile and tarfile.

pack_images.py DIRECTORY TARGET writes TARGET/<kind>.<ending> and prints the kinds as a JSON list.
"""

import io
import json
import os
import sys
import tarfile
import zipfile

directory, target = sys.argv[1:]
files = sorted(
    os.path.relpath(os.path.join(folder, name), directory)
    for folder, _, names in os.walk(directory)
    for name in names
)
packed = []


def path(kind):
    packed.append(kind)
    return os.path.join(target, kind)


class Pipe(io.RawIOBase):
    """Can't seek, so that zipfile writes sizes after the content."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def pack_zip(out, method, prefix="", zip64=False):
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in files:
            with open(os.path.join(directory, name), "rb") as source:
                with archive.open(
                    zipfile.ZipInfo(prefix + name) if zip64 else zip_info(prefix + name, method),
                    "w",
                    force_zip64=zip64,
                ) as entry:
                    entry.write(source.read())


def zip_info(name, method):
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    return info


def pack_tar(out, form, prefix="", mode="w"):
    with tarfile.open(out, mode, format=form) as archive:
        archive.add(directory, arcname=prefix or ".")


pack_zip(path("stored.zip"), zipfile.ZIP_STORED)
pack_zip(path("deflated.zip"), zipfile.ZIP_DEFLATED)
pack_zip(path("folder.zip"), zipfile.ZIP_DEFLATED, "photos/")
pack_zip(path("zip64.zip"), zipfile.ZIP_STORED, zip64=True)
with open(path("streamed.zip"), "wb") as file:
    pack_zip(Pipe(file), zipfile.ZIP_DEFLATED)
with zipfile.ZipFile(path("shell.zip"), "w") as archive:
    # Directories, and what macOS adds.
    archive.writestr("photos/", b"")
    archive.writestr("__MACOSX/photos/._cat", b"resource")
    archive.writestr("photos/.DS_Store", b"finder")
    for name in files:
        archive.write(os.path.join(directory, name), "photos/" + name)
with zipfile.ZipFile(path("powershell.zip"), "w") as archive:
    # Windows PowerShell 5 separates folders with backslashes.
    for name in files:
        info = zipfile.ZipInfo(("photos/" + name).replace("/", "\\"))
        info.create_system = 0
        with open(os.path.join(directory, name), "rb") as source:
            archive.writestr(info, source.read())
pack_tar(path("ustar.tar"), tarfile.USTAR_FORMAT)
pack_tar(path("gnu.tar"), tarfile.GNU_FORMAT, "photos")
pack_tar(path("pax.tar"), tarfile.PAX_FORMAT, "photos")
pack_tar(path("packed.tar.gz"), tarfile.GNU_FORMAT, "photos", "w:gz")
pack_tar(path("packed.tgz"), tarfile.PAX_FORMAT, mode="w:gz")

print(json.dumps(packed))
