# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, and what it should come to."""

import dataclasses
import typing

SMALL = ['--size', '160', '--window', '128']
PACED = ['--size', '160', '--rate', '20000']
BULK = ['--size', '1200', '--window', '128', '--burst', '32', '--segment', '--coalesce']


@dataclasses.dataclass
class Metric:
    """One figure of a run; less of it is better unless it says otherwise."""
    unit: str
    of: str                     # what the unit is counted for
    read: typing.Callable
    label: str = ''
    ratio: float = None         # that coturn/ours should reach
    limit: float = None         # that ours should not exceed
    limit_of: str = None        # a case whose figure ours should not exceed
    more_is_better: bool = False


@dataclasses.dataclass
class Case:
    name: str
    title: str
    load: list
    metrics: list
    link: bool = False          # over a veth pair instead of loopback
    fresh: bool = False         # on servers that have done nothing before
    seconds: float = None       # if not as long as the others
    panel: bool = False         # on the relay inside the panel; coturn has none
    forwarder: bool = False     # on the plain forwarder too


def cpu(ratio=None):
    return Metric('ns', 'CPU per packet', lambda d: d['traffic']['cpu_ns_per_packet'],
                  ratio=ratio)


def cpu_per_input(limit_of):
    return Metric('ns', 'CPU per packet, bad ones too',
                  lambda d: d['traffic']['cpu_ns_per_input'], limit_of=limit_of)


def latency(name, limit=None):
    """The worse of both directions."""
    def read(figures):
        ways = (figures['traffic'].get(way) for way in ('up', 'down'))
        return max(way[f'{name}_us'] for way in ways if way)
    return Metric('µs', '', read, label=f', {name}', limit=limit)


ALLOCATION_CPU = Metric('µs', 'CPU per allocation',
                        lambda d: d['setup']['cpu_us_per_allocation'], ratio=3, limit=25)
ALLOCATION_RATE = Metric('/s', '', lambda d: d['setup']['allocations_per_second'],
                         label=', rate', more_is_better=True)


def memory(**goal):
    return Metric('KiB', 'resident per allocation',
                  lambda d: d['memory']['kib_per_allocation'], **goal)



def small(flows, ratio):
    what = 'one flow' if flows == 1 else f'{flows:,} flows'
    return Case(f'small-{flows}', f'{what}, saturated, 160 B', ['--flows', str(flows), *SMALL],
                [cpu(ratio)], forwarder=True)


CASES = [
    small(1000, 1.45),
    small(100, 1.3),
    small(1, 1.25),
    Case('paced', '100 flows, 20,000/s evenly paced, 160 B', ['--flows', '100', *PACED], [cpu(1.2)],
         forwarder=True),
    Case('bulk', 'bulk 1200 B, loopback', BULK, [cpu(14)], forwarder=True),
    Case('bulk-plain', 'bulk 1200 B, loopback, receivers without UDP_GRO',
         [word for word in BULK if word != '--coalesce'], [cpu()], forwarder=True),
    Case('bulk-veth', 'bulk 1200 B, veth, software segmentation', BULK, [cpu(4.5)], link=True,
         forwarder=True),
    Case('pairs', 'client to client, 200 flows, 160 B', ['--pairs', '--flows', '200', *SMALL],
         [cpu(2.4)], forwarder=True),
    Case('pairs-bulk', 'client to client, bulk 1200 B', ['--pairs', '--flows', '2', *BULK],
         [cpu(20)], forwarder=True),
    Case('tcp', '100 clients on TCP, 1200 B',
         ['--tcp', '--flows', '100', '--parallel', '8', '--size', '1200', '--window', '128'],
         [cpu(2)], forwarder=True),
    Case('tls', '100 clients on TLS, 1200 B',
         ['--tls', '--flows', '100', '--parallel', '8', '--size', '1200', '--window', '128'],
         [cpu(2)]),
    Case('tls-small', '100 clients on TLS, 20,000/s evenly paced, 160 B',
         ['--tls', '--flows', '100', *PACED], [cpu(2)]),
    Case('memory-tls', 'memory at 5,000 idle clients on TLS',
         ['--tls', '--flows', '5000', '--allocate-only', '--keep'], [memory(ratio=1.67)],
         fresh=True),
    Case('allocate', 'Allocate with its challenge', ['--flows', '1000', '--allocate-only', '--keep'],
         [ALLOCATION_CPU, ALLOCATION_RATE], fresh=True),
    Case('memory', 'memory at 5,000 allocations, after traffic',
         ['--flows', '5000', '--rate', '50000', '--warm-up', '0', '--keep'], [memory(limit=2)], fresh=True,
         seconds=1),
    Case('latency', 'latency at 20,000/s, 100 flows', ['--flows', '100', *PACED],
         [latency('p50', 35), latency('p99', 100)], forwarder=True),
    Case('garbage', '100 flows, saturated, 20 % bad input',
         ['--flows', '100', '--garbage', '20', *SMALL], [cpu_per_input('small-100')]),
    Case('latency-panel', 'latency at 20,000/s with the panel open and busy',
         ['--flows', '100', *PACED], [latency('p50'), latency('p99', 1000)], panel=True, seconds=3),
]


def chosen(names):
    """The cases of these names, and those that they are compared with; KeyError for others."""
    by_name = {case.name: case for case in CASES}
    wanted = {name: by_name[name] for name in names}
    for case in list(wanted.values()):
        for metric in case.metrics:
            if metric.limit_of:
                wanted.setdefault(metric.limit_of, by_name[metric.limit_of])
    return [case for case in CASES if case.name in wanted]
