"""Signs of what a mail is: Amazon's notification type, the names of the guarantee, who sent it.

The type stands in a header and, for forwarded mail that lost its headers, in the letter's links, also where
a mail gateway wrapped them. Names in other languages only say "a person looks"; nothing is read from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from claims.intake.text import fold
from claims.marketplaces import is_amazon_host

NOTIFY = "A_Z_CLAIM_RESPONDENT_NOTIFY"
CLOSE = "A_Z_CLAIM_RESPONDENT_CLOSE"
CLAIM_TYPE_PREFIX = "A_Z_"

_TYPE = re.compile(r"[A-Z][A-Z0-9_]{3,60}")
_TYPE_IN_LINK = re.compile(r"[?&;](?:communicationName|nt)=([A-Z][A-Z0-9_]{3,60})")
_TYPE_IN_TEXT = re.compile(r"(?:communicationName|[?&]nt)=(A_Z_[A-Z_]{3,60})")
_PASTED_TYPE = re.compile(
    r"^[\s>*]{0,10}X-Space-Notification-Type[* ]{0,3}:[* ]{0,3}([A-Z][A-Z0-9_]{3,60})", re.M | re.I
)
_PASTED_STORE = re.compile(
    r"^[\s>*]{0,10}X-Marketplace-ID[* ]{0,3}:[* ]{0,3}([A-Z0-9]{10,20})\b", re.M | re.I
)
_WRAPPING = re.compile(r"[\s>]")
_HOST = re.compile(r"https?://(?:[^/\s@?#]{1,100}@)?([a-z0-9.-]{1,253})", re.IGNORECASE)

# Amazon's other letters to sellers about one order: never a claim notice by themselves.
_SIBLING_TYPE = re.compile(r"(?:RETURN|REFUND|BBC|BRC|BUYER|ORDER|SHIPMENT|FEEDBACK|CHARGEBACK)_")

_A_TO_Z = re.compile(
    r"a-to-z|\batoz\b|\ba to z (?:guarantee|claim)|a-z[ -](?:guarantee|claim|garanti)|"
    r"(?:garanzia|reclam[oi]) (?:della garanzia )?dalla a alla z|"
    r"garantie (?:de )?a a z\b|garantia (?:de la )?a a(?: la)? z\b|garantia (?:de )?a[- ](?:a|ate)[- ]z\b|"
    r"a-bis-z|a bis z[ -]?garantie|a-tot-z|gwarancj\w{1,3} od a do z|a'dan z'ye|"
    r"マーケットプレイス保証|商城交易保障|交易保障索[赔賠]|"
    r"ضمان[^.]{0,30}(?:من الالف الى الياء|\ba\b[^.]{0,15}\bz\b)"
)
_A_TO_Z_LOCAL_PARTS = re.compile(r"(?:atoz|a-to-z|a_to_z)[\w.-]*|seller-guarantee")
_CHARGEBACK_LOCAL_PARTS = frozenset({"cb-seller-notification", "cb-seller-query"})


def type_of_header(value: str) -> str | None:
    """The notification type a header value names."""
    found = _TYPE.fullmatch(value.strip().upper())
    return found.group() if found else None


def _unwrapped(link: str) -> str:
    """The address as first written: safe-link gateways percent-encode it, another writes -3D for "="."""
    plain = unquote(unquote(link[:8_000]))
    return plain.replace("-5F", "_").replace("-3D", "=").replace("-26", "&").replace("-3F", "?")


def type_in_links(links: Iterable[str], text: str) -> str | None:
    """The notification type in the letter's links or pasted headers; a claim's type goes before others."""
    found = [name for link in links for name in _TYPE_IN_LINK.findall(_unwrapped(link))]
    found += [name.upper() for name in _PASTED_TYPE.findall(text)]
    if "A_Z_" in text and not {NOTIFY, CLOSE} & set(found):
        # Plain text breaks long addresses over lines.
        found += _TYPE_IN_TEXT.findall(_WRAPPING.sub("", text))
    of_claims = [_known(name) for name in found if name.startswith(CLAIM_TYPE_PREFIX)]
    known = [name for name in of_claims if name in (NOTIFY, CLOSE)]
    return next(iter(known or of_claims or found), None)


def _known(name: str) -> str:
    """Words that ran into the type when line breaks were taken out are cut off again."""
    return next((known for known in (NOTIFY, CLOSE) if name.startswith(known)), name)


def pasted_store(text: str) -> str | None:
    """The marketplace id of headers that were pasted into the text."""
    found = _PASTED_STORE.search(text)
    return found.group(1).upper() if found else None


def hosts_of(links: Iterable[str]) -> set[str]:
    """Every host a link names, the wrapped ones too."""
    return {host.lower() for link in links for host in _HOST.findall(_unwrapped(link))}


def is_claim_type(name: str | None) -> bool:
    return name is not None and name.startswith(CLAIM_TYPE_PREFIX)


def is_sibling_type(name: str | None) -> bool:
    return name is not None and _SIBLING_TYPE.match(name) is not None


def names_guarantee(text: str) -> bool:
    """Whether the text calls the guarantee by one of its names."""
    return _A_TO_Z.search(fold(text)) is not None


def sentence_names_guarantee(folded: str) -> bool:
    """As `names_guarantee`, for text that is folded already."""
    return _A_TO_Z.search(folded) is not None


def is_guarantee_sender(address: str) -> bool:
    """Whether the address is one the guarantee's letters come from, by its local part."""
    return _A_TO_Z_LOCAL_PARTS.fullmatch(address.rpartition("@")[0]) is not None


def is_chargeback_sender(address: str) -> bool:
    return address.rpartition("@")[0] in _CHARGEBACK_LOCAL_PARTS


def is_amazon_sender(address: str) -> bool:
    """Whether Amazon itself sent it; the relay for buyers' messages carries other people's words."""
    host = address.rpartition("@")[2]
    return is_amazon_host(host) and not host.startswith("marketplace.")


def is_buyer_relay(address: str) -> bool:
    host = address.rpartition("@")[2]
    return is_amazon_host(host) and host.startswith("marketplace.")
