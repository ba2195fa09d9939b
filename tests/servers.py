"""Real servers on loopback for tests of sync: WebDAV by wsgidav, S3 by moto."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def webdav(folder: Path) -> Iterator[str]:
    """A WebDAV server of a folder, with a user and a password. Gives the address of its root."""
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {"team": {"password": "p w"}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable_loggers": []},
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"webdav://team:p%20w@127.0.0.1:{server.bind_addr[1]}/"
    finally:
        server.stop()
        thread.join()


@contextmanager
def s3() -> Iterator[tuple[str, dict[str, str]]]:
    """An S3 server with an empty bucket. Gives the address of a folder in it, and the environment that leads a client there."""
    import boto3
    from moto.server import ThreadedMotoServer

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    bucket = f"reviews-{port}"  # moto keeps what earlier servers of the process were given
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "team",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        client = boto3.client(
            "s3", endpoint_url=endpoint, aws_access_key_id="team", aws_secret_access_key="secret", region_name="us-east-1"
        )
        client.create_bucket(Bucket=bucket)
        client.close()
        yield f"s3://{bucket}/project", environment
    finally:
        server.stop()
