"""What is compared: an nginx as COS, an nginx and a coswhy as reverse proxies in front of it."""

import os
from pathlib import Path

from .process import Process, free_port

REGION = "ap-guangzhou"
HOST = f"examplebucket-1250000000.cos.{REGION}.myqcloud.com"
OBJECT_MIB = 64
MODULE = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so"

REQUEST_ID = "NjRhNTJkYWVfMjhhYTk0MGFfMTZjMV82NmIyYjA="
TRACE_ID = ("OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTBjYzE2MjAxN2M1MzJ"
            "iOTdkZjMxMDVlYTZjN2FiMmI0ZTQ5NDBkM2E0YWE0OWQ0ZDMxMzc2YzhhNGE4ODk1MjM=")
DENIED = f"""<?xml version='1.0' encoding='utf-8' ?>
<Error>
\t<Code>AccessDenied</Code>
\t<Message>Access Denied.</Message>
\t<Resource>{HOST}/exampleobject</Resource>
\t<RequestId>{REQUEST_ID}</RequestId>
\t<TraceId>{TRACE_ID}</TraceId>
</Error>
"""


def nginx_config(folder, name, workers, modules, http):
    """Everything nginx writes stays in `folder`; keep-alive never ends in the middle of a measurement."""
    work = folder / name
    work.mkdir(exist_ok=True)
    os.chmod(work, 0o777)
    temporary = "\n".join(f"  {kind}_temp_path {work}/{kind};"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = work / "nginx.conf"
    config.write_text(f"""{modules}
daemon off;
worker_processes {workers};
worker_rlimit_nofile 32768;
error_log {work}/error.log warn;
pid {work}/nginx.pid;
events {{ worker_connections 16384; }}
http {{
{temporary}
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  sendfile on;
  tcp_nopush on;
  client_max_body_size 0;
{http}
}}
""")
    return config


class Upstream(Process):
    """One nginx worker that answers as COS does: /small, /large, /denied, and PUT under /put/; a request with
    X-Show gets the Host and the Authorization that came."""

    def __init__(self, folder):
        port = free_port()
        root = folder / "objects"
        (root / "put").mkdir(parents=True)
        os.chmod(root / "put", 0o777)
        (root / "small").write_bytes(os.urandom(1024))
        (root / "large").write_bytes(os.urandom(1 << 20) * OBJECT_MIB)
        denied = DENIED.replace("'", "\\'").replace("\n", "\\n")
        config = nginx_config(folder, "upstream", 1, f"load_module {MODULE};", f"""
  access_log off;
  default_type application/octet-stream;
  more_set_headers "Server: tencent-cos" "x-cos-request-id: {REQUEST_ID}";
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root {root};
    if ($http_x_show) {{ return 200 "$http_host $http_authorization"; }}
    location /put/ {{ dav_methods PUT; }}
    location = /denied {{
      default_type application/xml;
      more_set_headers -s 403 "x-cos-trace-id: {TRACE_ID}";
      return 403 '{denied}';
    }}
  }}""")
        super().__init__(["nginx", "-e", f"{folder}/upstream/start.log", "-c", str(config)], port,
                         folder / "upstream.out")


class Nginx(Process):
    """The peer: keep-alive to the upstream, bodies streamed both ways, a buffered JSON access log."""

    def __init__(self, folder, upstream, name, threads, certificate=None):
        port = free_port()
        name = f"{name}-{threads or 'auto'}"
        self.https = certificate is not None
        tls = ""
        if certificate:
            tls = (f"ssl_certificate {certificate.cert};\n    ssl_certificate_key {certificate.key};\n"
                   "    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_session_cache shared:tls:10m;")
        config = nginx_config(folder, name, threads or os.cpu_count(), "", f"""
  log_format json escape=json '{{"timestamp":"$time_iso8601","client":"$remote_addr","method":"$request_method",'
    '"host":"$host","path":"$request_uri","status":$status,"duration":$request_time,'
    '"upstream":"$upstream_response_time","bytes_in":$request_length,"bytes_out":$bytes_sent,'
    '"cos_request_id":"$upstream_http_x_cos_request_id","request_id":"$request_id"}}';
  access_log {folder}/{name}.log json buffer=64k flush=1s;
  upstream cos {{ server 127.0.0.1:{upstream.port}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} {"ssl http2" if certificate else ""} backlog=4096;
    {tls}
    location / {{
      proxy_pass http://cos;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_pass_header Server;
      proxy_pass_header Date;
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
    }}
  }}""")
        super().__init__(["nginx", "-e", f"{folder}/{name}/start.log", "-c", str(config)], port,
                         folder / f"{name}.out")
        self.diagnoses = False


class Coswhy(Process):
    """`coswhy serve` with its defaults, its JSON log in a file."""

    def __init__(self, folder, upstream, name, threads, binary, certificate=None, more=""):
        port = free_port()
        name = f"{name}-{threads or 'auto'}"
        self.https = certificate is not None
        tls = f'''[tls]
listen = "127.0.0.1:{port}"
cert = "{certificate.cert}"
key = "{certificate.key}"
''' if certificate else ""
        config = Path(folder / f"{name}.toml")
        config.write_text(f"""listen = "127.0.0.1:{free_port() if certificate else port}"
[runtime]
{f'threads = {threads}' if threads else ''}
[admin]
listen = "127.0.0.1:{free_port()}"
[upstream]
url = "http://127.0.0.1:{upstream.port}"
[log]
format = "json"
file = "{folder}/{name}.log"
{tls}{more}""")
        super().__init__([str(binary), "serve", "--config", str(config)], port, folder / f"{name}.out")
        self.diagnoses = True
