# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody in place of the desktop who is told of notifications, and clicks on them."""

import itertools
import threading

from gi.repository import Gio, GLib

NAME, PATH = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
INTERFACE = Gio.DBusNodeInfo.new_for_xml("""
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
</node>""").interfaces[0]


class Notifications:
    """Inside a with block, on the session bus. shown: (title, text) by number, as they are now."""

    def __init__(self):
        self.shown = {}
        self._numbers = itertools.count(1)
        self._context = GLib.MainContext()
        self._loop = GLib.MainLoop(self._context)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10), 'the session bus is not there'
        return self

    def __exit__(self, *_):
        self._loop.quit()
        self._thread.join()

    def click(self, number):
        """On the notification itself, which goes then."""
        self.shown.pop(number)
        self._bus.emit_signal(None, PATH, NAME, 'ActionInvoked',
                              GLib.Variant('(us)', (number, 'default')))

    def _run(self):
        self._context.push_thread_default()
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
        self._bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self._bus.register_object(PATH, INTERFACE, self._on_call)
        Gio.bus_own_name_on_connection(self._bus, NAME, Gio.BusNameOwnerFlags.NONE,
                                       lambda *_: self._ready.set())
        self._loop.run()
        self._bus.close_sync()
        self._context.pop_thread_default()

    def _on_call(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        answer = None
        if method == 'Notify':
            _, number, _, title, text, _, _, _ = parameters.unpack()
            number = number or next(self._numbers)
            self.shown[number] = title, text
            answer = GLib.Variant('(u)', (number,))
        elif method == 'CloseNotification':
            self.shown.pop(parameters.unpack()[0], None)
        elif method == 'GetCapabilities':
            answer = GLib.Variant('(as)', (['actions', 'body'],))
        else:
            answer = GLib.Variant('(ssss)', ('tests', 'Turnhouse', '1', '1.2'))
        invocation.return_value(answer)
