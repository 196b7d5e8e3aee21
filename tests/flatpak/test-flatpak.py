# SPDX-License-Identifier: GPL-3.0-or-later
"""Turnhouse as people get it: published, installed over HTTP, run in the sandbox, updated, removed.

The manifest is the real one; the runtime is made of Debian's packages (stand-in-runtime). Not part
of the suite, as it builds three times: ./dev flatpak --test. Cases follow one another.

Arguments: the folder of the sources, a folder to keep what can be used again, one for pictures.
"""

import glob
import os
import re
import sys
import tempfile

from calls import Call, can_call, fetch_credentials
from keyboard import choose
from keyring import Keyring
from machine import (BUILD_SECONDS, ID, Application, Key, Portal, Source, Website, flatpak,
                     need_a_sandbox, run)
from panel import save_screenshot
from support.tap import main, run_functions

ROOT, WORK, PICTURES = map(os.path.abspath, sys.argv[1:4])
HERE = os.path.dirname(os.path.abspath(__file__))
PERMISSIONS = {'shared': {'network', 'ipc'}, 'devices': {'dri'},
               'sockets': {'wayland', 'fallback-x11', 'x11'}}  # x11 as far as there is no Wayland
NEXT_VERSION = '0.1.90'


class Journey:
    """What the cases hand on to one another."""

    def __init__(self, key, website, folder):
        self.key = key
        self.website = website
        self.folder = folder
        self.panel = Application()
        self.source = Source(ROOT, os.path.join(folder, 'source'))
        self.credentials = None
        self._offer_runtime()

    def cases(self):
        return [
            self.is_published, self.installs_from_its_ref,
            self.asks_for_no_more_than_the_manifest_says, self.exports_its_files_and_licences,
            self.refuses_who_signs_with_another_key, self.relays_a_client_from_outside,
            self.rotates, self.works_without_session_bus_and_portals,
            self.keeps_secrets_and_settings_over_an_update,
            self.keeps_secrets_with_a_key_from_the_portal, self.is_gone_when_uninstalled,
            self.installs_from_its_repository, self.installs_from_its_bundle,
            self.has_a_variant_for_development_beside_it,
        ]

    def publish(self, *options):
        return self.source.publish(self.key, self.website.url, os.path.join(self.folder, 'www'),
                                   *options, '--runtime-repo',
                                   self.website.url + '/runtime.flatpakrepo')

    def _offer_runtime(self):
        """Where the published files say that the runtime is to be had."""
        with open(os.path.join(self.folder, 'www', 'runtime.flatpakrepo'), 'w',
                  encoding='utf-8') as file:
            file.write('[Flatpak Repo]\nTitle=Stand-in\n'
                       f'Url=file://{WORK}/test/runtime/repo\n')

    def is_published(self):
        self.publish()
        published = set(os.listdir(os.path.join(self.folder, 'www')))
        expected = {'repo', 'turnhouse.flatpak', 'turnhouse.flatpakref', 'turnhouse.flatpakrepo'}
        assert expected <= published, published

    def installs_from_its_ref(self):
        flatpak('install', '-y', '--noninteractive', self.website.url + '/turnhouse.flatpakref')
        assert f'{self.website.url}/repo' in flatpak('remotes', '--columns=name,url'), 'the remote'

    def asks_for_no_more_than_the_manifest_says(self):
        said = re.findall(r'^(.+)=(.*);$', flatpak('info', '--show-permissions', ID), re.MULTILINE)
        assert {name: set(values.split(';')) for name, values in said} == PERMISSIONS, said

    def exports_its_files_and_licences(self):
        location = flatpak('info', '--show-location', ID).strip()
        for name in (f'export/share/applications/{ID}.desktop',
                     f'export/share/icons/hicolor/scalable/apps/{ID}.svg',
                     f'export/share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg',
                     f'export/share/metainfo/{ID}.*.xml',  # older builders call it appdata
                     f'files/share/app-info/xmls/{ID}.xml.gz',
                     f'files/share/licenses/{ID}/libqrencode/COPYING',
                     f'files/share/licenses/{ID}/turnhouse/COPYING',
                     'files/share/locale/de/LC_MESSAGES/turnhouse.mo'):
            assert glob.glob(os.path.join(location, name)), f'{name} is not installed'
        programs = os.listdir(os.path.join(location, 'files', 'bin'))
        assert programs == ['turnhouse'], programs

    def refuses_who_signs_with_another_key(self):
        with Key() as other:
            path = os.path.join(self.folder, 'other.gpg')
            other.export(path)
            try:
                flatpak('remote-add', '--gpg-import=' + path, 'other', self.website.url + '/repo')
            except AssertionError as refused:
                assert "Can't check signature: public key not found" in str(refused), refused
            else:
                raise AssertionError('its signature was believed')
            finally:
                flatpak('remote-delete', '--force', 'other')

    def relays_a_client_from_outside(self):
        self.panel.write_settings()
        self.panel.write_state()
        program = self.panel.start()
        program.wait('heading', 'Relay is running')
        self.credentials = fetch_credentials(self.panel)
        with Call(self.panel, credentials=self.credentials):
            program.wait_for_text(re.compile(r'1 call through it · (?!0 bit)').match)
            save_screenshot(os.path.join(PICTURES, 'flatpak.png'), 960, 1100)
        self.panel.stop()
        assert os.path.exists(self.panel.state_file('secrets.json')), 'no secrets in the sandbox'

    def rotates(self):
        self.panel.write_state('credentials')
        program = self.panel.start()
        program.press('push button', 'Rotate')  # the first is that of the shared secret
        program.wait_for_toast('Secret rotated')
        save_screenshot(os.path.join(PICTURES, 'flatpak-rotated.png'), 960, 1100)
        assert can_call(self.panel, self.credentials), 'the former secret is refused'
        self.credentials = fetch_credentials(self.panel)
        self.panel.stop()

    def keeps_secrets_and_settings_over_an_update(self):
        before = self.panel.say('--version')
        with open(self.panel.state_file('secrets.json'), encoding='utf-8') as file:
            secrets = file.read()
        self.source.set_version(NEXT_VERSION)
        self.publish()
        flatpak('update', '-y', '--noninteractive')
        after = self.panel.say('--version')
        assert after == f'turnhouse {NEXT_VERSION}' != before, (before, after)
        with open(self.panel.state_file('secrets.json'), encoding='utf-8') as file:
            assert file.read() == secrets, 'the secrets are others'
        program = self.panel.start()
        program.wait_for_button('Rotate')
        assert can_call(self.panel, self.credentials), 'credentials from before are refused'
        self.panel.stop()

    def works_without_session_bus_and_portals(self):
        program = self.panel.start('--no-session-bus')
        program.wait('label', 'Only you can read it; no portal to a keyring answers')
        assert can_call(self.panel, self.credentials), 'the secrets are others'
        self.panel.stop()

    def keeps_secrets_with_a_key_from_the_portal(self):
        self.panel.write_state('credentials', height=1380)
        program = self.panel.start()
        program.wait('label', 'Only you can read it')
        choose(program, 'Secrets are kept in', 'A file', 'The keyring', 1)
        program.wait('label', 'Encrypted by the desktop')
        self.panel.stop()
        assert not os.path.exists(self.panel.state_file('secrets.json')), 'still in a file'
        program = self.panel.start()
        program.wait_for_button('Rotate')
        assert can_call(self.panel, self.credentials), 'the secrets are others'
        self.panel.stop()

    def is_gone_when_uninstalled(self):
        flatpak('uninstall', '-y', '--noninteractive', '--delete-data', ID)
        assert ID not in flatpak('list', '--columns=application'), 'it is still installed'
        assert not os.path.exists(self.panel.data), os.listdir(self.panel.data)

    def installs_from_its_repository(self):
        flatpak('remote-delete', '--force', 'turnhouse')
        flatpak('remote-add', 'ours', self.website.url + '/turnhouse.flatpakrepo')
        flatpak('install', '-y', '--noninteractive', 'ours', ID)
        assert self.panel.say('--version') == f'turnhouse {NEXT_VERSION}'
        flatpak('uninstall', '-y', '--noninteractive', ID)
        flatpak('remote-delete', '--force', 'ours')

    def installs_from_its_bundle(self):
        path = os.path.join(self.folder, 'downloaded.flatpak')
        run('curl', '--fail', '--silent', '--output', path,
            self.website.url + '/turnhouse.flatpak')
        flatpak('install', '-y', '--noninteractive', '--bundle', path)
        assert self.panel.say('--version') == f'turnhouse {NEXT_VERSION}'
        origin = flatpak('info', '--show-origin', ID).strip()
        remotes = flatpak('remotes', '--show-disabled', '--columns=name,url')
        assert re.search(rf'^{origin}\s+{self.website.url}/repo', remotes, re.MULTILINE), remotes

    def has_a_variant_for_development_beside_it(self):
        self.publish('--devel')
        flatpak('install', '-y', '--noninteractive',
                self.website.url + '/turnhouse-devel.flatpakref')
        development = Application(ID + '.Devel')
        with development:
            development.write_settings()
            development.write_state()
            program = development.start()
            program.wait('heading', 'Relay is running')
            save_screenshot(os.path.join(PICTURES, 'flatpak-devel.png'), 960, 1100)
            development.stop()
        assert self.panel.say('--version') == f'turnhouse {NEXT_VERSION}'


