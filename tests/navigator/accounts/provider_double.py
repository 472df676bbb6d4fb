"""A provider of OpenID Connect on this machine, which says of people what a test wants."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "navigator", "a secret between two services"


class Provider:
    """Its claims are public: change them before somebody logs in."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims = {"sub": "1", "email": "editor@rotterdam.example", "email_verified": True}
        self.asked = {}
        self.works = True
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(provider.read(urlsplit(self.path).path, self.headers))

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                self.answer(provider.tokens(parse_qs(self.rfile.read(length).decode())))

            def answer(self, body):
                text = json.dumps(body or {"error": "invalid_grant"}).encode()
                self.send_response(200 if body else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def ask(self, location):
        """Somebody arrives with a request to log in, and is let in; answers code and state."""
        assert location.startswith(f"{self.address}/authorize?")
        self.asked = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
        return {"code": "single-use", "state": self.asked["state"]}

    def read(self, path, headers):
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/people",
                "jwks_uri": f"{self.address}/keys",
            }
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]}
        if path == "/people" and headers["Authorization"] == "Bearer of-this-person":
            return self.claims
        return None

    def tokens(self, posted):
        """What a code is worth, to who knows the secret and began it."""
        sent = {name: value[0] for name, value in posted.items()}
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if not self.works or (
            sent.get("code"),
            sent.get("client_id"),
            sent.get("client_secret"),
            sent.get("redirect_uri"),
            base64.urlsafe_b64encode(proof).decode().rstrip("="),
        ) != (
            "single-use",
            CLIENT,
            SECRET,
            self.asked["redirect_uri"],
            self.asked.get("code_challenge"),
        ):
            return None
        now = int(time.time())
        who = {**self.claims, "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60}
        return {
            "access_token": "of-this-person",
            "token_type": "Bearer",
            "id_token": jwt.encode(who, self.key, algorithm="RS256", headers={"kid": "1"}),
        }
