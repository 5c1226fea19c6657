"""What all translation services share: how they are asked, what can go wrong, and which answers are taken over."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.strings import StringValue

from translation.glossary import Glossary, Wording
from translation.markup import UnfitAnswerError, fitting

# Small batches, several at once: a language model writes slowly, and an editor waits.
MAX_TEXTS = 10
MAX_CHARACTERS = 2_000
AT_ONCE = 8
MAX_ANSWER_BYTES = 2_000_000
DEFAULT_TIMEOUT = 25


class ServiceError(Exception):
    """The service gave no usable answer; the message says why, in the editor's language."""


@dataclass
class Outcome:
    """What became of a request: the texts taken over, those refused and why, and each error of the service once."""

    taken: dict[StringValue, StringValue] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Service(BaseMachineTranslator):
    """A translation service behind wagtail-localize's own interface. One instance serves one request of an editor.

    `translate` raises nothing: it gives the answers that may be taken over, and says in `outcome` what is missing.
    Options: `KEY`, `MODEL`, `ENDPOINT` (the base of the addresses asked; empty for the service's own), and `TIMEOUT`,
    the seconds that everything together may take; what has no answer by then is left for the next time.
    """

    own_endpoint = ""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.outcome = Outcome()
        self.deadline = time.monotonic() + float(options.get("TIMEOUT") or DEFAULT_TIMEOUT)

    def can_translate(self, source_locale: Locale, target_locale: Locale) -> bool:
        return bool(source_locale.language_code != target_locale.language_code)

    def translate(
        self, source_locale: Locale, target_locale: Locale, strings: Iterable[StringValue]
    ) -> dict[StringValue, StringValue]:
        """The fitting answers. Texts are sent in batches, a few at once; a batch that fails leaves the others alone."""
        strings, outcome = list(strings), Outcome()
        glossary = Glossary(target_locale.language_code)
        batches = list(_batches(strings))
        terms = [glossary.terms_in(string.data for string in batch) for batch in batches]
        ask = partial(self._try, get_language(), source_locale.language_code, target_locale.language_code)
        with ThreadPoolExecutor(AT_ONCE) as pool:  # the threads only wait for the service: none touches the database
            answers = list(pool.map(ask, batches, terms))
        for batch, answer in zip(batches, answers, strict=True):
            if isinstance(answer, ServiceError):
                outcome.errors.append(str(answer))
                continue
            for string, text in zip(batch, answer, strict=True):
                try:
                    outcome.taken[string] = StringValue(fitting(string.data, text))
                except UnfitAnswerError as error:
                    outcome.refused.append((string.data, str(error)))
        outcome.errors = list(dict.fromkeys(outcome.errors))
        self.outcome = outcome
        return outcome.taken

    def ask(self, source: str, target: str, texts: list[str], terms: list[Wording]) -> list[object]:
        """An answer for each text, in order, None where one is missing.

        Args:
            source, target: languages, as in the settings.
            texts: HTML.
            terms: what the glossary says about the terms in them.

        Raises:
            ServiceError: there is no answer.
        """
        raise NotImplementedError

    def _try(
        self, language: str | None, source: str, target: str, batch: list[StringValue], terms: list[Wording]
    ) -> list[object] | ServiceError:
        with override(language):  # a thread starts without a language
            try:
                return self.ask(source, target, [string.data for string in batch], terms)
            except ServiceError as error:
                return error

    def address(self, path: str) -> str:
        """Where `path` of the service is."""
        base = str(self.options.get("ENDPOINT") or self.own_endpoint)
        return f"{base.rstrip('/')}{path}"

    def post(self, address: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
        """The service's answer as parsed JSON.

        Raises:
            ServiceError: the service cannot be reached, refuses, or answers with something else.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.late()
        try:
            # A redirect is not followed: it would take the key along.
            with requests.post(
                address, json=data, headers=headers, timeout=left, allow_redirects=False, stream=True
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise RefusedError(self.display_name, response.status_code)
                body = self._read(response)
            return json.loads(body)
        except requests.Timeout as error:
            raise self.late() from error
        except requests.RequestException as error:
            raise ServiceError(_("%(service)s could not be reached.") % {"service": self.display_name}) from error
        except (ValueError, RecursionError) as error:
            raise self.unreadable() from error

    def late(self) -> ServiceError:
        """The error for an answer that did not come within the time that an editor is made to wait."""
        return ServiceError(_("%(service)s did not answer in time.") % {"service": self.display_name})

    def unreadable(self) -> ServiceError:
        """The error for an answer of another form than the service's documentation says."""
        return ServiceError(_("The answer of %(service)s could not be read.") % {"service": self.display_name})

    def _read(self, response: requests.Response) -> bytes:
        """The body, as long as it may be and as it comes in time."""
        body = b""
        for chunk in response.iter_content(65_536):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise self.unreadable()
            if time.monotonic() > self.deadline:
                raise self.late()
        return body

    def listed(self, answers: Any, texts: list[str], key: str) -> list[object]:
        """The `key` of each of the answers, which must be as many as the texts, or else nobody knows whose they are."""
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            raise self.unreadable()
        if len(answers) != len(texts):
            values = {"service": self.display_name, "sent": len(texts), "got": len(answers)}
            raise ServiceError(_("%(service)s got %(sent)s texts and gave %(got)s answers.") % values)
        return [answer.get(key) for answer in answers]


class RefusedError(ServiceError):
    """The service answered with a `status` that is not 200."""

    def __init__(self, service: object, status: int) -> None:
        super().__init__(_refusal(status) % {"service": service, "status": status})
        self.status = status


def _refusal(status: int) -> str:
    if status in (401, 403):
        return _("%(service)s does not accept the key (%(status)s).")
    if status in (429, 456, 529):
        return _("%(service)s takes no more for now: too many requests, or the quota is used up (%(status)s).")
    if status >= 500:
        return _("%(service)s has a fault of its own (%(status)s).")
    return _("%(service)s refused the request (%(status)s).")


def _batches(strings: list[StringValue]) -> Iterator[list[StringValue]]:
    """The strings in pieces that a service takes in one request."""
    batch: list[StringValue] = []
    size = 0
    for string in strings:
        if batch and (len(batch) == MAX_TEXTS or size + len(string.data) > MAX_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(string)
        size += len(string.data)
    if batch:
        yield batch
