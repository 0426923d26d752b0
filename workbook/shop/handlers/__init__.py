"""The functions of the shop, a file each, each with one side effect.

`handler` takes one event, `on_queue` a batch of them from a queue. Which of them is
called by what stands in `../template.yaml`, and nowhere else.
"""
