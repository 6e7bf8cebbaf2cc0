"""Letters beyond ASCII of the languages that legacy encodings were made for, to tell those encodings apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LETTERS: Final[Mapping[str, str]] = MappingProxyType({
    "ar": "اليمنترودبعهةفسقكحجأشصطضخىغذزئءإظثآؤ",
    "be": "аніыерлсктодвпмуязьгбчўйхжцшёюэф",
    "bg": "аоиетнрсвлпкдмзъучгябцжйщхфшюь",
    "ca": "óàéèíòçúïü·",
    "cs": "íáéěřščžýůúňťďó",
    "da": "øæåé",
    "de": "üäößé",
    "el": "αοτειστνρςκπυληάμίόέδγθώήύφχβωξζψ",
    "en": "éñçüáöíóêäãèàôïåøëßæúâûîõœšž",  # names and words of its neighbours
    "es": "óíáéñúü",
    "et": "äõüöšž",
    "fa": "ایردنتمهوبشسکخفگزآقپعجچحطلغصضژثظذءئ",
    "fi": "äöåš",
    "fr": "éèàêçùîôœâûëïæ",
    "he": "יוהלארתבמשנדעםקחפטגזצכךסןץף",
    "hr": "čšžćđ",
    "hu": "áéóöőíüúű",
    "is": "ðáíöþéúóýæ",
    "it": "èàùòìé",
    "lt": "ėžšųįūčąę",
    "lv": "āīšēūņļžģčķ",
    "mk": "аоиетнрсвдкплмузбјгчшцжхњќѓљф",
    "nl": "éëïüöèç",
    "pl": "ąęłóśżćńź",
    "pt": "ãçáéóíõêúâàô",
    "ro": "ăîâşţ",
    "ru": "оеаинтслрвкмдпуяыьзгбчйжхшюцщэфъё",
    "sk": "áíčéžšýúľťôňďäŕĺó",
    "sl": "čšžć",
    "sr": "аоиенртсјвкдумпзбгчцљжњхшћђџф",
    "sv": "äöåé",
    "th": "านรอกเงวมยลดสตทคแจพบหปใขไชซถผฝธณภฟศษญฉฐัิีึืุู็่้๊๋์ำะโฎฏฤฒฌฆๆ",
    "tr": "ıüşöğçİâ",
    "uk": "оанивітреслкдупмязьбгчйхжїєшюцщґф",
    "vi": "đôươêâăáàéíóúòìùèãõýñ\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
    "\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}",
})  # fmt: skip
"""Small letters by language (ISO 639-1), roughly the most frequent first: the order weighs them."""

LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "windows-1252": ("en", "fr", "es", "pt", "de", "it", "nl", "sv", "da", "fi", "is", "ca"),
    "windows-1251": ("ru", "uk", "bg", "sr", "be", "mk"),
    "windows-1250": ("pl", "cs", "sk", "hu", "hr", "sl", "ro"),
    "iso-8859-2": ("pl", "cs", "sk", "hu", "hr", "sl", "ro"),
    "windows-1254": ("tr",),
    "windows-1256": ("ar", "fa"),
    "windows-1253": ("el",),
    "iso-8859-7": ("el",),
    "windows-1255": ("he",),
    "windows-1257": ("lt", "lv", "et"),
    "koi8-r": ("ru",),
    "koi8-u": ("uk",),
    "windows-874": ("th",),
    "windows-1258": ("vi",),
    "iso-8859-5": ("ru",),
})  # fmt: skip
"""Languages that pages in each encoding of single bytes are written in. Of two encodings alike, the first is taken."""
