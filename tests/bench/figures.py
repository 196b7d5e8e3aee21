# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runs came to: medians, ratios, what went wrong with packets, and tables of it."""

import statistics

OURS, THEIRS, FORWARDER = 'Turnhouse', 'coturn', 'forwarder'

# How payloads can go wrong, as the load calls it.
FAULTS = {'late': 'out of order', 'again': 'twice', 'corrupt': 'corrupt', 'misled': 'misdelivered',
          'stray': 'stray'}

HEADER = (f'| case | unit | {OURS} | {THEIRS} | {THEIRS}/{OURS} | target | met | {FORWARDER} '
          f'| {OURS} lost | {THEIRS} lost |\n|---|---|---|---|---|---|---|---|---|---|')


class Row:
    """One metric of one case over all rounds; a round that failed has None for its figures."""

    def __init__(self, case, metric, runs):
        self.case, self.metric = case, metric
        self.title = case.title + metric.label
        self.unit = f'{metric.unit} {metric.of}'.strip()
        self.values = {server: [metric.read(run) for run in rounds if run]
                       for server, rounds in runs.items()}
        self.lost = {server: max((run['traffic']['lost_percent'] for run in rounds
                                  if run and 'traffic' in run), default=None)
                     for server, rounds in runs.items()}
        self._by_round = [metric.read(theirs) / metric.read(ours)
                          for ours, theirs in zip(runs[OURS], runs.get(THEIRS, []))
                          if ours and theirs and metric.read(ours) > 0]
        self.limit = metric.limit

    def median(self, server):
        values = self.values.get(server)
        return statistics.median(values) if values else None

    @property
    def ratio(self):
        """How many times dearer the other is; of rates, how many times faster ours."""
        ours, theirs = self.median(OURS), self.median(THEIRS)
        if not ours or not theirs:
            return None
        return ours / theirs if self.metric.more_is_better else theirs / ours

    @property
    def targets(self):
        texts = []
        if self.metric.ratio:
            texts.append(f'{self.metric.ratio:g}x')
        if self.limit:
            texts.append(f'{number(self.limit)} or less')
        return ', '.join(texts)

    @property
    def met(self):
        """True or False; None where there is no target, or nothing to judge by."""
        verdicts = []
        if self.metric.ratio and self.ratio:
            verdicts.append(self.ratio >= self.metric.ratio)
        if self.limit and self.median(OURS) is not None:
            verdicts.append(self.median(OURS) <= self.limit)
        return all(verdicts) if verdicts else None

    def markdown(self):
        met = {True: 'yes', False: 'no', None: ''}[self.met]
        return (f'| {self.title} | {self.unit} | {self._spread(OURS)} '
                f'| {self._spread(THEIRS)} | {self._ratios()} | {self.targets} | {met} '
                f'| {self._spread(FORWARDER)} | {self._lost(OURS)} | {self._lost(THEIRS)} |')

    def as_json(self):
        return {'case': self.case.name, 'title': self.title, 'unit': self.unit,
                'values': self.values, 'ratio': self.ratio, 'ratio_by_round': self._by_round,
                'target_ratio': self.metric.ratio, 'limit': self.limit, 'met': self.met,
                'lost_percent_worst': self.lost}

    def _spread(self, server):
        values = self.values.get(server)
        if not values:
            return '-'
        return f'{number(self.median(server))} ({number(min(values))}-{number(max(values))})'

    def _ratios(self):
        if self.ratio is None:
            return '-'
        each = [1 / ratio if self.metric.more_is_better else ratio for ratio in self._by_round]
        span = f' ({min(each):.2f}-{max(each):.2f})' if each else ''
        return f'{self.ratio:.2f}{span}'

    def _lost(self, server):
        lost = self.lost.get(server)
        return '-' if lost is None else '0' if lost == 0 else f'{lost:.3f} %'


def number(value):
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f'{value:,.{digits}f}'


def summarize(cases, runs):
    """Rows for all cases; runs: by case name, by server, one item a round."""
    rows = [Row(case, metric, runs[case.name]) for case in cases for metric in case.metrics]
    first = {}
    for row in rows:
        first.setdefault(row.case.name, row)
    for row in rows:
        if row.metric.limit_of in first:
            row.limit = first[row.metric.limit_of].median(OURS)
    return rows


def faults(cases, runs):
    """Sentences about payloads that did not arrive as they should, ours first."""
    sentences = []
    for server in OURS, THEIRS:
        for case in cases:
            done = [run['traffic'] for run in runs[case.name].get(server, [])
                    if run and 'traffic' in run]
            for name, words in FAULTS.items():
                count = sum(traffic[name] for traffic in done)
                if count:
                    received = sum(traffic['received'] for traffic in done)
                    sentences.append(f'{server}, {case.title}: {count} of {received} {words}')
    return sentences


def table(rows):
    return '\n'.join([HEADER, *(row.markdown() for row in rows)])
