"""Countries and regions by the names that carriers and orders use. Data and look-ups; an unknown name stays itself."""

from collections.abc import Mapping
from typing import Final

from shipping.rules.scripts import spellings


def _table(groups: str) -> dict[str, str]:
    """`CODE:name/name|…`, each name in its plain spelling."""
    pairs = (group.split(":") for group in groups.split("|"))
    return {name: code for code, names in pairs for name in names.split("/")}


_COUNTRIES: Final = _table(
    "US:usa/united states/united states of america/etats unis/vereinigte staaten/stati uniti/estados unidos"
    "|CA:can/canada/kanada|MX:mex/mexico/messico/mexiko|BR:bra/brazil/brasil/brasilien/bresil|GB:uk/gbr"
    "/united kingdom/great britain/england/scotland/wales/northern ireland/vereinigtes konigreich/royaume uni"
    "/regno unito/reino unido|DE:deu/ger/germany/deutschland/allemagne/germania/alemania/duitsland/niemcy/tyskland"
    "/almanya|FR:fra/france/frankreich/francia/frankrijk/francja|IT:ita/italy/italia/italien/italie"
    "|ES:esp/spain/espana/spanien/espagne/spagna|NL:nld/netherlands/the netherlands/nederland/niederlande/pays bas"
    "/holland|BE:bel/belgium/belgie/belgique/belgien|SE:swe/sweden/sverige/schweden/suede|PL:pol/poland/polska/polen"
    "/pologne|IE:irl/ireland/republic of ireland/eire/irland/irlande|TR:tur/turkey/turkiye/turkei/turquie"
    "|EG:egy/egypt/misr/مصر|SA:sau/saudi arabia/kingdom of saudi arabia/ksa/السعوديه/المملكه العربيه السعوديه"
    "|AE:are/uae/united arab emirates/الامارات/الامارات العربيه المتحده|IN:ind/india/bharat/भारत"
    "|JP:jpn/japan/nippon/nihon/日本/日本国|SG:sgp/singapore|AU:aus/australia|ZA:zaf/rsa/south africa"
    "|CN:chn/china/中国|AT:aut/austria/osterreich|CH:che/switzerland/schweiz/suisse/svizzera|PT:prt/portugal"
    "|LU:lux/luxembourg|HK:hkg/hong kong/香港"
)
REGIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "US": _table(
        "AL:alabama|AK:alaska|AZ:arizona|AR:arkansas|CA:california|CO:colorado|CT:connecticut|DE:delaware"
        "|DC:district of columbia|FL:florida|GA:georgia|HI:hawaii|ID:idaho|IL:illinois|IN:indiana|IA:iowa"
        "|KS:kansas|KY:kentucky|LA:louisiana|ME:maine|MD:maryland|MA:massachusetts|MI:michigan|MN:minnesota"
        "|MS:mississippi|MO:missouri|MT:montana|NE:nebraska|NV:nevada|NH:new hampshire|NJ:new jersey"
        "|NM:new mexico|NY:new york|NC:north carolina|ND:north dakota|OH:ohio|OK:oklahoma|OR:oregon"
        "|PA:pennsylvania|RI:rhode island|SC:south carolina|SD:south dakota|TN:tennessee|TX:texas|UT:utah"
        "|VT:vermont|VA:virginia|WA:washington|WV:west virginia|WI:wisconsin|WY:wyoming|PR:puerto rico"
    ),
    "CA": _table(
        "AB:alberta|BC:british columbia/colombie britannique|MB:manitoba|NB:new brunswick/nouveau brunswick"
        "|NL:newfoundland and labrador/newfoundland|NS:nova scotia/nouvelle ecosse|ON:ontario"
        "|PE:prince edward island|QC:quebec|SK:saskatchewan|YT:yukon|NT:northwest territories|NU:nunavut"
    ),
    "AU": _table(
        "NSW:new south wales|VIC:victoria|QLD:queensland|SA:south australia|WA:western australia|TAS:tasmania"
        "|ACT:australian capital territory|NT:northern territory"
    ),
    "BR": _table(
        "AC:acre|AL:alagoas|AP:amapa|AM:amazonas|BA:bahia|CE:ceara|DF:distrito federal|ES:espirito santo"
        "|GO:goias|MA:maranhao|MT:mato grosso|MS:mato grosso do sul|MG:minas gerais|PA:para|PB:paraiba|PR:parana"
        "|PE:pernambuco|PI:piaui|RJ:rio de janeiro|RN:rio grande do norte|RS:rio grande do sul|RO:rondonia"
        "|RR:roraima|SC:santa catarina|SP:sao paulo|SE:sergipe|TO:tocantins"
    ),
    "IN": _table(
        "AP:andhra pradesh|AS:assam|BR:bihar|CT:chhattisgarh|DL:delhi/new delhi|GA:goa|GJ:gujarat|HR:haryana"
        "|HP:himachal pradesh|JH:jharkhand|KA:karnataka|KL:kerala|MP:madhya pradesh|MH:maharashtra|OR:odisha/orissa"
        "|PB:punjab|RJ:rajasthan|TN:tamil nadu|TG:telangana|TS:telangana|UP:uttar pradesh|UT:uttarakhand"
        "|WB:west bengal"
    ),
    "DE": _table(
        "BW:baden wurttemberg|BY:bayern/bavaria|BE:berlin|BB:brandenburg|HB:bremen|HH:hamburg|HE:hessen/hesse"
        "|NI:niedersachsen/lower saxony|NW:nordrhein westfalen/north rhine westphalia|RP:rheinland pfalz"
        "|SL:saarland|SN:sachsen/saxony|ST:sachsen anhalt|SH:schleswig holstein|TH:thuringen/thuringia"
    ),
}


def country_code(text: str) -> str:
    """ISO 3166 where the table has the name; else the text in capitals."""
    return _found(_COUNTRIES, text) or _capitals(text)


def is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha()


def region_code(text: str, country: str) -> tuple[str, bool]:
    """The region's code, or its name in capitals; and whether it is a code or a name that the table has."""
    table = REGIONS.get(country, {})
    found = _found(table, text)
    code = found or _capitals(text)
    return code, bool(found) or code in table.values()


def _found(table: Mapping[str, str], text: str) -> str:
    return next((table[spelling] for spelling in spellings(text) if spelling in table), "")


def _capitals(text: str) -> str:
    spelt = spellings(text)
    return spelt[0].upper() if spelt else ""
