"""A record in use stays, whichever way somebody tries to take it away; one that goes takes its translations along."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from evidence.models import Figure, Source
from evidence.records import records
from guides.models import Question
from tests.conftest import client_of, page_at
from tests.records import figure

pytestmark = pytest.mark.usefixtures("site")


def spare(language: str = "en", key: str = "spare", **values: object) -> Figure:
    """A published figure that nothing cites."""
    defaults = {"topic": "platform", "status": "assumption", "as_of": "2026", "review_by": datetime.date(2027, 1, 1)}
    made = Figure(locale=Locale.objects.get(language_code=language), slug=key, statement="Spare", **defaults | values)
    made.save()
    made.save_revision().publish()
    return made


def cite(key: str, language: str, **values: object) -> Question:
    """A question that cites the figure, published; with `go_live_at`, from then on."""
    question = Question.objects.get(slug="kpis", locale__language_code=language)
    question.answer = f'<p><a linktype="figure" key="{key}">figure:{key}</a></p>'
    for name, value in values.items():
        setattr(question, name, value)
    question.save_revision().publish()
    return question


def test_several_records_at_once_are_refused_with_the_pages_of_those_in_use() -> None:
    moderator = client_of("Moderators")
    unused = spare()
    address = reverse("wagtail_bulk_action", args=["evidence", "figure", "delete"])
    answer = moderator.post(f"{address}?id={unused.pk}&id={figure().pk}&next=/admin/")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert page_at("/en/guide/payments/").title in text
    assert Figure.objects.filter(pk=unused.pk).exists()


def test_a_query_that_deletes_is_refused_as_well() -> None:
    with pytest.raises(ProtectedError), transaction.atomic():
        Figure.objects.all().delete()
    assert figure().live


def test_a_source_that_records_name_is_refused_with_their_names() -> None:
    admin = Client()
    admin.force_login(User.objects.create_superuser("root"))
    source = Source.objects.get(slug="article", locale__language_code="en")
    answer = admin.post(reverse("wagtailsnippets_evidence_source:delete", args=[source.pk]))
    assert answer.status_code == 409
    assert reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk]) in answer.content.decode()
    address = reverse("wagtail_bulk_action", args=["evidence", "source", "delete"])
    assert admin.post(f"{address}?id={source.pk}&next=/admin/").status_code == 409
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_record_begins_in_the_source_language() -> None:
    with pytest.raises(ValidationError, match="English first"):
        spare("ja", "only-here").full_clean()
    assert "only-here" not in records("ja").figures, "it would have no numbers"
    figure("chargebacks", "ja").full_clean()


def test_a_record_that_is_cited_from_next_week_on_is_kept_as_well() -> None:
    made = spare()
    question = cite("spare", "en", go_live_at=timezone.now() + datetime.timedelta(days=7))
    question.answer = "<p>A later draft.</p>"
    question.go_live_at = None
    question.save_revision()
    with pytest.raises(ProtectedError, match="Question"):
        made.delete()


def test_a_record_that_goes_takes_its_translations_along(browser: Client) -> None:
    made = spare()
    translation = made.copy_for_translation(Locale.objects.get(language_code="ja"))
    translation.save()
    translation.save_revision().publish()
    assert "spare" in records("ja").figures
    made.unpublish()
    assert "spare" not in records("ja").figures
    assert browser.get("/ja/evidence/figures/spare/").status_code == 404
    made.save_revision().publish()
    made.delete()
    assert "spare" not in records("ja").figures
    assert not Figure.objects.filter(slug="spare").exists()


# --- Many of everything -----------------------------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    """The queries of one request in a process that has served before."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_the_screens_of_editors_need_no_more_queries_for_more_records_and_citations() -> None:
    client = client_of("Moderators")
    page = page_at("/en/guide/payments/")
    addresses = [
        reverse("evidence_report"),
        reverse("wagtailsnippets_evidence_figure:edit", args=[figure().pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        f"{reverse('citation_chooser:choose')}?offer=text",
    ]
    before = [queries_of(client, address) for address in addresses]
    many = [spare(key=f"spare-{number}").slug for number in range(20)]
    cited = "".join(f'<p><a linktype="figure" key="{key}">figure:{key}</a></p>' for key in ["chargebacks", *many] * 10)
    for number in range(4):
        copied = page.copy(update_attrs={"slug": f"copy-{number}"}, keep_live=True)
        copied.body = copied.body.stream_block.to_python([*copied.body.raw_data, {"type": "text", "value": cited}])
        copied.save_revision().publish()
        cite("chargebacks", "ja").save_revision()
    page.body = page.body.stream_block.to_python([*page.body.raw_data, {"type": "text", "value": cited}])
    page.save_revision().publish()
    assert [queries_of(client, address) for address in addresses] == before
