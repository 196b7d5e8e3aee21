# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and drives a program by what it tells assistive technology: roles, names, texts, actions.

Everything here waits: a widget is there when it is found, not a moment before.
"""

import copy
import itertools
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402  (the version comes first)

SECONDS = 30
STEP_SECONDS = 0.1
LAST_NODES = 100
LEAVES = ('label', 'heading', 'image', 'scroll bar', 'separator', 'level bar')

# What a role is called here, where at-spi2-core has renamed it since Debian 12.
OLDER_NAMES = {'button': 'push button'}

# Has the accessibility bus up before the first program looks for it.
Atspi.init()
Atspi.get_desktop(0).get_child_count()


def normal(text):
    """Text without what keeps its words together at the end of a line."""
    return text.replace('\u00a0', ' ').replace('\u2060', '')


def wait_for(what, probe, seconds=SECONDS, step=STEP_SECONDS):
    """What probe returns as soon as that is true; what is said of it if it never is."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f'{what} did not come within {seconds} s')
        time.sleep(step)


class Program:
    """One running program on the accessibility bus; without its process, the only one there, as
    what is in a sandbox speaks through another process."""

    def __init__(self, process_id=None):
        self._process_id = process_id
        self._root = wait_for('the window', self._find_root, 30)

    def find(self, role=None, name=None):
        """The first visible widget of that role and name, or None."""
        return next(self._walk(self._root, role, name), None)

    def wait(self, role=None, name=None):
        try:
            return wait_for(f'{role} {name!r}', lambda: self.find(role, name))
        except AssertionError as error:
            raise AssertionError(f'{error}; there is: {self.texts()}') from None

    def wait_until_gone(self, role=None, name=None):
        wait_for(f'the end of {role} {name!r}', lambda: not self.find(role, name))

    def part(self, node):
        """What is below one of its widgets, alone: where a window has a lot in it, looking takes its
        time."""
        part = copy.copy(self)
        part._root = node
        return part

    def around(self, node, role):
        """The part that the nearest widget of that role is which has this one in it."""
        while _role(node) != role:
            node = node.get_parent()
        return self.part(node)

    def named(self):
        """All visible widgets that have names, in lists by role and name."""
        found = {}
        for node in self._all():
            if self._name(node):
                found.setdefault((_role(node), self._name(node)), []).append(node)
        return found

    def texts(self):
        """What all labels and headings that are visible say, from top to bottom."""
        return [text for text in map(self._text, self._all()) if text is not None]

    def text_after(self, title):
        """What the label says that follows the first one that says title, once that is there."""
        def rest():
            texts = self.texts()
            return title in texts and texts[texts.index(title) + 1:]
        return wait_for(f'label {title!r}', rest)[0]

    def everything(self):
        """All that is told of all widgets, in one text."""
        return '\n'.join(f'{self._name(node)}\n{normal(node.get_description() or "")}\n'
                         f'{_contents(node)}' for node in self._all())

    def buttons(self):
        """The names of all visible buttons."""
        return [self._name(node) for node in self._all('push button')]

    def wait_for_button(self, beginning, seconds=SECONDS):
        """The name of the first visible button whose name begins so."""
        def button():
            return next((name for name in self.buttons() if name.startswith(beginning)), None)
        return wait_for(f'button {beginning!r}', button, seconds)

    def wait_for_text(self, matches, seconds=SECONDS):
        """The first label that the function matches accepts."""
        try:
            return wait_for('the text', lambda: next(filter(matches, self.texts()), None), seconds)
        except AssertionError as error:
            raise AssertionError(f'{error}; there is: {self.texts()}') from None

    def press(self, role, name, place=0):
        """Does what a click on that widget does, of several on the one at that place. (A menu
        button is two of that name, and only the one inside can be clicked.)"""
        def widget():
            found = (node for node in self._walk(self._root, role, name)
                     if node.get_n_actions() > 0)
            return next(itertools.islice(found, place, None), None)
        wait_for(f'{role} {name!r} with an action', widget).do_action(0)

    def press_in_front(self, role, name):
        """The same with the last one of that name that has room: a window over another comes after
        it."""
        def widget():
            return [node for node in self._walk(self._root, role, name)
                    if node.get_n_actions() > 0 and _has_room(node)]
        wait_for(f'{role} {name!r} in front', widget)[-1].do_action(0)

    def middle(self, role, name):
        """Where in the window the middle of that widget is; of a spin button, the middle of the
        half that takes text."""
        box = Atspi.Component.get_extents(self.wait(role, name), Atspi.CoordType.WINDOW)
        return box.x + box.width // (4 if role == 'spin button' else 2), box.y + box.height // 2

    def size(self, role, name):
        """Its width and height."""
        box = Atspi.Component.get_extents(self.wait(role, name), Atspi.CoordType.WINDOW)
        return box.width, box.height

    def is_shown(self, role, name):
        """Whether it is on the page that is shown."""
        return _has_room(self.wait(role, name))

    def type_into(self, name, text):
        """Replaces what stands in an entry."""
        def entry():
            return next((node for node in self._all(None, name) if node.get_editable_text_iface()),
                        None)
        wait_for(f'entry {name!r}', entry).get_editable_text_iface().set_text_contents(text)

    def answer(self, label):
        """Presses the button of a dialog: the last of that name that has room, as a window over
        another comes after it. (libadwaita 1.2 has such a button twice, for wide and narrow
        windows, and names it with the underscore of its mnemonic, so only the label in it tells
        which it is.)"""
        def buttons():
            return [node for node in self._walk(self._root, 'push button', None)
                    if node.get_child_count() > 0 and _has_room(node)
                    and self._name(node.get_child_at_index(0)) == label]
        wait_for(f'button {label!r}', buttons)[-1].do_action(0)

    def contents(self, role, name):
        """What stands in an entry."""
        return _contents(self.wait(role, name))

    def is_checked(self, role, name):
        return self.wait(role, name).get_state_set().contains(Atspi.StateType.CHECKED)

    def is_focused(self, role, name):
        return self.wait(role, name).get_state_set().contains(Atspi.StateType.FOCUSED)

    def focused_name(self):
        """The name of what has the keyboard, or None."""
        return next((self._name(node) for node in self._all()
                     if node.get_state_set().contains(Atspi.StateType.FOCUSED)
                     and self._name(node)), None)

    def description(self, role, name):
        return normal(self.wait(role, name).get_description())

    def unnamed(self, roles):
        """Visible widgets of these roles without a name; but what GTK makes to choose from, which
        has labels in it, may have none."""
        return [_role(node) for node in self._all()
                if _role(node) in roles and not self._name(node)
                and self._name(node.get_parent()) != 'GtkListView']

    def windows(self):
        return [self._name(child) for child in _children(self._root)]

    def _find_root(self):
        for child in _children(Atspi.get_desktop(0)):
            if (self._process_id in (None, child.get_process_id())
                    and child.get_child_count() > 0):
                return child
        return None

    def wait_for_toast(self, text):
        """One is there for seconds only, so it is looked for at the end of the window, where
        toasts are, and nowhere else: looking at all of it may take as long."""
        def toast():
            last = itertools.islice(self._walk(self._root, None, None, backwards=True), LAST_NODES)
            return any(_role(node) == 'label' and self._name(node) == text for node in last)
        try:
            wait_for(f'toast {text!r}', toast)
        except AssertionError as error:
            raise AssertionError(f'{error}; there is: {self.texts()}') from None

    def _all(self, role=None, name=None):
        return list(self._walk(self._root, role, name))

    def _walk(self, node, role, name, backwards=False):
        """The visible widgets from there on, one by one: each answer takes its time."""
        try:
            if node is not self._root and not _is_visible(node):
                return
            its_role = _role(node)
            if role in (None, its_role) and name in (None, self._name(node)):
                yield node
            children = [] if its_role in LEAVES else _children(node)
        except GLib.Error:
            return  # gone while we looked
        for child in reversed(children) if backwards else children:
            yield from self._walk(child, role, name, backwards)

    def _text(self, node):
        """What a label or heading says; None for anything else, and for what is gone by now."""
        try:
            return self._name(node) if _role(node) in ('label', 'heading') else None
        except GLib.Error:
            return None

    @staticmethod
    def _name(node):
        return normal(node.get_name() or '')


def _children(node):
    """All at once: GTK 4.8 ends when asked for a window that went since they were counted."""
    children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
    return [child for child in children if child]


def _role(node):
    name = node.get_role_name()
    return OLDER_NAMES.get(name, name)


def _contents(node):
    """The text of a label or entry."""
    text = node.get_text_iface()
    return normal(Atspi.Text.get_text(text, 0, text.get_character_count())) if text else ''


def _has_room(node):
    """What is on a page that is not shown has none."""
    box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    return box.width > 0 and (box.x, box.y) != (0, 0)


def _is_visible(node):
    return node.get_state_set().contains(Atspi.StateType.VISIBLE)
