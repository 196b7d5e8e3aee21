# SPDX-License-Identifier: GPL-3.0-or-later
"""The web site that browsers under test visit: the page, mailboxes between two of them, results."""

import http.server
import json
import queue
import threading
from pathlib import Path

HERE = Path(__file__).parent
TYPES = {'.html': 'text/html', '.js': 'text/javascript'}
WAIT_SECONDS = 60


class Website:
    """Serves on a free loopback port inside a with block; pages: more HTML, by path."""

    def __init__(self):
        self.pages = {}
        self._boxes = {}
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), _Handler)
        self._server.website = self
        self.url = f'http://127.0.0.1:{self._server.server_port}/'

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def result(self, role, seconds):
        """What the page in this role reported, waited for so long."""
        try:
            return json.loads(self.box(f'/result/{role}').get(timeout=seconds))
        except queue.Empty:
            raise AssertionError(f'no result from the {role} within {seconds} s') from None

    def box(self, path):
        with self._lock:
            return self._boxes.setdefault(path, queue.Queue())


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith('/mail/'):
            self._collect()
        elif self.path in self.server.website.pages:
            self._answer(200, self.server.website.pages[self.path], 'text/html')
        else:
            self._file()

    def do_POST(self):
        self.server.website.box(self.path).put(self.rfile.read(int(self.headers['Content-Length'])))
        self._answer(204)

    def log_message(self, *_):
        pass

    def _collect(self):
        try:
            self._answer(200, self.server.website.box(self.path).get(timeout=WAIT_SECONDS))
        except queue.Empty:
            self._answer(504)

    def _file(self):
        file = HERE / self.path.split('?')[0].lstrip('/')
        if file.parent == HERE and file.suffix in TYPES and file.is_file():
            self._answer(200, file.read_bytes(), TYPES[file.suffix])
        else:
            self._answer(404)

    def _answer(self, status, body=b'', kind='application/json'):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        if status != 204:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
