"""Any service that speaks OpenAI's chat completions, on the web or on a machine of one's own."""

import json
from typing import ClassVar

from django.utils.translation import get_language_info

from translation.glossary import Wording
from translation.services.base import Service

INSTRUCTIONS = """\
You translate a website about selling live across borders on X from {source} to {target}, as a native writer would.
The user sends one JSON object whose values are HTML. Answer with one JSON object and nothing else: the same keys, each
with its translation.
Keep every tag, such as <b> or <a id="a1">, exactly once with its id, around the words that match, in any order.
Text inside a link that is a code, such as figure:chargebacks, stays as it is. Add no tags, notes or explanations.
"""
TERMS = "The glossary is binding:\n"


class OpenAITranslator(Service):
    """Sends a batch as one JSON object with the terms of the glossary in the instructions.

    The answers are told by their keys, so that one that is missing takes none of the others with it.
    """

    own_endpoint = "https://api.openai.com/v1"
    names: ClassVar[dict[str, str]] = {"zh-hans": "Simplified Chinese", "zh-hant": "Traditional Chinese"}

    @property
    def display_name(self) -> str:
        return str(self.options.get("MODEL") or "OpenAI")

    def ask(self, source: str, target: str, texts: list[str], terms: list[Wording]) -> list[object]:
        keys = [str(number) for number in range(1, len(texts) + 1)]
        content = json.dumps(dict(zip(keys, texts, strict=True)), ensure_ascii=False)
        data = {
            "model": self.options.get("MODEL", ""),
            "messages": [
                {"role": "system", "content": self.instructions(source, target, terms)},
                {"role": "user", "content": content},
            ],
        }
        key = self.options.get("KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = self.post(self.address("/chat/completions"), data, headers)
        try:
            said = answer["choices"][0]["message"]["content"]
            # Some models put their JSON into a fence, or think aloud before it.
            found = json.loads(said[said.index("{") : said.rindex("}") + 1])
        except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise self.unreadable() from error
        return [found.get(key) for key in keys]

    def instructions(self, source: str, target: str, terms: list[Wording]) -> str:
        """What the service is told before the texts; of the glossary the terms that occur in them."""
        text = INSTRUCTIONS.format(source=self._name(source), target=self._name(target))
        return text + TERMS + "\n".join(map(_line, terms)) if terms else text

    def _name(self, code: str) -> str:
        try:
            return self.names.get(code) or str(get_language_info(code)["name"])
        except KeyError:
            return code


def _line(term: Wording) -> str:
    line = f"- {term.term}: {term.preferred}"
    if term.accepted:
        line += f" (or {', '.join(term.accepted)})"
    if term.forbidden:
        line += f"; never {', '.join(term.forbidden)}"
    return f"{line}. {term.note}" if term.note else line
