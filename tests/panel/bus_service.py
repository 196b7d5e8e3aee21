# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody on the session bus, in place of a part of the desktop."""

import threading

from gi.repository import Gio, GLib


class BusService:
    """Inside a with block. A subclass has NAME, PATH and XML, and a method for each of the bus's:
    it is given the arguments and returns a GLib.Variant, or None."""

    def __init__(self):
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

    def emit(self, interface, signal, arguments, path=None, client=None):
        self._bus.emit_signal(client, path or self.PATH, interface, signal, arguments)

    def _run(self):
        self._context.push_thread_default()
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
        self._bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        for interface in Gio.DBusNodeInfo.new_for_xml(self.XML).interfaces:
            self._bus.register_object(self.PATH, interface, self._on_call)
        Gio.bus_own_name_on_connection(self._bus, self.NAME, Gio.BusNameOwnerFlags.REPLACE,
                                       lambda *_: self._ready.set())
        self._loop.run()
        self._bus.close_sync()
        self._context.pop_thread_default()

    def _on_call(self, _bus, sender, _path, _interface, method, parameters, invocation):
        self.sender = sender
        invocation.return_value(getattr(self, method)(*parameters.unpack()))
