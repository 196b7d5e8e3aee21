# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts that people see: all are found for translation, written in one manner, translated."""

import os
import re
import subprocess
import sys
import tempfile

import catalogue
from support.tap import Cases, main

MARKED_IN_C = re.compile(r'(?<!\w)(?:N?C?_|ngettext) ?\(\s*"')
MARKED_IN_UI = re.compile(r'translatable="(?:yes|true)"')

# What printf() fills in: "%s", "%2$'u".
DIRECTIVE = re.compile(r'%(?:(\d+)\$)?[#+\'-]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j)?([a-zA-Z%])')

# Texts for g_date_time_format(), not for printf().
DATES = {'%-d %B %Y'}

STYLE = {
    'a-straight-apostrophe': re.compile(r"\w'\w|'(?!\w*u)"),
    'a-straight-quote': re.compile(r'"'),
    'three-dots': re.compile(r'\.\.\.'),
    'an-exclamation-mark': re.compile(r'!'),
    'a-plea': re.compile(r'\bplease\b', re.IGNORECASE),
    'spaces-around-it': re.compile(r'^ (?!or $)|[^,r] $'),
    'two-spaces': re.compile(r'  '),
}

GERMAN_STYLE = {
    'an-english-quote': re.compile(r'^(?!(?:[^„“”]|„[^„“”]*“)*\Z)'),
    'an-english-apostrophe': re.compile(r"'(?!u)"),
    'a-plea': re.compile(r'\bbitte\b', re.IGNORECASE),
    'three-dots': re.compile(r'\.\.\.'),
    'an-exclamation-mark': re.compile(r'!'),
    'familiar-address': re.compile(r'\b(du|dein\w*|dich|dir)\b', re.IGNORECASE),
}


class Texts:
    """The sources, and what xgettext finds in them, in a folder that is gone afterwards."""

    def __init__(self, root, options):
        self.root = root
        self._options = options
        self._folder = tempfile.TemporaryDirectory(prefix='turnhouse-po-')
        self.template = os.path.join(self._folder.name, 'turnhouse.pot')
        self.complaints = self._extract()
        with open(os.path.join(root, 'po', 'LINGUAS'), encoding='utf-8') as file:
            self.languages = [line.strip() for line in file if line[0] not in '#\n']

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def catalogue(self, language):
        return os.path.join(self.root, 'po', f'{language}.po')

    def merged(self, language):
        """The catalogue with the texts as they are in the sources now."""
        path = os.path.join(self._folder.name, f'{language}.po')
        subprocess.run(['msgmerge', '--quiet', '--no-fuzzy-matching', '--output-file', path,
                        self.catalogue(language), self.template], check=True)
        return path

    def listed(self):
        with open(os.path.join(self.root, 'po', 'POTFILES.in'), encoding='utf-8') as file:
            return [line.strip() for line in file if line[0] not in '#\n']

    def marked(self):
        """The files that have a text to translate."""
        found = []
        for folder, _, names in os.walk(os.path.join(self.root, 'src')):
            for name in names:
                path = os.path.join(folder, name)
                if _has_texts(path):
                    found.append(os.path.relpath(path, self.root))
        return found

    def _extract(self):
        command = ['xgettext', '--directory', self.root, '--output', self.template,
                   '--files-from', os.path.join(self.root, 'po', 'POTFILES.in'), *self._options]
        return subprocess.run(command, check=True, stderr=subprocess.PIPE,
                              encoding='utf-8').stderr


def _has_texts(path):
    pattern = {'.c': MARKED_IN_C, '.h': MARKED_IN_C, '.ui': MARKED_IN_UI}.get(
        os.path.splitext(path)[1])
    if pattern is None:
        return False
    with open(path, encoding='utf-8') as file:
        return pattern.search(file.read()) is not None


def every_file_with_texts_is_listed(texts):
    missing = sorted(set(texts.marked()) - set(texts.listed()))
    assert not missing, f'not in po/POTFILES.in: {missing}'


def every_listed_file_has_texts(texts):
    listed = [path for path in texts.listed() if path.startswith('src/')]
    superfluous = sorted(set(listed) - set(texts.marked()))
    assert not superfluous, f'no texts, or no file: {superfluous}'
    assert texts.listed() == sorted(set(texts.listed())), 'po/POTFILES.in is not sorted'


def xgettext_has_no_complaint(texts):
    assert not texts.complaints, texts.complaints


def no_text_has(texts, pattern):
    found = [text for message in catalogue.read(texts.template) for text in message.texts()
             if pattern.search(text)]
    assert not found, found


def compiles(texts, language):
    complaints = subprocess.run(
        ['msgfmt', '--check', '--check-accelerators=_', '--output-file=/dev/null',
         texts.catalogue(language)], stderr=subprocess.PIPE, encoding='utf-8')
    assert complaints.returncode == 0 and not complaints.stderr, complaints.stderr


def is_complete(texts, language):
    missing = [message.text for message in catalogue.read(texts.merged(language))
               if not all(message.translations) or 'fuzzy' in message.flags]
    assert not missing, f'{len(missing)} are not translated: {missing}'


def fillings(text):
    """What printf() fills in, in which place: counted where none is given."""
    count = 0
    found = []
    for place, kind in DIRECTIVE.findall(text):
        if kind != '%':
            count += 1
            found.append((int(place or count), kind))
    return sorted(set(found))


def placeholders_agree(texts, language):
    wrong = []
    for message in catalogue.read(texts.merged(language)):
        for number, translation in enumerate(filter(None, message.translations)):
            original = message.plural if number and message.plural else message.text
            if message.text not in DATES and fillings(translation) != fillings(original):
                wrong.append((original, translation))
    assert not wrong, wrong


def has_no_date_of_extraction(texts, language):
    with open(texts.catalogue(language), encoding='utf-8') as file:
        assert 'POT-Creation-Date' not in file.read(), '"./dev words" leaves it out'


def no_translation_has(texts, language, pattern):
    found = [text for message in catalogue.read(texts.catalogue(language))
             for text in message.translations if pattern.search(text)]
    assert not found, found


def add_language(cases, texts, language):
    for function in (compiles, is_complete, placeholders_agree, has_no_date_of_extraction):
        name = function.__name__.replace('_', '-')
        cases.add(f'/po/{language}/{name}', function, texts, language)
    for name, pattern in GERMAN_STYLE.items() if language == 'de' else ():
        cases.add(f'/po/de/no-text-has-{name}', no_translation_has, texts, language, pattern)


def run():
    cases = Cases()
    with Texts(sys.argv[1], sys.argv[2:]) as texts:
        cases.add('/po/every-file-with-texts-is-listed', every_file_with_texts_is_listed, texts)
        cases.add('/po/every-listed-file-has-texts', every_listed_file_has_texts, texts)
        cases.add('/po/xgettext-has-no-complaint', xgettext_has_no_complaint, texts)
        for name, pattern in STYLE.items():
            cases.add(f'/po/no-text-has-{name}', no_text_has, texts, pattern)
        for language in texts.languages:
            add_language(cases, texts, language)
        return cases.run()


main(run)
