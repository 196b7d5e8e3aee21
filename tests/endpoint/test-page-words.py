# SPDX-License-Identifier: GPL-3.0-or-later
"""The test page has words for all it says, in every language it knows."""

import re
import sys
from pathlib import Path

from support.tap import Cases, main

SAME_EVERYWHERE = {'udp', 'tcp', 'tls'}
KINDS = ('host', 'srflx', 'prflx', 'relay')  # of candidates


def languages(folder):
    """The names of the words, by language."""
    text = (folder / 'words.mjs').read_text(encoding='utf-8')
    blocks = re.findall(r'^  (\w+): \{$(.*?)^  \},$', text, re.MULTILINE | re.DOTALL)
    return {name: set(re.findall(r"^    '?([\w-]+)'?:", block, re.MULTILINE))
            for name, block in blocks}


def used(folder):
    """The names that page and module ask for."""
    page = (folder / 'page.html').read_text(encoding='utf-8')
    module = (folder / 'page.mjs').read_text(encoding='utf-8')
    names = set(re.findall(r'data-word="([\w-]+)"', page))
    names |= set(re.findall(r"(?:say|progress)\('([\w-]+)'", module))
    concluded = set(re.findall(r"conclude\('\w+', '([\w-]+)'\)", module))
    judged = {'bad', 'no-tls'} | {f'limited-{way}' for way in SAME_EVERYWHERE}
    names |= {f'kind-{kind}' for kind in KINDS}
    return names | SAME_EVERYWHERE | {'good'} | {
        word + end for word in concluded | judged for end in ('', '-remedy')}


def all_is_said(folder):
    missing = used(folder) - languages(folder)['en']
    assert not missing, missing


def nothing_is_left_over(folder):
    assert languages(folder)['en'] == used(folder), languages(folder)['en'] ^ used(folder)


def all_is_translated(folder):
    known = languages(folder)
    assert len(known) > 1
    for name, words in known.items():
        assert words | SAME_EVERYWHERE == known['en'], (name, words ^ known['en'])


def run():
    folder = Path(sys.argv[1])
    cases = Cases()
    cases.add('/endpoint/page-words/all-is-said', all_is_said, folder)
    cases.add('/endpoint/page-words/nothing-is-left-over', nothing_is_left_over, folder)
    cases.add('/endpoint/page-words/all-is-translated', all_is_translated, folder)
    return cases.run()


main(run)
