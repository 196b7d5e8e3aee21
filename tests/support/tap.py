# SPDX-License-Identifier: GPL-3.0-or-later
"""Test cases written in Python, reported in the Test Anything Protocol.

A case is a function: it passes if it returns, is skipped if it raises Skip, and fails with any
other exception. What it returns, if anything, is shown beside its name.
"""

import concurrent.futures
import sys
import traceback


class Skip(Exception):
    """Raised by a case that cannot be tried on this machine."""


class Cases:
    def __init__(self):
        self._cases = []
        self._last = []

    def add(self, name, function, *arguments):
        self._cases.append((name, function, arguments))

    def add_last(self, name, function, *arguments):
        """A case that runs alone, when all others have ended."""
        self._last.append((name, function, arguments))

    def run(self, at_once=1):
        """Runs all cases, up to at_once of them at the same time; returns the exit code."""
        print(f'1..{len(self._cases) + len(self._last)}', flush=True)
        passed = list(_run(self._cases, 1, at_once))
        passed += _run(self._last, len(passed) + 1, 1)
        return 0 if all(passed) else 1


def run_functions(prefix, functions, chosen=()):
    """Runs functions as cases that are named after them; only the chosen, if any are."""
    cases = Cases()
    for function in functions:
        name = function.__name__.replace('_', '-')
        if not chosen or name in chosen:
            cases.add(prefix + name, function)
    return cases.run()


def main(function):
    """Ends the test program with what function returns; Skip from it skips the whole program."""
    try:
        code = function()
    except Skip as reason:
        print(f'1..0 # SKIP {reason}', flush=True)
        code = 0
    sys.exit(code)


def _run(cases, first_number, at_once):
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        runs = [pool.submit(function, *arguments) for _, function, arguments in cases]
        for number, (case, run) in enumerate(zip(cases, runs), first_number):
            yield _report(number, case[0], run)


def _report(number, name, run):
    problem = run.exception()
    if problem is None:
        print(f'ok {number} {name}', flush=True)
        _comment(run.result() or '')
    elif isinstance(problem, Skip):
        print(f'ok {number} {name} # SKIP {problem}', flush=True)
    else:
        print(f'not ok {number} {name}', flush=True)
        _comment(''.join(traceback.format_exception(problem)))
    return problem is None or isinstance(problem, Skip)


def _comment(text):
    for line in text.splitlines():
        print('#', line, flush=True)
