-- modules_enabled of the VirtualHost must list "external_services"
external_service_secret = {secret};
external_services = {
{each stun}
  { type = {type}, host = {url-host}, port = {port} };
{end}
{each turn}
  { type = {type}, host = {url-host}, port = {port}, transport = {transport},
    secret = true, ttl = {ttl}, algorithm = "turn" };
{end}
};
