from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import (
    AbstractGroupApprovalTask,
    GroupCollectionPermission,
    Locale,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowMixin,
    WorkflowTask,
)
from wagtail.snippets.models import get_snippet_models

SNIPPET_RIGHTS = {"Editors": ("add", "change"), "Moderators": ("add", "change", "delete", "publish", "lock", "unlock")}


class Command(BaseCommand):
    help = (
        "Brings the database in line with the settings: a locale for each language, the site's address, and on its "
        "first run the rights of editors and moderators and the approval workflow. Safe to run at every deployment."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for code, _name in settings.LANGUAGES:
            Locale.objects.get_or_create(language_code=code)
        self._set_address()
        kinds = self._new_kinds()
        for name, actions in SNIPPET_RIGHTS.items():
            self._grant(Group.objects.get_or_create(name=name)[0], actions, kinds)
        self._start_workflow()

    def _set_address(self) -> None:
        """The default site answers to the address in BASE_URL, so that canonical links are right."""
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            return
        base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        site.hostname = base.hostname or site.hostname
        site.port = base.port or (443 if base.scheme == "https" else 80)
        site.site_name = settings.WAGTAIL_SITE_NAME
        site.save()

    def _new_kinds(self) -> list[ContentType]:
        """The kinds of snippets that no group has a right to yet; the rights to others may have been chosen since."""
        granted = Permission.objects.filter(group__isnull=False).values("content_type")
        kinds = ContentType.objects.get_for_models(*get_snippet_models()).values()
        known = set(ContentType.objects.filter(pk__in=granted).values_list("pk", flat=True))
        return [kind for kind in kinds if kind.pk not in known]

    def _grant(self, group: Group, actions: tuple[str, ...], kinds: list[ContentType]) -> None:
        """Gives a group its rights to new kinds of snippets, and with the first of them to translations."""
        if not kinds:
            return
        for kind in kinds:
            if getattr(kind.model_class(), "for_moderators", False) and "publish" not in actions:
                continue
            names = [f"{action}_{kind.model}" for action in actions]
            group.permissions.add(*Permission.objects.filter(content_type=kind, codename__in=names))
        group.permissions.add(*Permission.objects.filter(codename="submit_translation"))
        # Texts link to pages and the web, not to files: a documents menu would lead nowhere.
        GroupCollectionPermission.objects.filter(
            group=group, permission__content_type__app_label="wagtaildocs"
        ).delete()

    def _start_workflow(self) -> None:
        """Snippets with drafts go through the same approval as pages, or one that they name in `approval_task`."""
        usual = Workflow.objects.filter(active=True).order_by("pk").first()
        if usual is None:
            return
        assigned = set(WorkflowContentType.objects.values_list("content_type_id", flat=True))
        for model in get_snippet_models():
            kind = ContentType.objects.get_for_model(model)
            if issubclass(model, WorkflowMixin) and kind.pk not in assigned:
                task = getattr(model, "approval_task", None)
                workflow = self._workflow_with(apps.get_model(task)) if task else usual
                WorkflowContentType.objects.create(content_type=kind, workflow=workflow)

    def _workflow_with(self, task_model: type[AbstractGroupApprovalTask]) -> Workflow:
        """A workflow of one task, by which moderators approve."""
        name = str(task_model._meta.verbose_name).capitalize()
        task, created = task_model.objects.get_or_create(name=name)
        if created:
            task.groups.set(Group.objects.filter(name="Moderators"))
        workflow, _created = Workflow.objects.get_or_create(name=name)
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
        return workflow
