#!/usr/bin/env bash
# Lets nginx check the example, with throwaway certificates and folders.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=lopmo.example.edu.vn -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
sed "s#/etc/ssl/lopmo#$work#" nginx.conf >"$work/site.conf"
cat >"$work/nginx.conf" <<CONF
pid $work/pid; error_log stderr;
events {}
http { access_log off; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
include $work/site.conf; }
CONF
"$(command -v nginx || echo /usr/sbin/nginx)" -t -q -c "$work/nginx.conf"
echo "nginx.conf: good"
