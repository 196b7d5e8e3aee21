# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers without a window, each with a profile that lives as long as it does."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from support import children

CHROMIUM_FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic',
    '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-extensions', '--allow-loopback-in-peer-connection',
]

# A fresh Firefox asks servers of its maker for many things; the test needs none of them.
FIREFOX_PREFERENCES = {
    'media.peerconnection.ice.loopback': True,
    'app.normandy.enabled': False,
    'app.update.enabled': False,
    'browser.aboutwelcome.enabled': False,
    'browser.newtabpage.enabled': False,
    'browser.region.update.enabled': False,
    'browser.safebrowsing.downloads.remote.enabled': False,
    'browser.safebrowsing.malware.enabled': False,
    'browser.safebrowsing.phishing.enabled': False,
    'browser.shell.checkDefaultBrowser': False,
    'browser.startup.homepage_override.mstone': 'ignore',
    'browser.startup.page': 0,
    'datareporting.healthreport.uploadEnabled': False,
    'datareporting.policy.dataSubmissionEnabled': False,
    'dom.push.connection.enabled': False,
    'extensions.getAddons.cache.enabled': False,
    'extensions.systemAddon.update.enabled': False,
    'extensions.update.enabled': False,
    'media.gmp-manager.updateEnabled': False,
    'network.captive-portal-service.enabled': False,
    'network.connectivity-service.enabled': False,
    'network.dns.disablePrefetch': True,
    'network.prefetch-next': False,
    'security.OCSP.enabled': 0,
    'services.settings.server': 'http://127.0.0.1:9/',
    'toolkit.telemetry.enabled': False,
    'toolkit.telemetry.server': '',
    'toolkit.telemetry.unified': False,
}


def chromium(profile, url):
    return [children.program('chromium'), *CHROMIUM_FLAGS, f'--user-data-dir={profile}', url]


def firefox(profile, url):
    lines = [f'user_pref("{name}", {_javascript(value)});\n'
             for name, value in FIREFOX_PREFERENCES.items()]
    Path(profile, 'user.js').write_text(''.join(lines), encoding='utf-8')
    return [children.program('firefox-esr'), '--headless', '--no-remote', '--profile', profile, url]


def trust(directory, root):
    """Puts a certificate among those that NSS finds there to be good for servers."""
    os.makedirs(directory, exist_ok=True)
    for arguments in ['-N', '--empty-password'], ['-A', '-n', 'root', '-t', 'C,,', '-i', root]:
        subprocess.run([children.program('certutil'), '-d', f'sql:{directory}', *arguments],
                       check=True, stdin=subprocess.DEVNULL, capture_output=True)


@contextlib.contextmanager
def visiting(browser, url, root=None):
    """Has a browser (chromium or firefox) open url for as long as the with block runs; root: a
    certificate that it trusts. Both keep those in NSS, one in the home, one in its profile."""
    with tempfile.TemporaryDirectory(prefix='turnhouse-browser-', ignore_cleanup_errors=True) as home:
        profile = os.path.join(home, 'profile')
        os.mkdir(profile)
        if root is not None:
            trust(profile if browser is firefox else os.path.join(home, '.pki', 'nssdb'), root)
        child = children.start(browser(profile, url), env=_environment(home),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield child
        finally:
            children.stop(child)


def _environment(home):
    """The user's own folders and the sanitizers' options are none of the browser's business."""
    kept = {name: os.environ[name] for name in ('PATH', 'LC_ALL', 'LANG') if name in os.environ}
    return kept | {'HOME': home, 'TMPDIR': home}


def _javascript(value):
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
