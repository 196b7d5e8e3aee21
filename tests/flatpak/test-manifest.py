# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flatpak manifest, read as whoever installs from it would want it to be.

What is built by it is tried by test-flatpak.py, which is not in the suite: ./dev flatpak --test.

Arguments: the folder of the sources.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

from support import children
from support.tap import main, run_functions

ROOT = sys.argv[1]
ID = 'io.github.turnhouse.Turnhouse'
MANIFEST = os.path.join(ROOT, 'flatpak', ID + '.yaml')

# All that a relay with a window needs. Whatever is added here, people give away.
ALLOWED = {'--share=network', '--share=ipc', '--socket=wayland', '--socket=fallback-x11',
           '--device=dri'}
SCRIPTS = ('flatpak/build', 'flatpak/publish', 'tests/flatpak/debian-mirror',
           'tests/flatpak/debian-sources', 'tests/flatpak/stand-in-runtime')


def text(*path):
    with open(os.path.join(ROOT, *path), encoding='utf-8') as file:
        return file.read()


def manifest():
    return yaml.safe_load(text(MANIFEST))


def variant():
    return json.loads(subprocess.run([os.path.join(ROOT, 'flatpak', 'variant')], check=True,
                                     stdout=subprocess.PIPE).stdout)


def others():
    """The modules that are not Turnhouse."""
    return manifest()['modules'][:-1]


def is_for_gnome_50():
    read = manifest()
    assert (read['id'], read['command']) == (ID, 'turnhouse'), read
    assert (read['runtime'], read['sdk'], read['runtime-version']) == (
        'org.gnome.Platform', 'org.gnome.Sdk', '50'), read


def is_understood_by_flatpak_builder():
    with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
        json.dump(variant(), file)
        file.flush()
        for path in MANIFEST, file.name:
            code, written = children.output(
                [children.program('flatpak-builder'), '--show-manifest', path], 20)
            assert code == 0 and json.loads(written)['id'].startswith(ID), written


def permits_no_more_than_it_needs():
    for which in manifest(), variant():
        arguments = which['finish-args']
        assert set(arguments) <= ALLOWED, set(arguments) - ALLOWED
        assert len(set(arguments)) == len(arguments), arguments


def explains_every_permission():
    lines = text(MANIFEST).splitlines()
    for argument in manifest()['finish-args']:
        place = lines.index(f'  - {argument}')
        assert lines[place - 1].startswith('  # '), f'{argument} has no comment above it'


def names_every_source_by_its_sum():
    for module in others():
        for source in module['sources']:
            assert source['type'] == 'archive', f'{module["name"]}: {source}'
            assert re.fullmatch(r'https://\S+\.tar\.(bz2|gz|xz)', source['url']), source
            assert re.fullmatch(r'[0-9a-f]{64}', source['sha256']), source


def installs_every_licence():
    for module in manifest()['modules']:
        folder = '${FLATPAK_DEST}/share/licenses/${FLATPAK_ID}/' + module['name']
        installs = [command for command in module['post-install']
                    if command.startswith('install ') and folder in command]
        assert installs, f'no licence of {module["name"]} is installed'


def builds_without_a_network():
    """The sources are all that a build may get from elsewhere."""
    for which in manifest(), variant():
        for part in [which, *which['modules']]:
            arguments = part.get('build-options', {}).get('build-args', [])
            assert not arguments, f'{part.get("name", ID)} is built with {arguments}'
        assert all(module['buildsystem'] in ('autotools', 'cmake-ninja', 'meson')
                   for module in which['modules']), 'a build system that may download'


def leaves_folders_of_builds_out():
    source, = manifest()['modules'][-1]['sources']
    made = re.findall(r'\bbuild (build-[a-z]+)', text('dev'))
    missing = {'.git', 'build', 'build-flatpak', *made} - set(source['skip'])
    assert not missing, f'copied into every build: {missing}'


def has_a_variant_that_differs_in_its_profile_alone():
    ours, its = manifest(), variant()
    assert its.pop('id') == ID + '.Devel', its
    assert its.pop('desktop-file-name-suffix').strip(), its
    for what in 'appdata-file', 'desktop-file', 'icon':
        assert its.pop('rename-' + what).startswith(ID), its
    assert its['modules'][-1]['sources'].pop()['path'] == os.path.realpath(ROOT)
    options = its['modules'][-1]['config-opts']
    options[options.index('-Dprofile=development')] = '-Dprofile=default'
    ours.pop('id')
    ours['modules'][-1]['sources'].pop()
    assert its == ours, f'{its} differs from {ours}'


def has_scripts_that_a_shell_can_read():
    for script in SCRIPTS:
        subprocess.run(['sh', '-n', os.path.join(ROOT, script)], check=True)


def is_not_published_by_mistake():
    publish = os.path.join(ROOT, 'flatpak', 'publish')
    with tempfile.TemporaryDirectory() as folder:
        for arguments in ((), ('--url', 'https://example.org', folder), ('--key', 'A', folder),
                          ('--url',), ('--sign', 'A'),
                          ('--url', 'https://example.org', '--key', 'nobody', '--homedir', folder,
                           os.path.join(folder, 'www'))):
            code, written = children.output([publish, *arguments], 20)
            assert code == 2 and written, f'{arguments}: {code}\n{written}'


FUNCTIONS = [
    is_for_gnome_50, is_understood_by_flatpak_builder, permits_no_more_than_it_needs,
    explains_every_permission, names_every_source_by_its_sum, installs_every_licence,
    builds_without_a_network, leaves_folders_of_builds_out,
    has_a_variant_that_differs_in_its_profile_alone, has_scripts_that_a_shell_can_read,
    is_not_published_by_mistake,
]

main(lambda: run_functions('flatpak/manifest/', FUNCTIONS))
