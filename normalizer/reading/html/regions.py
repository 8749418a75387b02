"""The id and class of an element → what part of a page it is named as: a banner, a breadcrumb, share buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menubar", "toolbar")
)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")  # shareBtns, relatedPosts
# Names of parts of a page, alone or set apart: l-footer, footer__inner, tmp_pankuzu. A section of the policy may bear
# one of these (<section id="cookie-consent">), so that a heading inside the content saves it.
REGION_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookie[_-]?(?:banner|notice|bar|popup|modal|consent|alert|message|dialog|overlay|agree(?:ment)?)|"
    r"cookieconsent|cc-(?:window|banner)|gdpr[_-]?(?:banner|notice|consent)|onetrust-(?:banner|consent)-sdk|"
    r"CybotCookiebotDialog|bread[_-]?crumbs?(?:[_-]?list)?|pankuzu(?:[_-]?list)?|topic[_-]?path|"
    r"(?:g(?:lobal)?|l(?:ocal)?|side|sub|foot(?:er)?)[_-]?navi?|skip[_-]?(?:link|nav)|"
    r"sns[_-]?(?:share|list|buttons?|area|box)|share[_-]?(?:buttons?|list|area)|social[_-]?(?:share|buttons?|links?)|"
    r"(?:back[_-]?to|page|go)[_-]?top|lang(?:uage)?[_-]?(?:switch(?:er)?|select(?:or)?|menu|nav)|font[_-]?size|"
    r"related[_-]?(?:links?|pages?|posts?|articles?))(?:$|[\s_-])",
    re.IGNORECASE,
)
# Names that no section of a policy bears: what a blog, a shop or a town hangs below each of its pages.
OUTSIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?:sns|share|social)[_-]?(?:bt?ns?|buttons?|icons?|plugins?|media[_-]?icons?)|sharedaddy|addtoany(?:-share)?|"
    r"a2a-kit|jp[_-]?related[_-]?posts|related[_-]?(?:posts?|articles?|entries|entry)|author[_-]?(?:box|info|profile|bio)|"
    r"comments?-(?:respond|form|area)|newsletter[_-]?(?:form|signup|subscribe)|cart[_-]?(?:drawer|notification)|"
    r"announcement[_-]?bar|(?:ez-)?toc(?:[_-]?(?:container|list|wrap(?:per)?|box))?|lwptoc|table[_-]of[_-]contents|mokuji|(?:pdf|adobe)[_-]?(?:guide|reader|download)|"
    r"w-form-(?:done|fail)|wpcf7(?:-form|-response-output)?|hs-form|gform_wrapper|page[_-]?(?:rating|evaluation|feedback)|screen-reader-(?:text|response))(?:$|[\s_-])",
    re.IGNORECASE,
)
# What the makers of consent managers call their dialogs: longer than many a cookie policy, and never part of one.
CONSENT_DIALOGS = (
    "#onetrust-consent-sdk,#onetrust-banner-sdk,#onetrust-pc-sdk,#CybotCookiebotDialog,#usercentrics-root,"
    "#usercentrics-cmp-ui,#cmplz-cookiebanner-container,.cmplz-cookiebanner,.cky-consent-container,.cky-modal,"
    "#cookie-law-info-bar,#cookiescript_injected,#iubenda-cs-banner,#didomi-host,.osano-cm-window,#qc-cmp2-container,"
    "#tarteaucitronRoot,#moove_gdpr_cookie_modal,#moove_gdpr_cookie_info_bar,.termsfeed-com---nb,"
    "#truste-consent-track,#cookiefirst-root,#axeptio_overlay"
)
# What is pressed and not read, where it is a link and nothing else.
BUTTON_NAMES = re.compile(r"(?:^|[\s_-])(?:bt?ns?|buttons?|cta)(?:$|[\s_-])", re.IGNORECASE)
# Names that parts of the policy have too (card-header, entry-footer): only where they stand for the page's.
FRAME_NAMES = re.compile(
    r"(?:^|\s)(?:(?:l|g|p|c|o|sp|pc|gl|tmp|main|site|page|global|common|the|wrap|area|box)[_-]{1,2})?"
    r"(header|footer|side(?:-?bar|-?menu)?|fnav|sns|share)(?:[_-]{1,2}(?:wrap(?:per)?|inner|area|box|container|contents?))?"
    r"(?=$|\s)",
    re.IGNORECASE,
)


def names(attributes: Mapping[str, str | None]) -> str:
    """The id and the classes, as written and with their humps parted: shareBtns is share-Btns too."""
    written = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
    parted = HUMP.sub("-", written)
    return written if parted == written else f"{written} {parted}"
