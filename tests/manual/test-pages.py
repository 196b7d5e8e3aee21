# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages: well formed, and with everything that the programs take."""

import os
import re
import subprocess
import sys
import tempfile

from support.tap import Cases, main


def output(command, **environment):
    done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding='utf-8')
    return done.returncode, done.stdout, done.stderr


def shown(page):
    """What a reader sees, without the marks of bold and underlined letters."""
    code, text, _ = output(['man', '--local-file', page], MANWIDTH='400', LC_ALL='C.UTF-8')
    assert code == 0, page
    return re.sub('.\b', '', text)


def man_has_no_complaint(page):
    code, _, complaints = output(['man', '--warnings=w', '--local-file', page], LC_ALL='C.UTF-8')
    assert code == 0 and not complaints, complaints


def mandoc_has_no_complaint(page):
    code, complaints, _ = output(['mandoc', '-Tlint', page])
    assert code == 0 and not complaints, complaints


def every_option_is_explained(server, page):
    code, help_text, _ = output([server, '--help'])
    options = re.findall(r'^  (?:-\w, )?(--[a-z]+)', help_text, re.MULTILINE)
    text = shown(page)
    assert code == 0 and '--config' in options, help_text
    missing = [option for option in options
               if not re.search(rf'^ +(?:-\w, )?{option}\b', text, re.MULTILINE)]
    assert not missing, missing


def every_setting_is_explained(server, page):
    """Those that --init writes down, in the same order, each below its group."""
    text = shown(page)
    place = 0
    keys = 0
    for line in _sample(server):
        group = re.fullmatch(r'\[(.+)\]', line)
        key = re.match(r'#?([a-z-]+)=', line)
        if group:
            place = text.index(f'[{group[1]}]\n', place)
        elif key:
            entry = re.compile(rf'^ +{key[1]}(?: +|\n +)\w.*\n\n +Allowed: ', re.MULTILINE)
            found = entry.search(text, place)
            assert found, f'{key[1]} is not explained, or not in its place'
            place = found.end()
            keys += 1
    assert keys > 30, keys


def _sample(server):
    path = os.path.join(os.environ['TMPDIR'], 'turnhouse.conf')
    code, _, complaints = output([server, '--config', path, '--init'])
    assert code == 0, complaints
    with open(path, encoding='utf-8') as file:
        return file.read().splitlines()


def other_pages_are_there(pages, page):
    with open(page, encoding='utf-8') as file:
        named = re.findall(r'^\.BR (\S+) \((\d)\)', file.read(), re.MULTILINE)
    files = {f'{name}.{section}'.replace('\\', '') for name, section in named}
    there = {os.path.basename(page) for page in pages} | {'turnhouse.1'}
    assert files and files <= there, (files, there)


def run():
    server, *pages = sys.argv[1:]
    cases = Cases()
    with tempfile.TemporaryDirectory(prefix='turnhouse-manual-') as folder:
        os.environ.update(TMPDIR=folder, STATE_DIRECTORY=os.path.join(folder, 'state'))
        for page in pages:
            name = os.path.basename(page)
            cases.add(f'/manual/{name}/man-has-no-complaint', man_has_no_complaint, page)
            cases.add(f'/manual/{name}/mandoc-has-no-complaint', mandoc_has_no_complaint, page)
            cases.add(f'/manual/{name}/other-pages-are-there', other_pages_are_there, pages, page)
        by_name = {os.path.basename(page): page for page in pages}
        cases.add('/manual/every-option-is-explained', every_option_is_explained, server,
                  by_name['turnhouse-server.1'])
        cases.add('/manual/every-setting-is-explained', every_setting_is_explained, server,
                  by_name['turnhouse-server.conf.5'])
        return cases.run()


main(run)
