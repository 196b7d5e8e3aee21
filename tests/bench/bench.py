#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What relaying costs, measured side by side with the coturn of this machine.

Each server has a network namespace and a processor of its own; the load runs on another processor
and asks the kernel what the server has used. Every figure is taken from all of them in turn, in
every round; what counts is the median, and above all the ratio. Beside them runs a
plain forwarder without TURN, which checks and counts nothing: most of what it costs is the kernel's
own work.

Exits with 0 if all was measured and our relay has kept every payload whole and in order, with 1
if not, and with 2 if this machine cannot measure at all.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

# pylint: disable=wrong-import-position
import figures
import panel
import plot
import servers
import spaces
from cases import CASES, chosen
from figures import FORWARDER, OURS, THEIRS
from support import children

PANEL = 'panel'
LOAD_SECONDS = 120
TOOLS = {'ip': 'iproute2', 'openssl': 'openssl', 'taskset': 'util-linux', 'ethtool': 'ethtool', 'turnserver': 'coturn'}


def arguments():
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--server', required=True, help='the turnhouse-server to measure')
    parser.add_argument('--load', required=True, help='the load program built beside this file')
    parser.add_argument('--forwarder', required=True, help='the one built beside this file')
    parser.add_argument('--panel', help='the turnhouse program, for the cases with the panel open')
    parser.add_argument('--schemas', help="the folder of the panel's compiled settings schema")
    parser.add_argument('--output', default='build/bench', help='folder for the results (%(default)s)')
    parser.add_argument('--cases', default=','.join(names), help='of ' + ', '.join(names))
    parser.add_argument('--rounds', type=int, default=5, help='how often (%(default)s)')
    parser.add_argument('--seconds', type=float, default=0.8, help='of each run (%(default)s)')
    parser.add_argument('--quick', action='store_true', help='one round of short runs')
    parser.add_argument('--processors', default='0,1', help="the server's, the load's (%(default)s)")
    options = parser.parse_args()
    try:
        options.cases = chosen([name for name in options.cases.split(',') if name])
        options.processors = [int(text) for text in options.processors.split(',')]
    except KeyError as name:
        parser.error(f'there is no case {name}')
    except ValueError:
        parser.error('--processors are two numbers')
    if bool(options.panel) != bool(options.schemas):
        parser.error('--panel and --schemas belong together')
    if options.rounds < 1 or options.seconds <= 0 or not options.cases:
        parser.error('there is nothing to measure')
    if options.quick:
        options.rounds, options.seconds = 1, 0.3
    return options


def why_not(options):
    """Why this machine cannot measure; None if it can."""
    if os.geteuid() != 0:
        return 'network namespaces need root'
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if missing:
        return f'not installed: {", ".join(missing)}'
    if len(set(options.processors) & os.sched_getaffinity(0)) < 2:
        return 'the server and the load need a processor each'
    for path in options.server, options.load, options.forwarder:
        if not os.access(path, os.X_OK):
            return f'there is no program {path}'
    try:
        with spaces.Loopback(f'bench{os.getpid()}'):
            return None
    except spaces.Refused as refusal:
        return f'no network namespace: {refusal}'


class Bench:
    """Inside a with block: networks and servers as they come to be needed."""

    def __init__(self, options):
        self._load_program = os.path.abspath(options.load)
        self._seconds = options.seconds
        self._server_processor, self._load_processor = options.processors
        self._options = options
        self._networks, self._servers = {}, {}
        self.kinds = {OURS: servers.turnhouse(options.server),
                      THEIRS: servers.coturn(shutil.which('turnserver')),
                      FORWARDER: servers.Forwarder(options.forwarder)}
        if options.panel:
            self.kinds[PANEL] = panel.Panel(options.panel, options.schemas)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_servers()
        for network in self._networks.values():
            network.__exit__()

    def measure(self, case, name):
        """Runs a case on the server of that name; its figures."""
        name = PANEL if case.panel else name
        if case.fresh:
            self._stop(name, case.link)
        server = self._server(name, case.link)
        try:
            if case.fresh:  # what is made when it is first used shall not count
                self._put_load(server, ['--rate', '1000'], 0.2)
            return self._put_load(server, case.load, case.seconds or self._seconds)
        except servers.Failed:
            self._stop(name, case.link)
            raise
        finally:
            if case.fresh or case.panel:
                self._stop(name, case.link)

    def stop_servers(self):
        for key in list(self._servers):
            self._stop(*key)

    def _network(self, name, link):
        """Never two servers in one: sharing a port they would share the load."""
        if (name, link) not in self._networks:
            kind = spaces.Link if link else spaces.Loopback
            network = kind(f'bench{os.getpid()}{name[0]}{"l" if link else ""}')
            self._networks[name, link] = network.__enter__()
        return self._networks[name, link]

    def _server(self, name, link):
        if (name, link) not in self._servers:
            self._servers[name, link] = servers.Server(
                self.kinds[name], self._network(name, link), self._server_processor)
        return self._servers[name, link]

    def _stop(self, name, link):
        server = self._servers.pop((name, link), None)
        if server:
            server.stop()

    def _put_load(self, server, load, seconds):
        network = server.network
        code, written = children.output(
            ['ip', 'netns', 'exec', network.load_space, 'nice', '-n', '-5', self._load_program,
             '--server', network.address, '--port',
             str(servers.TLS_PORT if '--tls' in load else servers.PORT), *network.hosts,
             '--secret-file', server.secret_file, '--process', str(server.process),
             '--processor', str(self._load_processor), '--seconds', str(seconds), *load],
            LOAD_SECONDS)
        if code != 0:
            raise servers.Failed(written.strip().splitlines()[-1] if written.strip() else code)
        return json.loads(written)


