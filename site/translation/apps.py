from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    name = "translation"
    verbose_name = _("Translation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import published

        # The checks register themselves.
        from translation import checks, completeness, following, harvest, links, signals, unread  # noqa: F401

        signals.connect()
        unread.connect()
        pre_save.connect(completeness.refuse_incomplete)
        pre_save.connect(completeness.refuse_to_schedule, sender="wagtailcore.Revision")
        pre_save.connect(harvest.before_enabling, sender="wagtail_localize.Translation")
        post_save.connect(harvest.after_creating, sender="wagtail_localize.Translation")
        post_save.connect(following.when_submitted, sender="wagtail_localize.Translation")
        post_save.connect(following.when_saved)
        post_save.connect(links.check_links, sender="wagtail_localize.StringTranslation")
        published.connect(following.when_published)
