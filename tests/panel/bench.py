#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel costs who looks at it, and who does not.

Frames of the Connections page's views with many made-up sessions, by both renderers: median, 99th
percentile and maximum of the main thread's processor time and by the clock. Then the real panel:
its first frame, its memory, and the processor's time it takes idle and hidden. Ends with 0 if all
keep within their limits, with 1 if not.

By the clock a frame has in it what other programs take meanwhile, and with a software GL what its
threads take to draw; so the limit holds for the processor's time, and the clock's tells the rest.
"""

import argparse
import json
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

# pylint: disable=wrong-import-position
from calls import fetch_credentials
from keyboard import hide_window
from panel import NO_LIMITS, Panel
from support import children

FRAME_MS = 8
FIRST_FRAME_MS = 500
MEMORY_MIB = 120
IDLE_PERCENT = 1
HIDDEN_PERCENT = 0.2
SETTLE_SECONDS = 10
SESSIONS = 100          # that are there, and quiet
RENDERERS = {'cairo': {'GSK_RENDERER': 'cairo', 'GDK_DEBUG': 'gl-disable'},
             'gl': {'GSK_RENDERER': 'gl', 'GDK_DEBUG': ''}}
VIEWS = {'graph': ['--view', 'graph'], 'graph, scrolling': ['--view', 'graph', '--scroll'],
         'table': ['--view', 'table'], 'table, sorted by rate': ['--view', 'table', '--sort', '4'],
         'table, scrolling': ['--view', 'table', '--scroll']}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--frames', required=True, help='the program bench-connections')
    parser.add_argument('--panel', required=True, help='the turnhouse program')
    parser.add_argument('--schemas', required=True, help='the folder of its compiled schema')
    parser.add_argument('--load', required=True, help='the load program of tests/bench')
    parser.add_argument('--sessions', type=int, default=1000, help='of the frames (%(default)s)')
    parser.add_argument('--seconds', type=int, default=60, help='of each measurement (%(default)s)')
    return parser.parse_args()


class Table:
    """What is printed line by line, and whether all of it keeps within its limits."""

    def __init__(self):
        self.well = True

    def add(self, what, said, value=None, limit=None):
        over = limit is not None and value >= limit
        self.well = self.well and not over
        verdict = '' if limit is None else f'  {"OVER" if over else "within"} {limit:g}'
        print(f'{what:<42}{said}{verdict}', flush=True)


class Quiet(Panel):
    """The panel with no limits in the way of a load."""

    def __init__(self, *paths, **options):
        super().__init__(*paths, window=(960, 680), settings=NO_LIMITS, **options)

    def add_sessions(self, load):
        """Allocations that stay for their ten minutes."""
        user, password = fetch_credentials(self)
        path = os.path.join(self.home, 'password')
        with open(path, 'w', encoding='ascii') as file:
            file.write(password)
        code, said = children.output(
            [load, '--port', str(self.port), '--user', user, '--password-file', path,
             '--flows', str(SESSIONS), '--allocate-only', '--keep'], 60)
        assert code == 0, said


def three(times):
    return f'{times["median"]:5.2f} {times["p99"]:6.2f} {times["max"]:6.2f}'


def measure_frames(table, options):
    print(f'Milliseconds a frame at {options.sessions} sessions: median, p99, max of the main '
          "thread's processor time; by the clock")
    for renderer, environment in RENDERERS.items():
        for view, choice in VIEWS.items():
            code, said = children.output(
                [options.frames, *choice, '--sessions', str(options.sessions),
                 '--seconds', str(options.seconds)],
                options.seconds + 60, env=os.environ | environment)
            assert code == 0, said
            figures = json.loads(next(line for line in said.splitlines() if line.startswith('{')))
            table.add(f'{view}, {figures["renderer"]}',
                      f'{three(figures["processor"])};  {three(figures["clock"])}  '
                      f'({figures["frames"]} frames)', figures['processor']['p99'], FRAME_MS)


def measure_start(table, options):
    paths = options.panel, options.schemas
    times = []
    for _ in range(8):
        with Panel(*paths, window=(960, 680)) as panel:
            times.append(panel.wait_for_first_frame())
            panel.stop()
    first = statistics.median(times[1:])  # the first one was to have all in the file cache
    table.add('first frame, median of 7', f'{first:.0f} ms', first, FIRST_FRAME_MS)


def measure_rest(table, options):
    paths = options.panel, options.schemas
    for page in 'server', 'connections':
        for sessions in 0, SESSIONS:
            with Quiet(*paths, page=page) as panel:
                panel.wait_for_first_frame()
                if sessions:
                    panel.add_sessions(options.load)
                time.sleep(SETTLE_SECONDS)
                what = f'page {page}, {sessions} sessions'
                memory = panel.memory()
                table.add(f'{what}, resident', f'{memory:.1f} MiB', memory,
                          None if sessions else MEMORY_MIB)
                idle = 100 * panel.processor_share(options.seconds)
                table.add(f'{what}, idle', f'{idle:.2f} % of a processor', idle, IDLE_PERCENT)
                hide_window()
                time.sleep(SETTLE_SECONDS)
                hidden = 100 * panel.processor_share(options.seconds)
                table.add(f'{what}, hidden', f'{hidden:.2f} % of a processor', hidden,
                          HIDDEN_PERCENT)
                panel.stop()


def main():
    options = arguments()
    table = Table()
    print(f'Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors')
    measure_frames(table, options)
    measure_start(table, options)
    measure_rest(table, options)
    return 0 if table.well else 1


if __name__ == '__main__':
    sys.exit(main())
