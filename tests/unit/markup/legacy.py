"""Pages in the encodings of their languages, as they were written before UTF-8."""

from __future__ import annotations

from dataclasses import dataclass

PYTHON_CODECS = {
    "euc-jp": "euc_jp",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp",
    "windows-874": "cp874",
}
"""Where Python's name is another."""

SENTENCES = {
    "German": "Der Stadtrat hat jüngst über die gesperrte Brücke beraten. Für die Bäckerei heißt das: kürzer öffnen.",
    "French": "Le conseil s’est réuni à propos du pont fermé. « Personne ne nous a prévenus », dit la boulangère.",
    "Spanish": "El ayuntamiento habló el martes del puente. ¿Cuándo abrirá? Según el alcalde, después del próximo año.",
    "Portuguese": "A câmara discutiu na terça-feira a ponte. Não há ainda decisão, disse o presidente à televisão.",
    "Swedish": "Kommunen talade i tisdags om bron. Den är stängd sedan översvämningen, och så får det vara ett år.",
    "Icelandic": "Bæjarstjórnin ræddi brúna á þriðjudag. Hún hefur verið lokuð síðan flóðið varð í mars.",
    "Polish": "Rada miasta rozmawiała we wtorek o moście. Jest zamknięty od powodzi, a naprawa potrwa jeszcze rok.",
    "Czech": "Rada města v úterý jednala o mostě. Je zavřený od povodně a oprava potrvá ještě dlouho, řekl starosta.",
    "Hungarian": "A tanács kedden a hídról tárgyalt. Az árvíz óta zárva van, és a felújítás még egy évig is eltarthat.",
    "Turkish": "Belediye salı günü köprüyü görüştü. Köprü sel yüzünden kapalı, onarım bir yıl sürecek, dedi başkan.",
    "Lithuanian": "Taryba antradienį svarstė tilto klausimą. Jis uždarytas nuo potvynio, remontas truks metus.",
    "Russian": "Во вторник городской совет обсудил мост. Он закрыт после наводнения, и ремонт займёт ещё год.",
    "Ukrainian": "У вівторок міська рада обговорила міст. Він закритий після повені, і ремонт триватиме ще рік.",
    "Greek": "Το συμβούλιο συζήτησε την Τρίτη για τη γέφυρα. Είναι κλειστή από την πλημμύρα του Μαρτίου.",
    "Hebrew": "המועצה דנה ביום שלישי בגשר. הוא סגור מאז השיטפון, והתיקון יימשך עוד שנה, אמר ראש העיר.",
    "Arabic": "ناقش المجلس يوم الثلاثاء موضوع الجسر. وهو مغلق منذ الفيضان، وسيستغرق الإصلاح سنة أخرى.",
    "Thai": "สภาเมืองหารือเรื่องสะพานเมื่อวันอังคาร สะพานปิดตั้งแต่น้ำท่วม และการซ่อมจะใช้เวลาอีกหนึ่งปี",
    "Vietnamese": "Hô\u0323i đô\u0300ng tha\u0300nh phô\u0301 đa\u0303 ba\u0300n vê\u0300 cây câ\u0300u.",
    "Japanese": "市議会は火曜日に橋について話し合った。橋は三月の洪水のあと閉じたままで、修理には一年かかるという。",
    "Korean": "시의회는 화요일에 다리에 대해 논의했다. 다리는 삼월 홍수 뒤로 닫혀 있으며 수리에는 일 년이 걸린다.",
    "Chinese": "市议会星期二讨论了那座桥的问题。桥自三月的洪水以来一直关闭，修理还需要一年的时间。",
    "Chinese, traditional": "市議會星期二討論了那座橋的問題。橋自三月的洪水以來一直關閉，修理還需要一年的時間。",
}
"""The same short report, of our own writing."""

WRITTEN_IN = {
    "windows-1252": ("German", "French", "Spanish", "Portuguese", "Swedish", "Icelandic"),
    "windows-1250": ("Polish", "Czech", "Hungarian"),
    "iso-8859-2": ("Polish", "Czech", "Hungarian"),
    "windows-1254": ("Turkish",),
    "windows-1257": ("Lithuanian",),
    "windows-1251": ("Russian", "Ukrainian"),
    "koi8-r": ("Russian",),
    "koi8-u": ("Ukrainian",),
    "iso-8859-5": ("Russian",),
    "windows-1253": ("Greek",),
    "iso-8859-7": ("Greek",),
    "windows-1255": ("Hebrew",),
    "windows-1256": ("Arabic",),
    "windows-874": ("Thai",),
    "windows-1258": ("Vietnamese",),
    "shift_jis": ("Japanese",),
    "euc-jp": ("Japanese",),
    "iso-2022-jp": ("Japanese",),
    "euc-kr": ("Korean",),
    "gb18030": ("Chinese",),
    "big5": ("Chinese, traditional",),
}
"""Languages that pages in each encoding are written in."""

UNICODE = ("utf-8", "utf-16le", "utf-16be")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its bytes."""

    language: str
    encoding: str
    text: str
    content: bytes

    def __str__(self) -> str:
        """Name the case."""
        return f"{self.language} in {self.encoding}"


def written(text: str, encoding: str) -> bytes:
    """Return the bytes of a text in an encoding of the standard."""
    return text.encode(PYTHON_CODECS.get(encoding, encoding))


def page_of(language: str, encoding: str, head: str = "") -> Page:
    """Write a page of a language; `head` stands where the page would declare its encoding."""
    sentence = SENTENCES[language]
    start = f"<!doctype html>\n<html><head>{head}<title>{sentence[:20]}</title></head>\n"
    text = f"{start}<body><p>{sentence}</p></body></html>\n"
    return Page(language, encoding, text, written(text, encoding))


LEGACY = tuple(page_of(language, encoding) for encoding, languages in WRITTEN_IN.items() for language in languages)
"""Pages that declare nothing."""