def competitors(case):
    return [OURS, *([] if case.panel else [THEIRS]), *([FORWARDER] if case.forwarder else [])]


def measure_all(bench, options):
    """By case, by server, one item a round: figures, or None; and the reasons for those."""
    runs = {case.name: {name: [] for name in competitors(case)} for case in options.cases}
    failures = []
    for turn in range(options.rounds):
        for place, case in enumerate(options.cases):
            for name in sorted(runs[case.name], reverse=(turn + place) % 2 == 0):
                try:
                    run = bench.measure(case, name)
                except (servers.Failed, spaces.Refused, AssertionError) as failure:
                    failures.append(f'{case.title}, {name}, round {turn + 1}: {failure}')
                    run = None
                runs[case.name][name].append(run)
            say_round(turn, case, runs[case.name])
        bench.stop_servers()
    return runs, failures


def say_round(turn, case, runs):
    for metric in case.metrics:
        last = [f'{name} {figures.number(metric.read(run[-1]))}' if run[-1] else f'{name} failed'
                for name, run in runs.items()]
        print(f'round {turn + 1}: {case.title}{metric.label}: {", ".join(last)} {metric.unit}',
              file=sys.stderr, flush=True)


def describe(bench, options, busy):
    processor = 'unknown processor'
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        for line in file:
            if line.startswith('model name'):
                processor = line.split(':', 1)[1].strip()
                break
    ours, theirs = (bench.kinds[name].version() for name in (OURS, THEIRS))
    return (f'{OURS} {ours} and {THEIRS} {theirs}, one relay thread on one processor each; '
            f'{options.rounds} x {options.seconds:g} s; {processor}, '
            f'Linux {platform.release()}; load average before: {busy:.2f}')


def write_results(folder, about, rows, runs, remarks):
    os.makedirs(folder, exist_ok=True)

    def path(ending):
        return os.path.join(folder, f'bench.{ending}')

    lines = [f'# What relaying costs\n\n{about}.\n\n{figures.table(rows)}\n',
             *(f'- {remark}' for remark in remarks)]
    with open(path('md'), 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines).rstrip() + '\n')
    with open(path('json'), 'w', encoding='utf-8') as file:
        json.dump({'about': about, 'rows': [row.as_json() for row in rows], 'remarks': remarks,
                   'runs': runs}, file, indent=1)
    with open(path('svg'), 'w', encoding='utf-8') as file:
        file.write(plot.svg(rows, about))
    if shutil.which('rsvg-convert'):
        subprocess.run(['rsvg-convert', '--zoom', '2', '-o', path('png'), path('svg')], check=True)
    print('\n'.join(lines))
    print('In', ', '.join(path(ending) for ending in ('md', 'json', 'svg', 'png')
                          if os.path.exists(path(ending))))


def main():
    options = arguments()
    reason = why_not(options)
    if reason:
        print(f'bench: {reason}', file=sys.stderr)
        return 2
    left_out = [] if options.panel and panel.is_possible() else [
        case for case in options.cases if case.panel]
    options.cases = [case for case in options.cases if case not in left_out]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    busy = os.getloadavg()[0]
    with Bench(options) as bench:
        runs, failures = measure_all(bench, options)
        about = describe(bench, options, busy)
    rows = figures.summarize(options.cases, runs)
    faults = figures.faults(options.cases, runs)
    write_results(options.output, about, rows, runs,
                  [f'Not measured: {failure}' for failure in failures] + faults +
                  [f'Left out: {case.title}: no panel or no display server' for case in left_out])
    ours_at_fault = any(fault.startswith(OURS) for fault in faults)
    return 1 if failures or ours_at_fault else 0


if __name__ == '__main__':
    sys.exit(main())
