"""The pillars of the score are 観点 in the Japanese texts: pillars that multiply make no sense there."""

from typing import Any

from django.db import migrations


def reword(old: str, new: str) -> Any:
    """Puts `new` in the place of `old`, where an editor has not chosen otherwise."""

    def change(apps: Any, schema_editor: Any) -> None:
        wordings = apps.get_model("translation", "TermWording").objects
        wordings.filter(term__name="pillar", language="ja", preferred=old).update(preferred=new)

    return change


class Migration(migrations.Migration):
    dependencies = [("translation", "0003_terms")]
    operations = [migrations.RunPython(reword("柱", "観点"), reword("観点", "柱"))]
