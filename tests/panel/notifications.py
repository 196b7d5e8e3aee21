# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody in place of the desktop who is told of notifications, and clicks on them."""

import itertools

from gi.repository import GLib

from bus_service import BusService


class Notifications(BusService):
    """shown: (title, text) by number, as they are now; buttons: the actions of theirs."""

    NAME, PATH = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
    XML = """
<node>
  <interface name="org.freedesktop.Notifications">
    <method name="Notify">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
      <arg type="u" direction="out"/>
    </method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <method name="GetServerInformation">
      <arg type="s" direction="out"/><arg type="s" direction="out"/>
      <arg type="s" direction="out"/><arg type="s" direction="out"/>
    </method>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
    <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
  </interface>
</node>"""

    def __init__(self):
        super().__init__()
        self.shown = {}
        self.buttons = {}
        self._numbers = itertools.count(1)

    def click(self, number, action='default'):
        """On the notification itself, or a button of it; it goes then."""
        self.shown.pop(number)
        self.emit(self.NAME, 'ActionInvoked', GLib.Variant('(us)', (number, action)))

    def Notify(self, _app, number, _icon, title, text, actions, *_):
        number = number or next(self._numbers)
        self.buttons[number] = [action for action in actions[::2] if action != 'default']
        self.shown[number] = title, text
        return GLib.Variant('(u)', (number,))

    def CloseNotification(self, number):
        self.shown.pop(number, None)

    def GetCapabilities(self):
        return GLib.Variant('(as)', (['actions', 'body'],))

    def GetServerInformation(self):
        return GLib.Variant('(ssss)', ('tests', 'Turnhouse', '1', '1.2'))
