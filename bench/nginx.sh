# For the other scripts here: nginx on loopback, which serves the bytes of a page as a file, compressed once.
#
# beside_nginx ADDRESS: fetches the page and starts nginx in $work; tells its port ($port) and its process ($peer), which the caller ends.
# shellcheck shell=bash disable=SC2034,SC2154
beside_nginx() {
    mkdir www
    curl -s -H 'Accept-Encoding: gzip' "$1" >www/index.html.gz
    gzip -dc www/index.html.gz >www/index.html
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cat >nginx.conf <<CONF
daemon off;
user root;
worker_processes auto;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    open_file_cache max=100;
    client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    server { listen 127.0.0.1:$port; root $work/www; gzip_static on; default_type text/html; }
}
CONF
    nginx -c "$work/nginx.conf" &
    peer=$!
    for _ in $(seq 50); do
        curl -s -o /dev/null "http://127.0.0.1:$port/" && break
        sleep 0.1
    done
}
