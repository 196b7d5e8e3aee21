# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that a test starts, each with all that it starts in turn: none outlives the test."""

import atexit
import os
import shutil
import signal
import subprocess

from support.tap import Skip

_running = set()


def program(name):
    """The path of an installed program; the case is skipped where it is missing."""
    path = shutil.which(name)
    if path is None:
        raise Skip(f'{name} is not installed')
    return path


def start(arguments, **options):
    """Starts a program at the head of a process group of its own."""
    child = subprocess.Popen(arguments, start_new_session=True,
                             **{'stdin': subprocess.DEVNULL} | options)
    _running.add(child)
    return child


def stop(child, seconds=10):
    """Ends a program politely, and what is left of its group by force; returns its exit code."""
    _signal_group(child, signal.SIGTERM)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    _signal_group(child, signal.SIGKILL)
    _running.discard(child)
    return child.wait()


def output(arguments, seconds, **options):
    """Runs a program to its end; returns its exit code and all that it wrote."""
    child = start(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                  errors='replace', **options)
    try:
        written, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        stop(child, 0)
        written, _ = child.communicate()
        raise AssertionError(f'{arguments[0]} did not end within {seconds} s:\n{written}') from None
    _running.discard(child)
    return child.returncode, written


def _signal_group(child, number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass


def _kill_all():
    for child in list(_running):
        _signal_group(child, signal.SIGKILL)


def _on_terminate(_number, _frame):
    _kill_all()
    os._exit(1)


atexit.register(_kill_all)
signal.signal(signal.SIGTERM, _on_terminate)
