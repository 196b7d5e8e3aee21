# SPDX-License-Identifier: GPL-3.0-or-later
"""/metrics of a real server as Prometheus sees it: its linter, its scraper, and the dashboard."""

import json
import os
import re
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from support import children
from support.ports import free_port
from support.server import Server
from support.tap import Cases, main

SECONDS = 30
BINDING_REQUEST = bytes.fromhex('000100002112a442') + b'twelve bytes'
NAME = re.compile(r'\b((?:turnhouse|turn|stun|coturn|process)_[a-z_]+)\b')
CONFIG = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: turnhouse
    static_configs:
      - targets: ['127.0.0.1:{port}']
"""


def get(url):
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:
        return answer.read().decode()


def scrape(server):
    return get(f'http://127.0.0.1:{server.endpoint_port}/metrics')


def value(text, sample):
    return float(re.search(f'^{re.escape(sample)} (.*)$', text, re.MULTILINE).group(1))


def bind(server, times):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(SECONDS)
        client.connect(('127.0.0.1', server.port))
        for _ in range(times):
            client.send(BINDING_REQUEST)
            assert client.recv(1500)[:2] == b'\x01\x01'


def is_well_formed(server):
    """Prometheus' own linter has nothing to say."""
    promtool = children.program('promtool')
    path = os.path.join(server.directory, 'metrics')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(scrape(server))
    code, written = children.output(['sh', '-c', f'{promtool} check metrics < {path}'], SECONDS)
    assert code == 0 and not written.strip(), written


def is_live(server):
    """What has happened is there at the next scrape, under both names."""
    before = scrape(server)
    bind(server, 5)
    get(f'http://127.0.0.1:{server.endpoint_port}/turn?username=anna')
    after = scrape(server)
    for name in 'turnhouse_bindings_total', 'stun_binding_request':
        assert value(after, name) == value(before, name) + 5
    minted = 'turnhouse_credentials_minted_total{scheme="rest"}'
    assert value(after, minted) == value(before, minted) + 1
    asked = 'turnhouse_http_requests_total{route="/turn",code="200"}'
    assert value(after, asked) >= 1
    assert 0 <= value(after, 'turnhouse_secret_age_seconds{kind="secret"}') < 600
    labels = f'transport="udp",address="127.0.0.1",port="{server.port}"'
    assert value(after, f'turnhouse_listener_bound{{{labels}}}') == 1


def tells_no_secret(server):
    text = scrape(server)
    assert server.secret not in text
    assert 'anna' not in text


class Prometheus:
    """A real one that scrapes the server each second."""

    def __init__(self, server):
        self._binary = children.program('prometheus')
        self._directory = server.directory
        self.port = free_port()
        self._config = os.path.join(server.directory, 'prometheus.yml')
        with open(self._config, 'w', encoding='utf-8') as file:
            file.write(CONFIG.format(port=server.endpoint_port))

    def __enter__(self):
        with open(os.path.join(self._directory, 'prometheus.log'), 'wb') as log:
            self._child = children.start(
                [self._binary, f'--config.file={self._config}',
                 f'--storage.tsdb.path={self._directory}/tsdb',
                 f'--web.listen-address=127.0.0.1:{self.port}'], stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        children.stop(self._child)

    def query(self, expression):
        """The result of an instant query: a list of series. Raises what Prometheus objects to."""
        url = f'http://127.0.0.1:{self.port}/api/v1/query?' + urllib.parse.urlencode(
            {'query': expression})
        return json.loads(get(url))['data']['result']

    def wait_for(self, expression, predicate):
        deadline = time.monotonic() + SECONDS
        result = None
        while time.monotonic() < deadline:
            try:
                result = self.query(expression)
            except (urllib.error.URLError, ConnectionError):
                result = None
            if result and predicate(float(result[0]['value'][1])):
                return
            time.sleep(0.2)
        raise AssertionError(f'{expression}: {result}')


def expressions(dashboard):
    for panel in dashboard['panels']:
        for target in panel['targets']:
            yield panel['title'], target['expr']


def is_scraped(server, dashboard):
    """Prometheus takes it, sees it move, and answers every query of the dashboard."""
    with Prometheus(server) as prometheus:
        prometheus.wait_for('up{job="turnhouse"}', lambda up: up == 1)
        count = value(scrape(server), 'turnhouse_bindings_total') + 7
        bind(server, 7)
        prometheus.wait_for('turnhouse_bindings_total', lambda seen: seen == count)
        prometheus.wait_for('count_over_time(turnhouse_build_info[1m])', lambda seen: seen >= 3)
        for title, expression in expressions(dashboard):
            plain = (expression.replace('$__rate_interval', '30s')
                     .replace('$job', '.+').replace('$instance', '.+'))
            assert prometheus.query(plain), f'{title}: nothing for {plain}'


def names_exist(server, dashboard):
    """Whatever the dashboard asks for is there."""
    known = set(re.findall(r'^# TYPE (\S+)', scrape(server), re.MULTILINE))
    asked = set(NAME.findall(json.dumps(dashboard)))
    assert len(asked) > 15
    assert asked <= known, asked - known


def run():
    binary, dashboard_path = sys.argv[1:]
    with open(dashboard_path, encoding='utf-8') as file:
        dashboard = json.load(file)
    with Server(binary) as server:
        cases = Cases()
        cases.add('metrics/promtool-finds-nothing-wrong', is_well_formed, server)
        cases.add('metrics/live', is_live, server)
        cases.add('metrics/no-secret', tells_no_secret, server)
        cases.add('grafana/every-name-exists', names_exist, server, dashboard)
        cases.add('metrics/scraped-by-prometheus', is_scraped, server, dashboard)
        code = cases.run()
        server.stop()
    return code


main(run)
