"""DeepL, at the addresses and with the headers that wagtail-localize knows."""

from typing import Any

from wagtail_localize.machine_translators.deepl import DeepLTranslator as LocalizeDeepL

from translation.glossary import Wording
from translation.services.base import RefusedError, Service

# As DeepL documents `custom_instructions`: how many, how long, and for which languages.
MAX_INSTRUCTIONS = 10
MAX_LENGTH = 300
INSTRUCTED = {"DE", "EN", "ES", "FR", "IT", "JA", "KO", "ZH"}
VARIANTS = {"zh-hans": "ZH-HANS", "zh-hant": "ZH-HANT", "en": "EN-US", "pt": "PT-PT"}


class DeepLTranslator(Service, LocalizeDeepL):
    """DeepL. The terms go along as instructions: DeepL's glossaries would have to be kept in step on its side."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__({"AUTH_KEY": options.get("KEY", ""), **options})

    def get_api_endpoint(self) -> str:
        """DeepL's own addresses differ for paid and free keys."""
        return self.address("/v2/translate") if self.options.get("ENDPOINT") else str(super().get_api_endpoint())

    def ask(self, source: str, target: str, texts: list[str], terms: list[Wording]) -> list[object]:
        parameters = {
            "text": texts,
            "tag_handling": "xml",
            "source_lang": source.partition("-")[0].upper(),
            "target_lang": VARIANTS.get(target, target.upper()),
        }
        instructions = instructions_of(terms) if target.partition("-")[0].upper() in INSTRUCTED else []
        address, headers = self.get_api_endpoint(), self.get_headers()
        try:
            extra = {"custom_instructions": instructions} if instructions else {}
            answer = self.post(address, parameters | extra, headers)
        except RefusedError as error:
            if not instructions or error.status != 400:
                raise
            answer = self.post(address, parameters, headers)  # a plan without instructions still translates
        if not isinstance(answer, dict):
            raise self.unreadable()
        return self.listed(answer.get("translations"), texts, "text")


def instructions_of(terms: list[Wording]) -> list[str]:
    """The terms as sentences, several to an instruction, as many as DeepL takes."""
    packed: list[str] = []
    for term in terms:
        sentence = f"Translate “{term.term}” as “{term.preferred}”."
        if packed and len(packed[-1]) + 1 + len(sentence) <= MAX_LENGTH:
            packed[-1] += f" {sentence}"
        elif len(packed) < MAX_INSTRUCTIONS:
            packed.append(sentence)
    return packed
