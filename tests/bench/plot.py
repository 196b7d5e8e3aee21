# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison as a picture: for each case, how many times the cost the other server has."""

import math
from xml.sax.saxutils import escape

from figures import OURS, THEIRS, number

WIDTH, LEFT, RIGHT = 960, 340, 160
TOP, ROW, BOTTOM = 84, 30, 56
GOOD, SHORT, INK, FAINT = '#2a7f62', '#c88a1e', '#1d1d1d', '#d9d9d9'
TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100)

STYLE = """\
text { font-family: Cantarell, "DejaVu Sans", sans-serif; font-size: 13px; fill: %s }
.title { font-size: 18px; font-weight: bold }
.small { font-size: 11px }""" % INK


class Scale:
    """Ratios along a logarithmic axis."""

    def __init__(self, ratios):
        self.low = max(tick for tick in TICKS if tick <= max(min([*ratios, 1]), TICKS[0]))
        self.high = min(tick for tick in TICKS if tick >= min(max([*ratios, 2]), TICKS[-1]))

    def x(self, ratio):
        part = math.log(min(max(ratio, self.low), self.high) / self.low)
        return LEFT + (WIDTH - LEFT - RIGHT) * part / math.log(self.high / self.low)

    def ticks(self):
        return [tick for tick in TICKS if self.low <= tick <= self.high]


def svg(rows, about):
    """The rows that have a ratio; about: one line to stand below the title."""
    rows = [row for row in rows if row.ratio]
    ratios = [row.ratio for row in rows] + [row.metric.ratio for row in rows if row.metric.ratio]
    scale = Scale(ratios)
    height = TOP + ROW * len(rows) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}">',
        f'<style>{STYLE}</style>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text class="title" x="20" y="32">{THEIRS} against {OURS}: how many times the cost</text>',
        f'<text class="small" x="20" y="54">{escape(about)}</text>',
        *_grid(scale, height),
    ]
    for index, row in enumerate(rows):
        parts += _bar(row, scale, TOP + ROW * index)
    parts += [*_legend(height), '</svg>']
    return '\n'.join(parts) + '\n'


def _grid(scale, height):
    for tick in scale.ticks():
        x, colour = scale.x(tick), INK if tick == 1 else FAINT
        yield (f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - BOTTOM + 4}" '
               f'stroke="{colour}"/>')
        yield (f'<text class="small" x="{x:.1f}" y="{height - BOTTOM + 18}" '
               f'text-anchor="middle">{tick:g}x</text>')


def _bar(row, scale, y):
    start, end = sorted((scale.x(1), scale.x(row.ratio)))
    colour = SHORT if row.met is False or row.ratio < 1 else GOOD
    ours, theirs = number(row.median(OURS)), number(row.median(THEIRS))
    yield f'<text x="{LEFT - 12}" y="{y + 19}" text-anchor="end">{escape(row.title)}</text>'
    yield (f'<rect x="{start:.1f}" y="{y + 6}" width="{max(end - start, 1):.1f}" height="18" '
           f'fill="{colour}"/>')
    if row.metric.ratio:
        x = scale.x(row.metric.ratio)
        yield (f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 2}" y2="{y + 28}" stroke="{INK}" '
               'stroke-width="2"/>')
    yield (f'<text x="{WIDTH - RIGHT + 12}" y="{y + 15}">{row.ratio:.2f}x'
           f'<tspan class="small" x="{WIDTH - RIGHT + 12}" dy="13">{theirs} to {ours} '
           f'{row.metric.unit}</tspan></text>')


def _legend(height):
    y = height - 14
    texts = (GOOD, 'target reached, or cheaper where there is none'), (SHORT, 'short of it')
    x = 20
    for colour, text in texts:
        yield f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{colour}"/>'
        yield f'<text class="small" x="{x + 18}" y="{y}">{text}</text>'
        x += 40 + 6.2 * len(text)
    yield f'<line x1="{x + 6}" x2="{x + 6}" y1="{y - 12}" y2="{y + 4}" stroke="{INK}" stroke-width="2"/>'
    yield f'<text class="small" x="{x + 16}" y="{y}">target</text>'