def prepare():
    """An installation with a runtime to build on, beside that of whoever runs the test."""
    need_a_sandbox()
    os.environ |= {'FLATPAK_USER_DIR': os.path.join(WORK, 'test', 'user'),
                   'FLATPAK_SYSTEM_DIR': os.path.join(WORK, 'test', 'system'),
                   'TURNHOUSE_FLATPAK_WORK': WORK}
    run(os.path.join(HERE, 'stand-in-runtime'), os.path.join(WORK, 'test', 'runtime'),
        seconds=BUILD_SECONDS)
    run(os.path.join(HERE, 'debian-sources'), os.path.join(WORK, 'state'), seconds=BUILD_SECONDS)
    for reference in flatpak('list', '--app', '--columns=ref').split():
        flatpak('uninstall', '-y', '--noninteractive', reference)  # of a test that was ended
    for remote in flatpak('remotes', '--show-disabled', '--columns=name').split():
        if remote != 'stand-in':
            flatpak('remote-delete', '--force', remote)


def try_all():
    prepare()
    with tempfile.TemporaryDirectory(prefix='turnhouse-flatpak-') as folder, Key() as key:
        www = os.path.join(folder, 'www')
        os.mkdir(www)
        with Website(www) as website:
            journey = Journey(key, website, folder)
            with Keyring(folder), Portal(), journey.panel:
                return run_functions('flatpak/', journey.cases())


main(try_all)
