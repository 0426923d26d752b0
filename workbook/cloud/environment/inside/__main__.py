"""The emulator's process: `python workbook/cloud/environment/inside`.

It ends with the notebook that started it, and serves on BIND_HOST:GATEWAY_PORT. Nothing
of the workbook is imported here: the emulator is to start fast, and to be itself.
"""

import mends
import watch

if __name__ == "__main__":
    watch.end_with_the_parent()
    mends.install()
    from ministack.app import main

    main()
