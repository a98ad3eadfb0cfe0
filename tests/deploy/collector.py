"""A receiver of OTLP traces, by gRPC and by HTTP: what it gets are the protocol's own messages, decoded."""

import threading
import time
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as service_grpc


class Collector:
    """Everything that came, and how: the raw bytes too, for what must not be in them."""

    def __init__(self, status=200):
        self.status = status
        self.lock = threading.Lock()
        self.requests, self.raw, self.headers = [], b"", []

    def take(self, request, headers):
        with self.lock:
            self.requests.append(request)
            self.raw += request.SerializeToString()
            self.headers.append(headers)

    def spans(self, count, limit=20):
        """The spans, once there are `count`, each with its attributes as a dictionary."""
        deadline = time.monotonic() + limit
        while True:
            with self.lock:
                found = [(resource.resource, span) for request in self.requests for resource in request.resource_spans
                         for scope in resource.scope_spans for span in scope.spans]
            if len(found) >= count or time.monotonic() > deadline:
                assert len(found) == count, f"{len(found)} spans, not {count}"
                return found
            time.sleep(0.05)


def attributes(message):
    """Of a span, an event or a resource."""
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in message.attributes}


class ByHttp(Collector):
    def __enter__(self):
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
                collector.take(service.ExportTraceServiceRequest.FromString(body), dict(self.headers))
                self.send_response(collector.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class ByGrpc(Collector, service_grpc.TraceServiceServicer):
    def Export(self, request, context):
        self.take(request, dict(context.invocation_metadata()))
        return service.ExportTraceServiceResponse()

    def __enter__(self):
        self.server = grpc.server(futures.ThreadPoolExecutor(2))
        service_grpc.add_TraceServiceServicer_to_server(self, self.server)
        self.endpoint = f"http://127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop(None)
