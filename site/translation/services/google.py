"""Google Cloud Translation, the edition that takes a key (Basic, v2)."""

from translation.glossary import Wording
from translation.services.base import Service

# Google's names where they are not the settings' own.
VARIANTS = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}


class GoogleTranslator(Service):
    """Google. This edition knows no glossary, so that the terms are only checked afterwards."""

    display_name = "Google Translate"
    own_endpoint = "https://translation.googleapis.com"

    def ask(self, source: str, target: str, texts: list[str], terms: list[Wording]) -> list[object]:
        data = {
            "q": texts,
            "source": VARIANTS.get(source, source),
            "target": VARIANTS.get(target, target),
            "format": "html",
        }
        headers = {"X-Goog-Api-Key": str(self.options.get("KEY", ""))}  # not in the address, which logs keep
        answer = self.post(self.address("/language/translate/v2"), data, headers)
        try:
            translations = answer["data"]["translations"]
        except (KeyError, TypeError) as error:
            raise self.unreadable() from error
        return self.listed(translations, texts, "translatedText")
