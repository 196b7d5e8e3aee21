# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text in the window comes out of the catalogue: with one that puts each in brackets, no text
is left without.

Arguments: the program, the folder of the compiled settings schema, the root of the sources, and
xgettext's options.
"""

import os
import re
import subprocess
import sys
import tempfile

import catalogue
from accessible import wait_for
from calls import Call
from keyboard import press_keys
from panel import Panel
from support.tap import Cases, main

BINARY, SCHEMAS, ROOT, *OPTIONS = sys.argv[1:]

HEADER = ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
          'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n')

# What is the same in every language, or the toolkit's own: names, addresses, protocols, secrets.
UNTRANSLATED = re.compile(r'''
    Turnhouse | STUN | TURN | (UDP|TCP)(,\ IPv[46]|\ ·\ .+)? | REST | JWT | LiveKit | TLS(\ 1\.[23])?
    | API\w{12} | anna | \w+://\S+ | \w+:\S+:\d+\S* | \S+:\d+ | \d+-\d+
    | anna,\ .+ | \(None\) | Gtk\w+ | Preferences | Close | Search | Menu | Increase | Decrease | Minimize | Maximize
    | Search\ Results | No\ Results\ Found | Try\ a\ different\ search\. | Clear\ entry | \d+\ s
    | [0-9a-f.:]+(,\ ([0-9a-f.:]+|localhost))+
    | [0-9.:/,–•*·\ \n]*
    ''', re.VERBOSE)


class Brackets:
    """A catalogue that has each text in brackets, in a folder that is gone afterwards."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix='turnhouse-marks-')
        template = self._path('turnhouse.pot')
        subprocess.run(['xgettext', '--directory', ROOT, '--output', template, '--files-from',
                        os.path.join(ROOT, 'po', 'POTFILES.in'), *OPTIONS], check=True)
        with open(self._path('xx.po'), 'w', encoding='utf-8') as file:
            file.write(HEADER + '\n'.join(map(_bracketed, catalogue.read(template))))
        os.makedirs(self._path('xx/LC_MESSAGES'))
        subprocess.run(['msgfmt', '--output-file', self._path('xx/LC_MESSAGES/turnhouse.mo'),
                        self._path('xx.po')], check=True)
        self.environment = {'LANGUAGE': 'xx', 'TURNHOUSE_LOCALE_DIR': self._folder.name}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def _path(self, name):
        return os.path.join(self._folder.name, name)


def _quoted(text):
    escaped = text.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n')
    return f'"{escaped}"'


def _bracketed(message):
    # Formats of dates and what joins words are no texts of their own.
    around = '{}' if message.text in ('%-d %B %Y', ', ') else '⟦{}⟧'
    lines = [f'msgctxt {_quoted(message.context)}'] if message.context else []
    lines.append(f'msgid {_quoted(message.text)}')
    if message.plural:
        lines += [f'msgid_plural {_quoted(message.plural)}',
                  f'msgstr[0] {_quoted(around.format(message.text))}',
                  f'msgstr[1] {_quoted(around.format(message.plural))}']
    else:
        lines.append(f'msgstr {_quoted(around.format(message.text))}')
    return '\n'.join(lines) + '\n'


def unmarked(program):
    texts = [*program.texts(), *program.buttons()]
    return sorted({text for text in texts if '⟦' not in text and not UNTRANSLATED.fullmatch(text)})


def assert_marked(program):
    found = unmarked(program)
    assert not found, f'not from the catalogue: {found}'


def of_page(brackets, page, title):
    with Panel(BINARY, SCHEMAS, page=page, window=(960, 1300), **brackets.environment) as panel:
        program = panel.program()
        program.wait(name=f'⟦{title}⟧')
        assert_marked(program)
        panel.stop()


def of_a_call(brackets):
    with Panel(BINARY, SCHEMAS, page='connections', window=(960, 1300),
               **brackets.environment) as panel:
        program = panel.program()
        with Call(panel, user='anna'):
            program.wait(name='⟦Clients⟧')
            assert_marked(program)
        panel.stop()


def of_the_preferences(brackets):
    with Panel(BINARY, SCHEMAS, window=(960, 1300), **brackets.environment) as panel:
        program = panel.program()
        program.wait('heading', '⟦Relay is running⟧')
        press_keys('ctrl+comma')
        wait_for('the preferences', lambda: 'Preferences' in program.windows())
        program.wait('text', '⟦Port⟧')
        assert_marked(program)


def run():
    cases = Cases()
    with Brackets() as brackets:
        for page, title in {'server': 'Relay is running', 'credentials': 'Shared Secret',
                            'connections': 'Calls appear here as soon as an app uses this relay',
                            }.items():
            cases.add(f'/marks/of-the-{page}-page', of_page, brackets, page, title)
        cases.add('/marks/of-a-call', of_a_call, brackets)
        cases.add('/marks/of-the-preferences', of_the_preferences, brackets)
        return cases.run()


main(run)
