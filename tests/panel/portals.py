# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody in place of the portals of a sandbox: who may run in the background, and what keeps the
computer awake."""

import threading

from gi.repository import GLib

from bus_service import BusService

REQUEST = 'org.freedesktop.portal.Request'


class Portals(BusService):
    """allows: what is answered to a request for the background. asked: its options, each time.
    statuses: what was said of the background. awake: the reasons to stay so, by request."""

    NAME, PATH = 'org.freedesktop.portal.Desktop', '/org/freedesktop/portal/desktop'
    XML = """
<node>
  <interface name="org.freedesktop.portal.Background">
    <method name="RequestBackground">
      <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="o" direction="out"/>
    </method>
    <method name="SetStatus"><arg type="a{sv}" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.portal.Inhibit">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="o" direction="out"/>
    </method>
    <method name="CreateMonitor">
      <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
      <arg type="o" direction="out"/>
    </method>
    <method name="QueryEndResponse"><arg type="o" direction="in"/></method>
  </interface>
</node>"""

    def __init__(self, allows=True):
        super().__init__()
        self.allows = allows
        self.asked = []
        self.statuses = []
        self.awake = []

    def _request(self, options):
        token = options.get('handle_token', 'none')
        return f'{self.PATH}/request/{self.sender[1:].replace(".", "_")}/{token}'

    def RequestBackground(self, _window, options):
        self.asked.append(options)
        path = self._request(options)
        given = {'background': GLib.Variant('b', self.allows),
                 'autostart': GLib.Variant('b', self.allows and options['autostart'])}
        answer = GLib.Variant('(ua{sv})', (0 if self.allows else 1, given))
        # After the reply, as a user's answer comes.
        threading.Timer(0.2, self.emit, (REQUEST, 'Response', answer, path, self.sender)).start()
        return GLib.Variant('(o)', (path,))

    def SetStatus(self, options):
        self.statuses.append(options['message'])

    def Inhibit(self, _window, _what, options):
        self.awake.append(options['reason'])
        return GLib.Variant('(o)', (self._request(options),))

    def CreateMonitor(self, _window, options):
        return GLib.Variant('(o)', (self._request(options),))

    def QueryEndResponse(self, _session):
        pass
