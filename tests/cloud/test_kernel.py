"""A notebook's kernel lives well with a clock that stands still."""

import time

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = {
    "start": """
        import asyncio, logging, subprocess, sys, threading, time
        from datetime import datetime
        import boto3, ipywidgets as widgets
        from tqdm import tqdm
        from workbook.cloud import clock, local_cloud
        cloud = local_cloud()
        cloud
    """,
    "sleep": """
        began = time.monotonic()
        time.sleep(6 * 3600)
        print(datetime.now().year, clock.now().isoformat(), cloud)
        print(time.monotonic() - began < 60)
    """,
    "cloud": """
        sqs = boto3.client("sqs")
        queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        print(sqs.send_message(QueueUrl=queue_url, MessageBody="x")["MessageId"])
        wait = {"QueueUrl": queue_url, "WaitTimeSeconds": 20}
        print(sqs.receive_message(**wait)["Messages"][0]["Body"])
        print("Messages" in sqs.receive_message(**wait))
    """,
    "progress": """
        for _ in tqdm(range(3), file=sys.stdout):
            time.sleep(1)
    """,
    "widget": """
        seen = []
        slider = widgets.IntSlider(value=3, max=10)
        slider.observe(lambda change: seen.append(change["new"]), "value")
        slider.value = 7
        display(slider)
        seen
    """,
    "log": """
        logging.basicConfig(stream=sys.stdout, force=True,
                            format="%(asctime)s %(message)s", datefmt="%Y-%m-%d")
        logging.warning("late")
    """,
    "await": """
        began = time.monotonic()
        await asyncio.sleep(0.05)
        print(time.monotonic() - began >= 0.05)
    """,
    "thread": """
        def work():
            time.sleep(0.05)
            print("worked")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """,
    "child": """
        child = subprocess.Popen([sys.executable, "-c", "print('child')"],
                                 stdout=subprocess.PIPE, text=True)
        print(child.wait(timeout=60), child.stdout.read().strip())
    """,
    "time": """
        before = clock.seconds()
        %time x = sum(range(10))
        print(clock.seconds() == before)
    """,
    "again": """
        cloud = local_cloud()
        sqs = boto3.client("sqs")
        queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        print(sqs.send_message(QueueUrl=queue_url, MessageBody="x")["MessageId"])
    """,
    "stop": """
        cloud.stop()
        print(abs(clock.seconds() - REAL_S) < 86_400)  # not 2018 any more
    """,
}


@pytest.fixture(scope="module")
def outputs():
    """What each cell shows, as text, from one run of a notebook in a kernel."""
    notebook = nbformat.v4.new_notebook()
    for name, source in CELLS.items():
        text = source.replace("\n        ", "\n").strip()
        text = text.replace("REAL_S", str(time.time()))
        cell = nbformat.v4.new_code_cell(text, metadata={"tags": [name]})
        notebook.cells.append(cell)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {cell.metadata.tags[0]: _shown(cell) for cell in notebook.cells}


def _shown(cell):
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts.append(output.get("text") or data.get("text/plain", ""))
    return "".join(texts).strip()


def test_the_cloud_shows_itself(outputs):
    assert outputs["start"] == (
        "local cloud: moto 5.2.5, ap-northeast-1, clock 2018-03-11 10:00 JST"
    )


def test_a_cell_sleeps_in_virtual_time(outputs):
    assert outputs["sleep"].splitlines() == [
        "2018 2018-03-11T07:00:00+00:00 "
        "local cloud: moto 5.2.5, ap-northeast-1, clock 2018-03-11 16:00 JST",
        "True",
    ]


def test_calls_and_long_polls_work(outputs):
    assert outputs["cloud"].splitlines()[1:] == ["x", "False"]


def test_a_second_world_has_the_ids_of_the_first(outputs):
    assert outputs["again"] == outputs["cloud"].splitlines()[0]


def test_a_progress_bar_reaches_its_end(outputs):
    assert "3/3" in outputs["progress"]


def test_a_widget_reports_its_change(outputs):
    assert outputs["widget"].startswith("IntSlider(value=7")
    assert outputs["widget"].endswith("[7]")


def test_a_log_has_the_virtual_date(outputs):
    assert outputs["log"] == "2018-03-11 late"


def test_the_kernel_s_own_waits_are_real(outputs):
    assert outputs["await"] == "True"
    assert outputs["thread"] == "worked"
    assert outputs["child"] == "0 child"


def test_timing_a_cell_moves_no_time(outputs):
    assert outputs["time"].splitlines()[-1] == "True"


def test_stopping_gives_the_kernel_real_time_back(outputs):
    assert outputs["stop"] == "True"
