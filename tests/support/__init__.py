# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests written in Python share: TAP output, free ports, a server, JWTs, child
processes."""
