"""What figures and rules are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(models.TextChoices):
    """The subject of a figure or a rule; also the order of lists."""

    PLATFORM = "platform", _("The platform")
    MARKET = "market", _("Size of the market")
    RESULTS = "results", _("Results of shows")
    PAYMENTS = "payments", _("Payments")
    DELIVERY = "delivery", pgettext_lazy("topic", "Delivery")
    RETURNS = "returns", _("Returns")
    TAX = "tax", _("Duties and taxes")
    RULES = "rules", _("Product rules and disclosure")


class SourceKind(models.TextChoices):
    """What a source is."""

    LAW = "law", _("Law or judgment")
    OFFICIAL = "official", _("Authority")
    POLICY = "policy", _("Policy of a platform")
    SURVEY = "survey", _("Survey or statistics")
    INDUSTRY = "industry", _("Trade or news publication")
    CHECK = "check", _("Our own check")
    ARTICLE = "article", _("The article this guide began from")
