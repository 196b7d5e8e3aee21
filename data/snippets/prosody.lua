-- modules_enabled must list "turn_external"
turn_external_host = {host}
turn_external_port = {port}
turn_external_secret = {secret}
turn_external_ttl = {ttl}
{with tcp-port}
turn_external_tcp = true
{end}
