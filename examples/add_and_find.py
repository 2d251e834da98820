#!/usr/bin/env python3
"""Adds a picture, issues a query token, and finds the picture with it, as a phone does. Usage: add_and_find.py PICTURE.jpg

Python 3.8 or newer; nothing to install.
"""

import json
import os
import sys
import urllib.request
import uuid

HOST = os.environ.get("LOOKMARK_HOST", "http://127.0.0.1:8787")
ACCOUNT = {
    "username": os.environ.get("LOOKMARK_USERNAME", "demo"),
    "secretkey": os.environ.get("LOOKMARK_SECRETKEY", "demo"),
    "channel": os.environ.get("LOOKMARK_CHANNEL", "demo"),
}


def call(endpoint, fields, image=None):
    """Posts fields and picture as multipart/form-data; raises where the returncode is not 0 (HTTP status is 200 for refusals, too)."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if image is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="image"\r\n\r\n'
        parts += [head.encode(), image, b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(f"{HOST}/{endpoint}", b"".join(parts), headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    if answer["returncode"] != 0:
        raise RuntimeError(f"{endpoint}: {answer['returncode']} {answer['message']} (requestid {answer['requestid']})")
    return answer


def main(path):
    with open(path, "rb") as file:
        picture = file.read()

    # On your server, which holds the secret key:
    metadata = json.dumps({"title": "My first"})
    added = call("AddImage", {**ACCOUNT, "identifier": "example.python", "metadata": metadata}, picture)
    print(f"added example.python, level {added['level']} of 5")
    token = call("IssueToken", {**ACCOUNT, "ttl": 600})["token"]

    # On the phone, which must never hold it:
    found = call("FindImage", {"token": token}, picture)
    if "identifier" not in found:
        print("nothing found")
        return
    print(f"found {found['identifier']}, score {found['score']}, corners {found['corners']}")
    print(f"its title: {json.loads(found['metadata'])['title']}")


if __name__ == "__main__":
    main(sys.argv[1])
