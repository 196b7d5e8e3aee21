# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of all that the panel shows, in all its looks, and a sheet of them for each scene.

Run by ./dev screenshots, in a network namespace of its own.
"""

import argparse
import concurrent.futures
import dataclasses
import itertools
import os
import sys

from places import Documentation
from scenes import ACTS, LARGE, WINDOW
from stage import Stage
from support import children

NARROW = (360, 640)
STORE = (1120, 700)
STORE_SCENES = ('server-running', 'credentials', 'connections-selected', 'connections-graph',
                'ice-test')
ORDER = ('wide', 'narrow')


@dataclasses.dataclass(frozen=True)
class Look:
    scheme: str = 'light'
    width: str = 'wide'
    large: bool = False
    direction: str = 'ltr'

    def name(self, contrast):
        parts = [self.width, self.scheme]
        parts += ['large'] * self.large + ['contrast'] * contrast
        parts += ['rtl'] * (self.direction == 'rtl')
        return '-'.join(parts)


ALL = [Look(scheme, width, large) for width, large, scheme in itertools.product(
    ORDER, (False, True), ('light', 'dark'))]
MIRRORED = [Look(width=width, direction='rtl') for width in ORDER]
CONTRAST = [Look(scheme, width) for width, scheme in itertools.product(ORDER, ('light', 'dark'))]


class Photographer:
    """Of one language; contrast: high"""

    def __init__(self, options, language, contrast):
        self._options, self._language, self._contrast = options, language, contrast
        self.taken, self.faults = [], []

    def visit(self, act):
        scenes = [scene for scene in act.scenes if self._wants(scene)]
        if not scenes:
            return
        environment = {'ADW_DEBUG_HIGH_CONTRAST': '1'} if self._contrast else {}
        stage = Stage(self._options.stage, self._options.schemas, self._options.catalogues,
                      self._options.place, self._language, window=WINDOW, welcomed=act.welcomed,
                      **environment)
        act.prepare(stage)
        with stage:
            with act.people(stage):
                for scene in scenes:
                    self._take_all(stage, scene)
            stage.stop()

    def _wants(self, scene):
        chosen = self._options.scenes
        return (scene.main or not self._contrast) and (not chosen or scene.name in chosen)

    def _take_all(self, stage, scene):
        print(f'{scene.name} ({self._language}{", high contrast" * self._contrast})', flush=True)
        stage.resize(*WINDOW)
        scene.show(stage)
        looks = CONTRAST if self._contrast else ALL + MIRRORED * scene.main
        for look in looks:
            if look.width == 'wide' or scene.narrow:
                self._take(stage, scene, look)
        self._dress(stage, Look())
        if scene.name in STORE_SCENES and not self._contrast:
            self._take_for_store(stage, scene)
        if scene.wide:
            stage.resize(*scene.wide)
        scene.put_away(stage)

    def _take(self, stage, scene, look):
        self._dress(stage, look)
        width, height = scene.wide or (None, None) if look.width == 'wide' else NARROW
        if scene.scrolls:
            stage.show_all(width, height)
        elif width:
            stage.resize(width, height)
        name = f'{scene.name}-{self._language}-{look.name(self._contrast)}'
        self._save(stage, f'{name}.png')
        became = stage.size()[0]
        self.faults += [f'{name}: {fault}' for fault in stage.faults()]
        if width and became != width:
            self.faults.append(f'{name}: the window is {became} wide, not {width}')

    def _take_for_store(self, stage, scene):
        stage.resize(*STORE)
        self._save(stage, f'store-{scene.name}-{self._language}.png')

    def _save(self, stage, name):
        path = os.path.join(self._options.folder, name)
        stage.take_picture(path)
        assert os.path.getsize(path) > 2000, f'{path} shows nothing'
        self.taken.append(path)

    @staticmethod
    def _dress(stage, look):
        stage.do('scheme', look.scheme)
        stage.do('text', LARGE if look.large else 1)
        stage.do('direction', look.direction)


def any_font():
    """The file of one: montage knows none by name everywhere."""
    code, path = children.output([children.program('fc-match'), '-f', '%{file}', 'sans'], 20)
    assert code == 0 and os.path.exists(path), path
    return path


def make_sheet(folder, name, paths, font):
    """All pictures of one scene side by side, each with its name."""
    labels = [part for path in paths for part in (
        '-label', os.path.basename(path)[len(name) + 1:-len('.png')], path)]
    code, written = children.output(
        [children.program('montage'), '-background', '#808080', '-fill', 'white', '-font', font,
         '-pointsize', '20', '-geometry', '600x1200>+12+12', '-tile', f'{min(len(paths), 6)}x',
         '-gravity', 'North', *labels, os.path.join(folder, f'sheet-{name}.png')], 120)
    assert code == 0, written


def make_sheets(options, taken):
    font = any_font()
    names = [scene.name for act in ACTS for scene in act.scenes]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = []
        for name in names:
            paths = [path for path in taken if any(
                os.path.basename(path).startswith(f'{name}-{language}-')
                for language in options.languages)]
            if paths:
                runs.append(pool.submit(make_sheet, options.folder, name, paths, font))
        for run in runs:
            run.result()


def parse():
    parser = argparse.ArgumentParser(description='Takes pictures of the panel.')
    parser.add_argument('folder', nargs='?', default='build/screenshots')
    parser.add_argument('--languages', default='en,de', type=lambda text: text.split(','))
    parser.add_argument('--scenes', default='', type=lambda text: text.split(',') if text else [],
                        help='only these')
    parser.add_argument('--stage', required=True, help=argparse.SUPPRESS)
    parser.add_argument('--schemas', required=True, help=argparse.SUPPRESS)
    parser.add_argument('--catalogues', required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parse()
    options.folder = os.path.abspath(options.folder)
    options.place = Documentation()
    os.makedirs(options.folder, exist_ok=True)
    taken, faults = [], []
    for language, contrast in itertools.product(options.languages, (False, True)):
        photographer = Photographer(options, language, contrast)
        for act in ACTS:
            photographer.visit(act)
        taken += photographer.taken
        faults += photographer.faults
    for fault in faults:
        print(fault)
    make_sheets(options, taken)
    print(f'{len(taken)} pictures and their sheets are in {options.folder}')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
