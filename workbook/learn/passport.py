"""The passport: your predictions, answers and verdicts, which you can take with you.

    passport.show()           what is in it
    passport.export()         the whole of it as one line of text
    passport.import_("…")     takes such a line in; a better verdict is never lost
    passport.download()       a link that saves the line as a file

It is one small file of yours. Nothing is sent anywhere.
"""

import base64
import binascii
import hashlib
import json
import zlib
from typing import Any

from workbook.learn import store
from workbook.learn.cards import box, paragraphs
from workbook.learn.merge import is_passport, merged

__all__ = ["Download", "Shown", "download", "export", "import_", "show", "unpacked"]

_PREFIX = "WB1"
_CHECK_DIGITS = 10
_LARGEST_BYTES = 5_000_000
_KEEP = (
    "Binder forgets everything ten idle minutes after you stop: save this file now and "
    "then, and give its text to `passport.import_(…)` when you come back."
)


class Shown:
    """A sentence about the passport."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __repr__(self) -> str:
        return self.sentence


class Download:
    """A link that saves the passport; as text, the advice to use `export()`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Passport: print(passport.export()) shows it as text.\n{_KEEP}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        href = f"data:text/plain;charset=utf-8,{self.text}"
        link = f'<a href="{href}" download="passport.txt">Save your passport</a>'
        return {"text/plain": repr(self), "text/html": box(link, paragraphs(_KEEP))}


def show() -> Shown:
    """How much the passport holds."""
    data = store.read()
    records = data["exercises"].values()
    done = sum(record.get("verdict") == "passed" for record in records)
    return Shown(
        f"Your passport: exercises begun {len(records)}, passed {done}; "
        f"predictions made {len(data['predictions'])}."
    )


def export() -> str:
    """The passport as one line: "WB1.<checksum>.<contents>", to paste anywhere."""
    packed = zlib.compress(json.dumps(store.read(), sort_keys=True).encode(), 9)
    body = base64.urlsafe_b64encode(packed).decode("ascii")
    return f"{_PREFIX}.{_checksum(body)}.{body}"


def import_(line: str) -> Shown:
    """Take in what `export()` gave, here or elsewhere. Twice is the same as once.

    The better verdict stays, and what is only in one of the two. Raises ValueError,
    with what is wrong, if the text is not a whole passport.
    """
    theirs = unpacked(line)
    store.update(lambda mine: merged(mine, theirs))
    return show()


def download() -> Download:
    """A link that saves the passport as a file on the reader's own machine."""
    return Download(export())


def unpacked(line: str) -> dict[str, Any]:
    """The passport in a line that was pasted, perhaps with line breaks in it.

    Raises ValueError, with what is wrong, if the text is not a whole passport.
    """
    prefix, checksum, body = _parts("".join(str(line).split()))
    if prefix != _PREFIX:
        raise ValueError(
            f"this is not a passport: one begins with {_PREFIX}, as export() gives it"
        )
    if _checksum(body) != checksum:
        raise ValueError("part of the passport is missing or altered: copy all of it")
    data = _decoded(body)
    if not is_passport(data):
        raise ValueError("this text holds no passport")
    return data


def _parts(text: str) -> tuple[str, str, str]:
    prefix, _, rest = text.partition(".")
    checksum, _, body = rest.partition(".")
    return prefix, checksum, body


def _decoded(body: str) -> Any:
    """What is packed in `body`; None if nothing sound is, or it is absurdly large."""
    try:
        stream = zlib.decompressobj()
        plain = stream.decompress(base64.urlsafe_b64decode(body), _LARGEST_BYTES)
        return None if stream.unconsumed_tail else json.loads(plain)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None


def _checksum(body: str) -> str:
    """Tells a copying slip; it is no protection against forgery."""
    return hashlib.sha256(body.encode()).hexdigest()[:_CHECK_DIGITS]
