"""The score for programs, described by itself at `/api/v1/docs`.

Nothing is stored and nobody signs in: an answer depends on the request and on what editors have published. So anyone
may ask from anywhere, and pages of other sites may too.
"""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import patch_cache_control
from django.utils.translation import activate, get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as NinjaValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic import ValidationError
from wagtail.utils.urlpatterns import decorate_urlpatterns

from evidence.citations import collecting
from pages.languages import best_language, full_languages
from suitability.assessment import Fault, InvalidProductError, Method, Mistake, assess, product_of
from suitability.models import Market, ProductCategory
from suitability.rubrics import Edition, Words, current_method
from suitability.schemas import (
    MAX_DRAWN_PRODUCTS,
    MORE_THAN_DRAWN,
    NOT_ABOVE_ZERO,
    BatchIn,
    BatchOut,
    CategoriesOut,
    CategoryOut,
    ErrorOut,
    ErrorsOut,
    GroupOut,
    MarketOut,
    MarketsOut,
    ProductIn,
    ResultOut,
    ResultsOut,
    RubricOut,
    ScoreIn,
    ScoreOut,
    result_out,
    rubric_out,
)
from suitability.wording import mistake_text

MAX_BODY = 256 * 1024
MAX_ERRORS = 20
MAX_FIELD = 100
CACHE_SECONDS = 300
PREFLIGHT_SECONDS = 86_400
LEVEL_FAULTS = (Fault.MISSING, Fault.UNKNOWN_CRITERION, Fault.NOT_A_LEVEL)
SHAPES = {
    "missing": gettext_lazy("This field is required."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("This should be text."),
    "string_too_long": gettext_lazy("This is too long."),
    "list_type": gettext_lazy("This should be a list."),
    "too_long": gettext_lazy("There are too many entries: at most %(max_length)s."),
    "dict_type": gettext_lazy("This should be a JSON object."),
    "model_type": gettext_lazy("This should be a JSON object."),
    "model_attributes_type": gettext_lazy("This should be a JSON object."),
    "bool_type": gettext_lazy("This should be true or false."),
    NOT_ABOVE_ZERO: gettext_lazy("This must be more than 0. Leave it empty if you do not know it."),
    MORE_THAN_DRAWN: gettext_lazy("Robustness is worked out for at most %(number)s products at a time."),
}
View = Callable[..., HttpResponse]
Ask = Callable[[HttpRequest, HttpResponse], Schema]


class RefusedRequestError(Exception):
    """A request that is refused as a whole, before anything in it is looked at."""

    def __init__(self, status: int, field: str, reason: str) -> None:
        self.status = status
        self.error = ErrorOut(field=field, reason=reason)
        super().__init__(reason)


class StrictParser(Parser):
    """Reads JSON of bounded size, without repeated names, in whole characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise RefusedRequestError(415, "body", _("Send JSON, with the header “Content-Type: application/json”."))
        if len(request.body) > MAX_BODY:
            raise _too_big()
        try:
            data = json.loads(request.body.decode(), object_pairs_hook=_without_repeats)
            json.dumps(data, ensure_ascii=False).encode()  # refuses one half of a surrogate pair
        except (ValueError, RecursionError) as error:
            raise RefusedRequestError(400, "body", _("This is not JSON that can be read.")) from error
        return data


class ReadableRenderer(JSONRenderer):
    """JSON with its characters as they are, as people read it."""

    json_dumps_params = {"ensure_ascii": False}


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _too_big() -> RefusedRequestError:
    return RefusedRequestError(
        413, "body", _("Send at most %(number)s kB in one request.") % {"number": MAX_BODY // 1024}
    )


class PublicAPI(NinjaAPI):
    """An API that every site may ask, and that answers any method with the same shape of errors."""

    @property
    def urls(self) -> Any:
        patterns, app, namespace = super().urls
        return decorate_urlpatterns(patterns, _open_to_all), app, namespace


def _open_to_all(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        activate(best_language(request, dict(full_languages())))  # a cookie's language would get into shared caches
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = _other_method(request, sorted(response["Allow"].split(", ")))
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


def _other_method(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    """A browser's question before a request of another site's page; or the refusal of a method."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = ", ".join(allowed)
        response["Access-Control-Allow-Headers"] = "Content-Type, Accept-Language"
        response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
        allowed = [*allowed, "OPTIONS"]
    else:
        response = _refuse(
            request, 405, [ErrorOut(field="method", reason=_("This address does not take that method."))]
        )
    response["Allow"] = ", ".join(allowed)
    return response


def _read_only(view: View) -> View:
    return require_safe(cache_control(public=True, max_age=CACHE_SECONDS)(view))


router = Router(tags=["suitability"])
api = PublicAPI(
    title="Crosscast suitability score",
    version="1",
    description="Does a product suit live selling on X into a market, why, and what would change the answer?\n\n"
    "No account, no key; nothing is stored. Texts follow Accept-Language (en, zh-Hans, ja); keys and numbers are the "
    "same in every language.",
    docs_decorator=_read_only,
    parser=StrictParser(),
    renderer=ReadableRenderer(),
    urls_namespace="api",
)


# --- What is wrong ---------------------------------------------------------------------------------------------------


def _refuse(request: HttpRequest, status: int, errors: Iterable[ErrorOut]) -> HttpResponse:
    shown = list(errors)[:MAX_ERRORS]
    return api.create_response(request, ErrorsOut(errors=shown).model_dump(), status=status)


@api.exception_handler(RefusedRequestError)
def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return _refuse(request, refusal.status, [refusal.error])


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja hides what its parser raises behind an error of its own."""
    return _refused(request, error.__cause__)


@api.exception_handler(RequestDataTooBig)
def _beyond_memory(request: HttpRequest, error: Any) -> HttpResponse:
    return _refused(request, _too_big())


@api.exception_handler(UnreadablePostError)
def _broken_off(request: HttpRequest, error: Any) -> HttpResponse:
    return _refused(request, RefusedRequestError(400, "body", _("This is not JSON that can be read.")))


@api.exception_handler(NinjaValidationError)
def _misshapen(request: HttpRequest, error: Any) -> HttpResponse:
    errors = _shape_errors(error.errors, whole="body", skip=2)  # “body” and the name of the argument
    return _refuse(request, 422, errors)


@api.exception_handler(InvalidProductError)
def _mistaken(request: HttpRequest, error: Any) -> HttpResponse:
    return _refuse(request, 422, _product_errors(error))


def _shape_errors(errors: Iterable[Any], whole: str, skip: int = 0) -> list[ErrorOut]:
    """What pydantic found, in the words and the shape of all other errors. `whole` names what has no field."""
    return [ErrorOut(field=_path(error["loc"][skip:]) or whole, reason=_shape_reason(error)) for error in errors]


def _path(location: Iterable[str | int]) -> str:
    return ".".join(str(step) for step in location if step != "[key]")[:MAX_FIELD]


def _shape_reason(error: Any) -> str:
    kind = error["type"]
    if kind in SHAPES:
        return str(SHAPES[kind]) % {"number": MAX_DRAWN_PRODUCTS, **error.get("ctx", {})}
    return mistake_text(Mistake("", Fault(kind)))


def _product_errors(error: InvalidProductError) -> list[ErrorOut]:
    return [
        ErrorOut(
            field=f"levels.{mistake.field}" if mistake.fault in LEVEL_FAULTS else mistake.field,
            reason=mistake_text(Mistake(mistake.field, mistake.fault, _shown(mistake.value))),
        )
        for mistake in error.mistakes
    ]


def _shown(value: object) -> str | None:
    """A value as it was sent, but for lists and objects."""
    if value is None or isinstance(value, list | dict):
        return None
    return value if isinstance(value, str) else json.dumps(value)


# --- Asking for a score ----------------------------------------------------------------------------------------------

MEANINGS = {
    400: "The body is not JSON, or a name stands twice in it.",
    413: f"The body is larger than {MAX_BODY // 1024} kB.",
    415: "The body does not say that it is JSON.",
    422: "A field is missing, unknown or wrong; each is named.",
    503: "No rubric is in force yet.",
}
REFUSALS = dict.fromkeys(MEANINGS, ErrorsOut)
DESCRIBED = {"responses": {status: {"description": meaning} for status, meaning in MEANINGS.items()}}


def _in_force() -> tuple[Edition, Method]:
    found = current_method()
    if found is None:
        raise RefusedRequestError(503, "rubric", _("No rubric is in force yet."))
    return found


def _results(asked: ProductIn, method: Method, words: Words, robustness: bool) -> list[ResultOut]:
    costs = asked.costs.costs() if asked.costs else None
    product = product_of(method, asked.levels, asked.category, asked.markets, costs, asked.seed)
    return [result_out(answer, words) for answer in assess(method, product, robustness)]


@router.post("/score", response={200: ScoreOut, **REFUSALS}, openapi_extra=DESCRIBED, summary="Score a product")
def score(request: HttpRequest, asked: ScoreIn) -> ScoreOut:
    """One result for each market asked for, in that order; without markets one result without market effects.

    With an unknown level, score and verdict are null, and low, high, verdict_low and verdict_high give the range.
    """
    edition, method = _in_force()
    with collecting():
        return ScoreOut(rubric=edition.key, results=_results(asked, method, edition.words(), asked.robustness))


@router.post(
    "/score-batch", response={200: BatchOut, **REFUSALS}, openapi_extra=DESCRIBED, summary="Score many products"
)
def score_batch(request: HttpRequest, asked: BatchIn) -> BatchOut:
    """One answer for each product, in the order asked: its results, or the errors that are wrong with it alone."""
    edition, method = _in_force()
    words = edition.words()
    with collecting():
        answers = [_answer(product, method, words, asked.robustness) for product in asked.products]
    return BatchOut(rubric=edition.key, answers=answers)


def _answer(given: object, method: Method, words: Words, robustness: bool) -> ResultsOut | ErrorsOut:
    try:
        return ResultsOut(results=_results(ProductIn.model_validate(given), method, words, robustness))
    except ValidationError as error:
        errors = _shape_errors(error.errors(include_url=False, include_input=False), whole="product")
    except InvalidProductError as error:
        errors = _product_errors(error)
    return ErrorsOut(errors=errors[:MAX_ERRORS])


# --- What may be asked -----------------------------------------------------------------------------------------------


def _readable(path: str, answer: type[Schema], summary: str) -> Callable[[Ask], Ask]:
    """Serves a view for GET and, undescribed, for HEAD."""
    response = {200: answer, 503: ErrorsOut}
    described = {"responses": {503: {"description": MEANINGS[503]}}}

    def register(ask: Ask) -> Ask:
        router.api_operation(["HEAD"], path, response=response, include_in_schema=False)(ask)
        router.get(path, response=response, openapi_extra=described, summary=summary)(ask)
        return ask

    return register


@_readable("/rubric", RubricOut, "The rubric in force")
def rubric(request: HttpRequest, response: HttpResponse) -> RubricOut:
    """Criteria with their questions, weights and levels; what markets change and forbid; where the verdicts begin."""
    edition, method = _in_force()
    _keep(response)
    with collecting():
        return rubric_out(method, edition.words())


@_readable("/categories", CategoriesOut, "Product categories")
def categories(request: HttpRequest, response: HttpResponse) -> CategoriesOut:
    """What a score may start from: each category with its usual levels."""
    _edition, method = _in_force()
    found = ProductCategory.objects.live().select_related("locale")
    pages = _in_reader_language(found)
    _keep(response)
    return CategoriesOut(categories=[_category(key, pages, method, request) for key in method.profiles if key in pages])


def _category(key: str, pages: dict[str, ProductCategory], method: Method, request: HttpRequest) -> CategoryOut:
    page, profile = pages[key], method.profiles[key]
    group = pages.get(profile.group)
    return CategoryOut(
        key=key,
        name=page.title,
        group=GroupOut(key=group.slug, name=group.title) if group else None,
        digital=profile.is_digital,
        levels={key: profile.levels[key] for key in method.criteria if key in profile.levels},
        url=page.get_full_url(request),
    )


@_readable("/markets", MarketsOut, "Markets")
def markets(request: HttpRequest, response: HttpResponse) -> MarketsOut:
    """Where a product may be sold."""
    _edition, method = _in_force()
    found = _in_reader_language(Market.objects.select_related("locale"))
    _keep(response)
    return MarketsOut(markets=[_market(found[key]) for key in method.markets if key in found])


def _market(market: Market) -> MarketOut:
    return MarketOut(
        key=market.slug,
        name=market.name,
        currency=market.currency,
        languages=[code.strip() for code in market.languages.split(",")],
        time_zones=market.zones,
        note=market.note,
    )


def _in_reader_language(found: Any) -> dict[str, Any]:
    """Objects by key: the reader's version where there is one, else the source's. One query."""
    languages = (settings.LANGUAGE_CODE, get_language())
    versions = found.filter(locale__language_code__in=languages)
    ranked = sorted(versions, key=lambda version: languages.index(version.locale.language_code))
    return {version.slug: version for version in ranked}


def _keep(response: HttpResponse) -> None:
    """Lets everyone keep the answer for some minutes; an error is never kept."""
    patch_cache_control(response, public=True, max_age=CACHE_SECONDS)


api.add_router("/suitability", router)
