# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether all that the panel shows fits, in small windows, in other languages, with large text.

Arguments: the program of tests/panel/stage, the folder of the compiled settings schema, that of the
translations, the file that lists them; then the cases to run, if not all.
"""

import functools
import itertools
import sys

from places import Loopback
from scenes import ACTS, LARGE, WINDOW
from stage import Stage
from support.tap import Cases, main

PROGRAM, SCHEMAS, CATALOGUES, LINGUAS = sys.argv[1:5]
SIZES = ((360, 294), (360, 640), WINDOW)
TITLE = 'ThRelayHero #title'


def languages():
    with open(LINGUAS, encoding='utf-8') as file:
        words = (line.partition('#')[0].split() for line in file)
        return ['en', *itertools.chain(*words)]


def new_stage(language, **options):
    return Stage(PROGRAM, SCHEMAS, CATALOGUES, Loopback(), language,
                 **{'window': WINDOW} | options)


def faults_of(stage, scene):
    """In all sizes that its window can have, with text of both sizes."""
    sizes = SIZES if scene.narrow else (scene.wide,)
    for factor, size in itertools.product((1, LARGE), sizes):
        if size == WINDOW:
            size = scene.wide
        stage.do('text', factor)
        became = stage.resize(*size) if size else None
        where = f'{scene.name}, {size}, text {factor}'
        if became != size:
            yield f'{where}: the window is {became}'
        for fault in stage.faults():
            yield f'{where}: {fault}'
    stage.do('text', 1)
    if scene.wide:
        stage.resize(*scene.wide)


def fits(act, language):
    stage = new_stage(language, welcomed=act.welcomed)
    act.prepare(stage)
    faults = []
    with stage:
        with act.people(stage):
            for scene in act.scenes:
                stage.resize(*WINDOW)
                scene.show(stage)
                faults += faults_of(stage, scene)
                scene.put_away(stage)
        stage.stop()
    assert not faults, f'{len(faults)} faults:\n' + '\n'.join(faults)
    return f'{len(act.scenes)} scenes'


def large_text_is_larger():
    with new_stage('en') as stage:
        stage.wait(TITLE)
        usual = int(stage.do('measure', TITLE).split()[1])
        stage.do('text', LARGE)
        large = int(stage.do('measure', TITLE).split()[1])
        assert usual * 1.15 < large < usual * 1.4, (usual, large)
        stage.stop()


def speaks(language):
    with new_stage(language) as stage:
        stage.wait(TITLE)
        title = stage.do('get', TITLE, 'label')
        assert title and title != 'Relay is running', title
        stage.stop()
    return title


def all_cases():
    yield 'large-text-is-larger', large_text_is_larger
    for language in languages():
        if language != 'en':
            yield f'speaks/{language}', functools.partial(speaks, language)
        for act in ACTS:
            yield f'fits/{act.name}/{language}', functools.partial(fits, act, language)


def run_all():
    cases = Cases()
    for name, function in all_cases():
        if not sys.argv[5:] or name in sys.argv[5:]:
            cases.add('panel/layout/' + name, function)
    return cases.run()


main(run_all)
