# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel on a stage: the program of tests/panel/stage, told what to do and how to look.

Widgets are named by types, ids and style classes (stage/find.h), which are the same in all
languages.
"""

import select
import shlex
import subprocess
import time

from panel import NO_LEAKS, Panel
from support import children

ANSWER_SECONDS = 60
TALLEST = 2600


class Stage(Panel):
    """Running inside a with block.

    place: the network its relay is in (places.py); language: of the catalogues, such as "de"
    """

    def __init__(self, binary, schemas, catalogues, place, language='en', **options):
        self.place = place
        environment = {
            'TURNHOUSE_LOCALE_DIR': catalogues, 'LANGUAGE': language, 'GTK_A11Y': 'none',
        }
        super().__init__(binary, schemas, **environment | NO_LEAKS | options)

    def __enter__(self):
        self.started_at = time.monotonic()
        with open(self._log_path, 'wb') as log:
            self._child = children.start(self._command, env=self.environment(), stderr=log,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.do('font', self.place.font)
        return self

    def do(self, *words):
        """Has a command carried out (stage/commands.c); its answer, when the window shows it."""
        self._child.stdin.write((shlex.join(map(str, words)) + '\n').encode())
        self._child.stdin.flush()
        ready, _, _ = select.select([self._child.stdout], [], [], ANSWER_SECONDS)
        line = self._child.stdout.readline().decode().rstrip('\n') if ready else ''
        verdict, _, answer = line.partition(' ')
        assert verdict == 'ok', f'{words}: {answer or "no answer"}\n{self.log()[-2000:]}'
        return answer

    def has(self, selector):
        return self.do('has', selector) == 'yes'

    def wait(self, selector, seconds=20):
        """Until there is such a widget."""
        self._until(f'no {selector}', lambda: self.has(selector), seconds)

    def wait_until_gone(self, selector, seconds=20):
        self._until(f'still {selector}', lambda: not self.has(selector), seconds)

    def wait_for(self, selector, name, accepts, seconds=30):
        """Until a property's value is one that the function accepts; the value."""
        return self._until(f'{selector} {name}', lambda: accepts(
            self.has(selector) and self.do('get', selector, name)), seconds)

    def go(self, page):
        self.do('action', 'ThWindow', 'win.page', f"'{page}'")

    def click(self, selector):
        self.wait(selector)
        self.do('click', selector)

    def set(self, selector, name, value):
        self.wait(selector)
        self.do('set', selector, name, value)

    def paste(self, selector, text):
        self.wait(selector)
        self.do('paste', selector, text.replace('\n', '\\n'))

    def resize(self, width, height):
        """Of the window in front; what it became."""
        self.do('size', width, height)
        return self.size()

    def size(self):
        return tuple(map(int, self.do('measure', 'GtkWindow').split()))

    def show_all(self, width, at_least):
        """Makes the window in front so high that nothing has to be scrolled to."""
        self.resize(width, at_least)
        self.do('size', width, min(int(self.do('height')), TALLEST))

    def faults(self):
        """What an eye would find wrong with the window in front, a line each."""
        seen, *faults = self.do('check').split('\t')
        assert int(seen) > 10, f'only {seen} widgets were looked at'
        return faults

    def take_picture(self, path):
        self.do('picture', path)

    def add_settings(self, text):
        """Before the program starts"""
        with open(self._settings_path(), 'a', encoding='utf-8') as file:
            file.write(text)

    def _until(self, what, probe, seconds):
        deadline = time.monotonic() + seconds
        while not probe():
            assert time.monotonic() < deadline, f'{what} after {seconds} s\n{self.do("tree")}'
            time.sleep(0.1)

    def _settings_text(self, first, last):
        return self.place.settings(self, first, last)
