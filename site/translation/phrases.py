"""The words of wagtail-localize's screens, whose own translations are incomplete.

Named here, they are collected with the site's own strings and translated in locale/; what stands there wins over the
translations that a library brings along. What its editor says in the browser: locale/*/LC_MESSAGES/djangojs.po.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

PHRASES = (
    gettext_noop("Disable"),
    gettext_noop("Enable"),
    gettext_noop("Translate"),
    gettext_noop("Start Synced translation"),
    gettext_noop("Translate {model_name}"),
    gettext_noop("The {model_name} '{object}' was successfully submitted for translation into {locales}"),
    gettext_noop("Up to date"),
    gettext_noop("Waiting for translations"),
    gettext_noop("Manual"),
    gettext_noop("Translated with {tool_name} on {date}"),
    gettext_noop("Translated manually on {date}"),
    gettext_noop("This locale cannot be synced into itself."),
    gettext_noop("Synchronise content from another locale"),
    gettext_noop(
        "Choose a locale to synchronise content from. Any existing and future content authored in the "
        "selected locale will be automatically copied to this one."
    ),
    gettext_noop("<{}> tag is not allowed. Strings can only contain standard HTML inline tags (such as <b>, <a>)"),
    gettext_noop("Strings cannot have any HTML tags with attributes (except for 'id' in <a> tags)"),
    gettext_noop("Unrecognised id found in an <a> tag: {}"),
    gettext_noop("Convert to alias %(title)s"),
    gettext_noop("Convert to alias"),
    gettext_noop(
        "Are you sure you want to convert this page into an alias? This will overwrite the content of "
        "the page with the content of '%(source_page_title)s' (%(source_page_locale)s)"
    ),
    gettext_noop("No, leave it as a page"),
    gettext_noop(
        'This page hasn\'t been translated yet. It is mirroring the <a href="%(edit_original_page_url)s" '
        'target="_blank">%(original_locale)s page</a>.'
    ),
    gettext_noop("Translate this page"),
    gettext_noop("Translation of %(instance)s into %(locale)s"),
    gettext_noop("Translations"),
    gettext_noop("Editing %(object_type)s %(title)s"),
    gettext_noop("Submit"),
    gettext_noop("Go back"),
    gettext_noop("Target"),
    gettext_noop("No translations found."),
    gettext_noop("Why would I sync my page?"),
    gettext_noop(
        "Changes are not automatically applied between translated pages. Syncing will add new content "
        "for translation and remove deleted content."
    ),
    gettext_noop("The last sync date was %(last_sync_date)s. You are about to sync the following:"),
    gettext_noop("Page '{}' has been converted into an alias."),
    gettext_noop(
        "The data model for '{model_name}' has been changed since the last translation sync. If any new "
        "fields have been added recently, these may not be visible until the next translation sync."
    ),
    gettext_noop("Translation has been stopped."),
    gettext_noop("Source title"),
    gettext_noop("Select all"),
    gettext_noop("Locales"),
    gettext_noop("All child pages will be created."),
    gettext_noop("{} locales"),
    gettext_noop("Translate page"),
    gettext_noop("The page '{page_title}' was successfully submitted for translation into {locales}"),
    gettext_noop("Publish immediately"),
    gettext_noop("Update existing translations"),
    gettext_noop("Successfully updated translations for '{object}'"),
    gettext_noop("Sync translated pages"),
    gettext_noop("Translate '%(title)s'"),
    gettext_noop("Sync translated snippets"),
    gettext_noop("Sync translations of '%(title)s'"),
    gettext_noop("Convert to alias page"),
    gettext_noop("Convert page to alias"),
    gettext_noop("Converted page '%(title)s' to an alias of the translation source page '%(source_title)s'"),
    gettext_noop("Converted page to an alias of the translation source page"),
    ngettext_lazy("Include subtree ({} page)", "Include subtree ({} pages)"),
)
