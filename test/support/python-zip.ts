import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A member as Python's zipfile reads it from the central directory. */
export interface ReadMember {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  /** As in `st_mode`. */
  readonly mode: number;
  /** Bit 11: the name is UTF-8. */
  readonly flags: number;
  /** 0: stored. */
  readonly method: number;
  /** Of MS-DOS: year, month, day, hour, minute, second. */
  readonly dos: readonly number[];
  /** Seconds since the epoch by the extended timestamp, or null. */
  readonly time: number | null;
  /** SHA-256 in hex; null when the contents were not asked for. */
  readonly sha256: string | null;
}

const SCRIPT = `
import hashlib, json, struct, sys, zipfile
def time(extra):
    while extra:
        tag, size = struct.unpack('<HH', extra[:4])
        if tag == 0x5455: return struct.unpack('<i', extra[5:9])[0]
        extra = extra[4 + size:]
archive, members = zipfile.ZipFile(sys.argv[1]), []
for info in archive.infolist():
    digest = None
    if sys.argv[2] == 'contents':
        with archive.open(info) as f: digest = hashlib.sha256(f.read()).hexdigest()
    members.append(dict(name=info.filename, size=info.file_size, crc=info.CRC, mode=info.external_attr >> 16,
        flags=info.flag_bits, method=info.compress_type, dos=info.date_time, time=time(info.extra), sha256=digest))
sys.stdout.write(json.dumps(members))
`;

/**
 * What somebody else's program finds in a ZIP file. It reads every byte and compares the check sums, unless told to look
 * at the directory alone.
 * @throws Error when it is no valid archive
 */
export async function readZip(
  file: string,
  what: 'contents' | 'directory' = 'contents',
): Promise<ReadMember[]> {
  const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT, file, what], {
    maxBuffer: 256 * 2 ** 20,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  return JSON.parse(stdout) as ReadMember[];
}
