"""A translation service on this machine, which speaks the forms of OpenAI, DeepL and Google, and fails when told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes]


@dataclass
class Request:
    """What the service was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        """The texts that were sent, in any of the three forms."""
        if "messages" in self.body:
            return list(json.loads(self.body["messages"][1]["content"]).values())
        return list(self.body.get("text") or self.body.get("q") or [])


@dataclass
class TranslationService:
    """Where it listens, what it was asked, and how it translates or answers altogether."""

    url: str
    requests: list[Request] = field(default_factory=list)
    translate: Callable[[str], Any] = "訳：{}".format
    answer: Callable[[Request], Answer] | None = None

    def reply(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answer(request) if self.answer else ok(self.form(request, list(map(self.translate, request.texts))))

    def form(self, request: Request, answers: list[Any]) -> Any:
        """The answers in the form of the service that was asked."""
        if request.path.endswith("/chat/completions"):
            keys = json.loads(request.body["messages"][1]["content"])
            return said(json.dumps(dict(zip(keys, answers, strict=False))))
        if request.path.endswith("/v2/translate"):
            return {"translations": [{"detected_source_language": "EN", "text": answer} for answer in answers]}
        return {"data": {"translations": [{"translatedText": answer} for answer in answers]}}


def ok(data: Any) -> Answer:
    return 200, json.dumps(data).encode()


def said(text: str) -> dict[str, Any]:
    """A chat completion that says the text."""
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}


@contextmanager
def translation_service() -> Iterator[TranslationService]:
    """Runs the service on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = service.reply(Request(self.path, dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            if 300 <= status < 400:
                self.send_header("Location", service.url)
            self.end_headers()
            self.wfile.write(answer)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = TranslationService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
