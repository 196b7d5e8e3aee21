{each stun}
sudo -u www-data php occ talk:stun:add {host-and-port}
{end}
{each turn}
sudo -u www-data php occ talk:turn:add --secret={secret} {type} {host-and-port} {transport}
{end}
