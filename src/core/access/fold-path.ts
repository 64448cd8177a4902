/**
 * A path as rules compare it: without letter case, composed. File systems that take `Private` and `private`, or the
 * composed and the decomposed form of a letter, for one name would otherwise be a way around a rule. Upper case comes
 * first: some letters have one only there.
 */
export function foldPath(path: string): string {
  return path.toUpperCase().toLowerCase().normalize('NFC');
}
