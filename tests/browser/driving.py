"""What a learner does in JupyterLab: open a notebook, run all, look, drag a slider."""

import os
import re
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

from tools.run_notebooks import ROOT

__all__ = [
    "browser",
    "drag",
    "jupyterlab",
    "open_and_run",
    "repaints_ms",
    "to_explorer",
]

_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
_FLAGS += ("--disable-background-networking", "--disable-component-update")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+")
_CELLS = "[...window.jupyterapp.shell.currentWidget.content.model.cells]"
_CODE = f"{_CELLS}.filter(cell => cell.type === 'code')"
# The test looks at the notebook through JupyterLab's own objects, for cells that are
# out of sight are not on the page. Nothing else differs from what `make lab` starts.
_CONFIG = '{"LabApp": {"expose_app_in_browser": true}}'


@contextmanager
def browser():
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if not path:
        raise RuntimeError("there is no chromium: make browser installs it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def jupyterlab(scratch: Path):
    """JupyterLab as `make lab` starts it, on a copy of the repository in `scratch`.

    Gives a function from a notebook's path to its address.
    """
    copy, config = scratch / "repository", scratch / "config"
    _copy(copy)
    config.mkdir()
    (config / "jupyter_lab_config.json").write_text(_CONFIG, encoding="utf-8")
    (copy / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    environment["WORKBOOK_PASSPORT"] = str(copy / "passport.json")
    server = subprocess.Popen(
        # `-o learner`: the packages are there. An empty SCREEN: print the address.
        ["make", "-o", "learner", "lab", "SCREEN="],
        cwd=copy,
        env=environment | {"JUPYTER_CONFIG_DIR": str(config)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        base, token = _address_of(server).split("?")
        base = base.partition("/lab")[0]
        yield lambda path: f"{base}/lab/tree/{path}?{token}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def open_and_run(page, address, timeout_s=120):
    """Open a notebook, Run All by the menu; (count, outputs) of each code cell."""
    page.goto(address)
    path = address.partition("/lab/tree/")[2].partition("?")[0]
    page.wait_for_function(_OPEN, arg=path, timeout=60_000)
    page.evaluate(_READY)
    clear = "() => window.jupyterapp.commands.execute('{}')"
    page.evaluate(clear.format("notebook:clear-all-cell-outputs"))
    page.wait_for_function(f"() => {_CODE}.every(cell => !cell.executionCount)")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        f"() => {_CODE}.every(c => c.executionCount && c.executionState === 'idle')",
        timeout=1000 * timeout_s,
    )
    return page.evaluate(
        f"() => {_CODE}.map(cell => [cell.executionCount, cell.outputs.toJSON()])"
    )


def to_explorer(page):
    """Scroll to the chapter's explorer; its first slider's handle."""
    made = "cell => cell.sharedModel.source.includes('explorer = turn(')"
    place = page.evaluate(f"() => {_CELLS}.findIndex({made})")
    scroll = "n => window.jupyterapp.shell.currentWidget.content.scrollToItem(n, 'end')"
    page.evaluate(scroll, place)
    handle = page.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    return handle


def drag(page, handle, right_px=150):
    """Drag a slider's handle to the right with the mouse."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right_px, y, steps=8)
    page.mouse.up()


def repaints_ms(page, handle, times=20):
    """Milliseconds from a key on the slider to the new picture painted, each time."""
    handle.focus()
    page.evaluate(_STOPWATCH)
    taken = []
    for step in range(times):
        page.evaluate("() => window.beginToWait()")
        page.keyboard.press("ArrowRight" if step % 2 == 0 else "ArrowLeft")
        page.wait_for_function("() => window.painted !== null", timeout=10_000)
        taken.append(page.evaluate("() => window.painted"))
    return taken


# JupyterLab opens again what was open before; the notebook asked for comes to the top.
_OPEN = """path => {
  const shown = window.jupyterapp?.shell?.currentWidget;
  return shown?.context?.path === path;
}"""

# A notebook is on the page before its kernel has answered: Run All then stops at once.
_READY = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.revealed;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
}"""

# From the key's event to the frame after the new picture's bytes are decoded.
_STOPWATCH = """() => {
  const picture = () => document.querySelector('.jupyter-widgets img');
  let began = null, before = null;
  window.painted = null;
  window.beginToWait = () => { began = null; window.painted = null;
                               before = picture().src; };
  document.addEventListener('keydown', () => { began = performance.now(); }, true);
  const look = async () => {
    const image = picture();
    if (began !== null && window.painted === null && image && image.src !== before) {
      await image.decode();
      const start = began;
      requestAnimationFrame(() => { window.painted = performance.now() - start; });
      began = null;
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def _copy(target):
    listed = ["git", "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _address_of(server, wait_s=60):
    """The address that `make lab` prints for people without a screen."""
    lines: Queue = Queue()

    def read():  # to the end, so that a full pipe never stops the server
        for line in server.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    said = []
    while True:
        try:
            line = lines.get(timeout=wait_s)
        except Empty:
            line = None
        if line is None:
            raise RuntimeError(f"make lab printed no address: {''.join(said)}")
        said.append(line)
        if found := _ADDRESS.search(line):
            return found[0]
