# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading gettext's catalogues: just what msgcat writes, which is one form of many."""

import re
import subprocess
from dataclasses import dataclass, field

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?) )?"(.*)"')
_ESCAPES = {'n': '\n', 't': '\t', '"': '"', '\\': '\\'}


@dataclass
class Message:
    context: str = ''
    text: str = ''
    plural: str = ''
    translations: list = field(default_factory=list)
    flags: str = ''

    def texts(self):
        return [self.text] + ([self.plural] if self.plural else [])


def read(path):
    """All messages of a catalogue but its header."""
    written = subprocess.run(['msgcat', '--no-wrap', '--to-code=UTF-8', path], check=True,
                             stdout=subprocess.PIPE, encoding='utf-8').stdout
    messages = [_read_message(block) for block in written.split('\n\n') if 'msgid' in block]
    return [message for message in messages if message.text]


def _read_message(block):
    message = Message()
    keyword = ''
    for line in block.splitlines():
        if line.startswith('#,'):
            message.flags += line[2:]
        match = _LINE.fullmatch(line)
        if match:
            keyword = match[1] or keyword
            _add(message, keyword, re.sub(r'\\(.)', lambda m: _ESCAPES[m[1]], match[2]),
                 match[1] is not None)
    return message


def _add(message, keyword, text, first):
    if keyword == 'msgctxt':
        message.context += text
    elif keyword == 'msgid':
        message.text += text
    elif keyword == 'msgid_plural':
        message.plural += text
    elif first:
        message.translations.append(text)
    else:
        message.translations[-1] += text
