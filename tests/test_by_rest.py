"""A notebook is run through a Jupyter server's REST API, and what it raises is told."""

import sys
from pathlib import Path

from tests.pages import code, page, prose
from tools.by_rest import run_by_rest
from tools.stand_in import Place, jupyterlab


def test_a_cell_that_raises_is_told_and_a_tagged_one_is_not(tmp_path):
    cells = [prose("# A"), code("n = 1"), code("n / 0"), code("m"), code("n / 0")]
    cells[4].metadata["tags"] = ["raises-exception"]
    path = tmp_path / "a.ipynb"
    path.write_text(page(*cells).text, encoding="utf-8")
    with jupyterlab(Place(tmp_path, Path(sys.prefix))) as lab:
        lab.get("/api/status")
        wrong = run_by_rest(lab.address, lab.token, "a.ipynb", path)
        assert lab.get("/api/sessions").strip() == "[]"
    assert wrong == [
        "cell 2 raised ZeroDivisionError: division by zero",
        "cell 3 raised NameError: name 'm' is not defined",
    ]
