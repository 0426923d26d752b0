"""Run a notebook through a Jupyter server's REST API, as the page in a browser does.

POST /api/sessions starts a kernel; its messages go through the WebSocket at
/api/kernels/ID/channels, as the Jupyter messaging protocol has them.
"""

import json
import urllib.request
import uuid
from pathlib import Path

import nbformat
from websockets.sync.client import ClientConnection, connect

__all__ = ["run_by_rest"]

_PATIENCE_S = 300.0  # for one cell


def run_by_rest(server: str, token: str, path: str, notebook: Path) -> list[str]:
    """Run every code cell of `notebook`, which the server knows as `path`.

    `server` is its address, without a slash at the end. What cells raised that should
    not have comes back in words; nothing if all went well. Raises OSError where the
    server does not answer.
    """
    asked = {
        "path": path,
        "type": "notebook",
        "name": "",
        "kernel": {"name": "python3"},
    }
    session = _ask(server, token, "POST", "/api/sessions", asked)
    channels = f"/api/kernels/{session['kernel']['id']}/channels"
    address = f"{server.replace('http', 'ws', 1)}{channels}"
    headers = {"Authorization": f"token {token}"}
    try:
        with connect(address, additional_headers=headers, proxy=None) as socket:
            return _run_cells(socket, nbformat.read(notebook, as_version=4))
    finally:
        _ask(server, token, "DELETE", f"/api/sessions/{session['id']}")


def _run_cells(socket: ClientConnection, notebook: nbformat.NotebookNode) -> list[str]:
    wrong = []
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        answer = _execute(socket, cell.source)
        expected = "raises-exception" in cell.metadata.get("tags", ())
        if (answer["status"] == "error") != expected:
            said = f"{answer.get('ename', 'nothing')}: {answer.get('evalue', '')}"
            wrong.append(f"cell {at} raised {said}")
    return wrong


def _execute(socket: ClientConnection, code: str) -> dict:
    """Have the kernel run some code; the content of its reply."""
    asked = uuid.uuid4().hex
    header = {"msg_id": asked, "msg_type": "execute_request", "version": "5.3"}
    header |= {"session": asked, "username": "", "date": ""}
    content = {"code": code, "silent": False, "store_history": True}
    content |= {"allow_stdin": False, "stop_on_error": False, "user_expressions": {}}
    message = {"header": header, "parent_header": {}, "metadata": {}}
    socket.send(json.dumps(message | {"content": content, "channel": "shell"}))
    while True:
        told = json.loads(socket.recv(timeout=_PATIENCE_S))
        mine = told["parent_header"].get("msg_id") == asked
        if mine and told["msg_type"] == "execute_reply":
            return told["content"]


def _ask(server: str, token: str, method: str, page: str, body: dict | None = None):
    """The JSON that the server answers, None where it answers nothing."""
    request = urllib.request.Request(
        server + page,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        said = answer.read()
    return json.loads(said) if said else None
