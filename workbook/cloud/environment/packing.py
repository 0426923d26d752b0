"""What `sam package` does: upload the code, and say in the template where it is.

A function's CodeUri is a folder on this machine (the shop's is the repository). Of that
folder the package that the handler names is zipped, uploaded to the emulator's S3, and
CodeUri becomes the object's `s3://` address; the template itself stays what
`sam deploy` would take. Libraries are not packed: the emulator runs each function with
this very Python, which has them (`sam build` would install them from requirements.txt).
A state machine's definition is put into the template in the place of its file's name.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..template.reading import MACHINE, Template

__all__ = ["pack"]

Upload = Callable[[str, bytes], str]

_QUICKLY = 1  # of zlib's levels: it goes over loopback
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same code, the same bytes


def pack(template: Template, upload: Upload) -> str:
    """The template's text with its code at what `upload(key, bytes)` returns.

    Raises FileNotFoundError for code that is not where CodeUri says.
    """
    body = json.loads(json.dumps(template.body))  # our own, to write into
    found: dict[tuple[Path, str], str] = {}
    for name, function in template.functions.items():
        place = _place(template, function.properties)
        if place:
            if place not in found:
                found[place] = _uploaded(*place, upload)
            _properties(body, name)["CodeUri"] = found[place]
    body.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for name in template.of_type(MACHINE):
        said = _properties(body, name)
        if "DefinitionUri" in said:
            del said["DefinitionUri"]
            said["Definition"] = template.definition(name)
    return json.dumps(body)


def _properties(body: dict, name: str) -> dict[str, Any]:
    return body["Resources"][name].setdefault("Properties", {})


def _place(template: Template, said: Any) -> tuple[Path, str] | None:
    """The folder and the top package of a function's code; None if it is not here."""
    uri = said.get("CodeUri")
    if "InlineCode" in said or not isinstance(uri, str) or uri.startswith("s3://"):
        return None
    module = said["Handler"].replace("/", ".").partition(".")[0]
    return (template.path.parent / uri).resolve(), module


def _uploaded(folder: Path, module: str, upload: Upload) -> str:
    data = _zipped(folder, module)
    return upload(f"{hashlib.sha256(data).hexdigest()}.zip", data)


def _zipped(folder: Path, module: str) -> bytes:
    files, buffer = _files(folder, module), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ALWAYS)
            info.external_attr = 0o644 << 16
            data = path.read_bytes()
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, _QUICKLY)
    return buffer.getvalue()


def _files(folder: Path, module: str) -> list[Path]:
    package, single = folder / module, folder / f"{module}.py"
    if single.is_file():
        return [single]
    found = sorted(p for p in package.rglob("*") if p.is_file())
    found = [path for path in found if "__pycache__" not in path.parts]
    if not found:
        raise FileNotFoundError(
            f"a handler of the template is in {module!r}, and there is neither "
            f"{module}.py nor a folder {module} where its CodeUri says: {folder}"
        )
    return found
