"""Many products at once, in the browser: the page, the templates, and the scored file.

Nothing is kept on the server: one request brings the file, and its answer holds the report and the scored file.
"""

import base64
import tempfile
from pathlib import PurePath
from typing import IO, Any, cast

from babel import Locale as BabelLocale
from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pages.languages import alternates_of_view
from pages.structured import breadcrumbs
from suitability.assessment import MAX_MARKETS, Method
from suitability.batch import Job, Report, score_file
from suitability.batch_columns import Vocabulary
from suitability.batch_template import Template
from suitability.models import SuitabilityPage
from suitability.rubrics import Edition, current_method
from suitability.tables import UPLOAD, TableError
from suitability.uploads import MAX_UPLOAD, limit_upload

MAX_EMBEDDED = 4 << 20
LIMITS = ("rows", "columns", "cell", "cells")
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GB18030",
    "cp932": "Shift_JIS",
    "cp1252": "Windows-1252",
}


class BatchForm(forms.Form):
    """A file, and where its products are to be sold."""

    file = forms.FileField(
        label=gettext_lazy("Your table"),
        allow_empty_file=True,
        error_messages=dict.fromkeys(("required", "invalid", "missing"), gettext_lazy("Choose a file first.")),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    market = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Where do you want to sell them?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("There is no such market.")},
    )

    def __init__(self, markets: list[tuple[str, str]], *args: Any) -> None:
        super().__init__(*args)
        self.fields["market"].choices = markets  # type: ignore[attr-defined]

    def clean_market(self) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(self.cleaned_data["market"]))
        if len(chosen) > MAX_MARKETS:
            raise forms.ValidationError(_("Choose at most four markets."))
        return chosen


@csrf_exempt  # no account, session or right is at stake, and nothing is changed: a token would only cost a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponseBase:
    """The page; on POST the report on a file with the scored file inside, or with `download` the scored file alone.

    Status 413 for a file beyond the limit and 422 for one that cannot be read, each with the form and what to do.
    """
    found = current_method()
    if request.method == "POST" and found is not None:
        return _answer(request, *found)
    return _page(request, found)


@require_safe
def batch_template(request: HttpRequest, extension: str) -> HttpResponse:
    """An empty table with two examples: `template.csv` or `template.xlsx`."""
    found = current_method()
    if found is None:
        raise Http404
    template = Template(*found, Vocabulary(found[0]))
    content = template.xlsx() if extension == "xlsx" else template.csv()
    response = HttpResponse(content, content_type=_content_type(extension, "utf-8"))
    response["Content-Disposition"] = f'attachment; filename="crosscast-products.{extension}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
def _answer(request: HttpRequest, edition: Edition, method: Method) -> HttpResponseBase:
    limit = limit_upload(request)
    data = () if limit.is_exceeded else (request.POST, request.FILES)
    page = _Page(request, edition, method, *data)
    if limit.is_exceeded:
        message = _(
            "The file is larger than %(number)s MB. Divide it, or use the command line, which has no such limit."
        )
        return page.response(413, message % {"number": MAX_UPLOAD >> 20})
    if not page.form.is_valid():
        return page.response(422)
    upload = page.form.cleaned_data["file"]
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        job = Job(edition, method, page.form.cleaned_data["market"], UPLOAD)
        report = score_file(upload.file, cast(Any, target), job)
    except TableError as error:
        target.close()
        return page.response(422, str(error))
    name = f"{PurePath(upload.name).stem}-scored.{report.kind}"
    if "download" in request.POST:
        target.seek(0)
        return FileResponse(
            target,
            as_attachment=True,
            filename=name,
            content_type=_content_type(report.kind, report.written_as),
            headers={"X-Robots-Tag": "noindex"},
        )
    with target:
        return page.response(200, report=report, name=name, address=_data_address(target, report))


def _page(request: HttpRequest, found: tuple[Edition, Method] | None) -> HttpResponse:
    if found is None:
        return TemplateResponse(request, "suitability/batch.html", _surroundings(request))
    return _Page(request, *found).response(200)


class _Page:
    """The page with its form."""

    def __init__(self, request: HttpRequest, edition: Edition, method: Method, *data: Any) -> None:
        self.request = request
        self.template = Template(edition, method, Vocabulary(edition))
        self.form = BatchForm(self.template.markets, *data)

    def response(self, status: int, error: str = "", report: Report | None = None, **found: str) -> HttpResponse:
        """The page with what became of a file, if one was sent."""
        context = {
            **_surroundings(self.request),
            "template": self.template,
            "form": self.form,
            "limits": _limits(),
            "error": error,
            "report": report,
            "encoding": ENCODINGS.get(report.encoding, report.encoding) if report else "",
            **found,
        }
        response = TemplateResponse(self.request, "suitability/batch.html", context, status=status)
        if self.request.method == "POST":
            response["X-Robots-Tag"] = "noindex"
        return response


def _surroundings(request: HttpRequest) -> dict[str, Any]:
    alternates = alternates_of_view(request)
    here = next(version.url for version in alternates if version.is_current)
    root = here.removesuffix(request.path)
    form_url = reverse("wagtail_serve", args=["suitability/"])
    page = SuitabilityPage.objects.live().filter(locale__language_code=get_language()).first()
    way = [
        (_("Home"), f"{root}{reverse('wagtail_serve', args=[''])}"),
        *([(page.title, f"{root}{form_url}")] if page else []),
        (_("Score many products at once"), here),
    ]
    return {
        "alternates": alternates,
        "x_default": next(version.url for version in alternates if version.code == settings.LANGUAGE_CODE),
        "address_here": here,
        "form_url": form_url,
        "within": form_url,
        "structured_data": [breadcrumbs(way)],
    }


def _limits() -> dict[str, str]:
    """What is taken, in the reader's digits."""
    numbers = {"megabytes": MAX_UPLOAD >> 20, **{name: getattr(UPLOAD, name) for name in LIMITS}}
    locale = BabelLocale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    return {name: format_decimal(number, locale=locale) for name, number in numbers.items()}


def _content_type(kind: str, encoding: str) -> str:
    return f"{TYPES[kind]}; charset={ENCODINGS.get(encoding, encoding)}" if kind == "csv" else TYPES[kind]


def _data_address(file: IO[bytes], report: Report) -> str:
    """The scored file as an address of its own, to be downloaded from the page; "" where it is too large for one."""
    if file.tell() > MAX_EMBEDDED:
        return ""
    file.seek(0)
    return f"data:{TYPES[report.kind]};base64,{base64.b64encode(file.read()).decode()}"
