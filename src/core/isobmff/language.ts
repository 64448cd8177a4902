/** Macintosh language codes of QuickTime media (QuickTime File Format, "Language Code Values"), as ISO 639-2/T. */
const MACINTOSH = [
  ...'eng fra deu ita nld swe spa dan por nor heb jpn ara fin ell isl mlt tur hrv zho urd hin tha kor'.split(
    ' ',
  ),
  ...'lit pol hun est lav sme fao fas rus zho nld gle sqi ron ces slk slv yid srp mkd bul ukr bel uzb'.split(
    ' ',
  ),
  ...'kaz aze aze hye kat mol kir tgk tuk mon mon pus kur kas snd bod nep san mar ben asm guj pan ori'.split(
    ' ',
  ),
  ...'mal kan tam tel sin mya khm lao vie ind tgl msa msa amh tir orm som swa kin run nya mlg epo'.split(' '),
];
const OTHER_MACINTOSH: Record<number, string> = {
  ...{ 128: 'cym', 129: 'eus', 130: 'cat', 131: 'lat', 132: 'que', 133: 'grn', 134: 'aym', 135: 'tat' },
  ...{ 136: 'uig', 137: 'dzo', 138: 'jav' },
};
const FIRST_PACKED = 0x400;
const UNSPECIFIED = 0x7fff;

/**
 * The language of a mdhd box (ISO/IEC 14496-12 §8.4.2): three letters of five bits, or below 0x400 a Macintosh code.
 * Null for `und`, for QuickTime's "unspecified" and for what is no language.
 */
export function decodeLanguage(code: number): string | null {
  if (code < FIRST_PACKED) return MACINTOSH[code] ?? OTHER_MACINTOSH[code] ?? null;
  if (code === UNSPECIFIED) return null;
  const letters = String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 0x1f) + 0x60));
  return /^[a-z]{3}$/.test(letters) && letters !== 'und' ? letters : null;
}
