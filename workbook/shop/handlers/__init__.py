"""The functions of the shop, a file each, each with one side effect.

`handler` takes one event and answers what the order then is, `on_queue` takes a batch
from a queue. Which of them is
called by what stands in `../template.yaml`, and nowhere else.
"""
