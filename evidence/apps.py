from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = _("Evidence")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contentfiles.schemes import register_scheme
        from evidence import signals
        from evidence.citing import SCHEMES, attributes_of
        from evidence.found import EvidenceKind
        from evidence.listing import for_programs, locations
        from pages.signals import more_for_programs, more_locations
        from search.kinds import register_kind

        more_locations.connect(locations, dispatch_uid="locations")
        more_for_programs.connect(for_programs, dispatch_uid="evidence")
        register_kind(EvidenceKind("evidence", _("Figures and rules"), 50, weight=0.85))
        signals.connect()
        for scheme in SCHEMES:
            register_scheme(scheme, attributes_of)
