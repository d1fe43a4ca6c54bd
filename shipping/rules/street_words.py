"""Words of streets, and places known by two names, as the marketplaces' countries write them. Data, no rules."""

from collections.abc import Mapping
from typing import Final


def _table(groups: str) -> dict[str, str]:
    """`a b c=word|…`: each of a, b, c is written for `word`."""
    pairs = (group.split("=") for group in groups.split("|"))
    return {short: word for shorts, word in pairs for short in shorts.split()}


ANYWHERE: Final[Mapping[str, str]] = _table(
    "saint=st|sainte=ste|mount=mt|fort=ft|north=n|south=s|east=e|west=w|northeast=ne|northwest=nw|southeast=se"
    "|southwest=sw|street str strasse=st|avenue av aven avn=ave|road=rd|boulevard bvd boul bd bld bulvar blv=blvd"
    "|drive=dr|lane=ln|court=ct|place=pl|square=sq|highway=hwy|parkway pky pkway=pkwy|terrace terr=ter|circle=cir"
    "|crescent cresc=cres|close=cl|gardens gdn gdns=gdn|grove=gr|trail=trl|plaza=plz|expressway=expy|freeway=fwy"
    "|building bldg=bldg|centre center ctr=ctr|heights hts=hts|number numero nr nro num=no"
)
BY_COUNTRY: Final[Mapping[str, Mapping[str, str]]] = {
    "FR": _table(
        "r=rue|pl=place|chem ch che=chemin|imp=impasse|all=allee|rte=route|fg fbg=faubourg|crs=cours|qu=quai"
        "|res=residence|bat=batiment|esc=escalier|appt app=appartement|lot=lotissement|sq=square|pass=passage"
    ),
    "IT": _table(
        "v=via|vle=viale|pza pzza pz=piazza|cso=corso|lgo=largo|vic vlo=vicolo|ple=piazzale"
        "|str strada=strada|fraz=frazione|loc=localita"
    ),
    "ES": _table(
        "c cl=calle|avda avd avenida av=ave|pza plz pl plaza=plaza|pso ps=paseo|ctra=carretera|cno=camino|rda=ronda"
        "|trav trva=travesia|urb=urbanizacion|pol=poligono|gta=glorieta|izda izq=izquierda|dcha dch=derecha"
    ),
    "BR": _table(
        "r=rua|avenida av=ave|pc pca=praca|tv trav=travessa|al=alameda|rod=rodovia|est estr=estrada|lgo=largo"
        "|qd=quadra|lt=lote|bl=bloco|apto apt ap=apartamento|jd=jardim|vl=vila|cj=conjunto"
    ),
    "NL": _table("str=straat|ln=laan|pl=plein|wg=weg|kd=kade"),
    "PL": _table("ul ulica=ul|al aleja aleje=al|pl plac=pl|os osiedle=os|m=mieszkanie|gen=generala|sw=swietego"),
    "SE": _table("g=gata|v=vag|vagen=vag|gatan=gata|lgh=lagenhet|tr=trappor"),
    "TR": _table(
        "sk sok sokagi=sokak|cd cad caddesi=cadde|mh mah mahallesi=mahalle|blv bulv bulvari=blvd"
        "|apt apartmani=apartman|d=daire|k=kat|sit sitesi=site"
    ),
    "IN": _table("mg=mahatma gandhi|ngr=nagar|opp=opposite|nr=near|flr=floor|soc=society|apts=apartments|rd=rd"),
    "IE": _table("co=county"),
    "MX": _table("c cl=calle|avenida av=ave|col=colonia|calz=calzada|priv=privada|blvrd=blvd|int=interior"),
    "EG": _table("sh sharia shari=st"),
    "SA": _table("tariq=rd|شارع=شارع"),
}  # fmt: skip
_SAME: Final[Mapping[str, str]] = {"AT": "DE", "CH": "DE", "LU": "FR", "BE": "FR", "PT": "BR", "AE": "SA"}


def words_of(country: str) -> dict[str, str]:
    """Every abbreviation with what it stands for; a country's own readings go before the general ones."""
    own = BY_COUNTRY.get(_SAME.get(country, country), {})
    return {**ANYWHERE, **own, **(BY_COUNTRY["NL"] if country == "BE" else {})}


_TYPE_WORDS: Final = (
    "st ave rd blvd dr ln ct pl sq hwy pkwy ter cir cres cl gr trl plz rue via viale piazza corso largo vicolo"
    " calle plaza paseo carretera camino ronda rua praca travessa alameda rodovia straat laan plein ul al os"
    " gata vag sokak cadde mahalle place chemin impasse allee route strada"
)
TYPES: Final = frozenset(_TYPE_WORDS.split())
"""What kind of street it is; often left out, never told from one another by leaving out."""
_UNIT_NAMES: Final = (
    "apt apartment apartamento appartement unit flat suite ste room rm floor fl etage stock og eg hinterhaus"
    " lagenhet daire kat interior bloco mieszkanie piso planta puerta int scala interno bus box wohnung whg"
)
UNIT_WORDS: Final = frozenset(_UNIT_NAMES.split())
"""What stands in front of a unit within a house; carriers often leave the unit out."""
GLUED: Final[tuple[tuple[str, str], ...]] = (
    ("strasse", "st"),
    ("straat", "straat"),
    ("gatan", "gata"),
    ("vagen", "vag"),
    ("vaegen", "vag"),
    ("platz", "platz"),
    ("laan", "laan"),
    ("str", "str"),
)
"""Endings that are written as one word with the street's name, or apart, or shortened."""
GLUED_IN: Final = frozenset({"DE", "AT", "CH", "NL", "BE", "SE", ""})

_EXONYMS: Final = (
    "munich=munchen muenchen|cologne=koln koeln|nuremberg=nurnberg nuernberg|hanover=hannover|brunswick=braunschweig"
    "|vienna=wien|zurich=zuerich|geneva=geneve genf|rome=roma|milan=milano|turin=torino|naples=napoli|venice=venezia"
    "|florence=firenze|genoa=genova|padua=padova|seville=sevilla|saragossa=zaragoza|lisbon=lisboa|oporto=porto"
    "|brussels=bruxelles brussel|antwerp=antwerpen anvers|ghent=gent gand|bruges=brugge|liege=luik"
    "|the_hague=den_haag s_gravenhage|flushing=vlissingen|gothenburg=goteborg goeteborg|warsaw=warszawa"
    "|cracow=krakow|prague=praha prag|copenhagen=kobenhavn koebenhavn|mexico_city=ciudad_de_mexico cdmx"
    "|bombay=mumbai|madras=chennai|calcutta=kolkata|bangalore=bengaluru|delhi=new_delhi|dublin=baile_atha_cliath"
    "|cork=corcaigh|galway=gaillimh|cairo=al_qahirah|riyadh=ar_riyadh|jeddah=jidda jiddah|istanbul=istambul"
)
EXONYMS: Final[Mapping[str, str]] = {
    name.replace("_", " "): one.replace("_", " ")
    for one, names in (group.split("=") for group in _EXONYMS.split("|"))
    for name in (one, *names.split())
}
"""Cities with two names in Latin letters; the only way in which "Munich" is "München"."""
