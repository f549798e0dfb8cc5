const BLOCK = 512

/** The size of content with its padding: content fills whole blocks. */
export function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

/** Parses records of the form `<length> <key>=<value>\n`; the length, in bytes, includes its own digits. */
export function paxRecords(bytes: Uint8Array): Record<string, string> {
  const records: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = Number.parseInt(text(bytes.subarray(at, space)), 10)
    if (space < 0 || !(length > 0)) break
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text(bytes.subarray(space + 1, at + length - 1))) ?? []
    records[key] = value
    at += length
  }
  return records
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
