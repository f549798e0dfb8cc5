const BLOCK = 512

/** Content fills whole blocks: the bytes that it takes with its padding. */
export function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

/** `<length> <key>=<value>\n`, one after the other; the length, in bytes, counts its own digits too. */
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
