const LIST = 0x5b
const OBJECT = 0x7b

/** How many objects and lists JSON holds at most, counted before they are made; 0 where `most` cannot be exceeded. */
export function objectsIn(json: Buffer | string, most: number): number {
  if (json.length <= most) return 0
  const bytes = typeof json === 'string' ? Buffer.from(json) : json
  let count = 0
  for (const byte of bytes) if (byte === LIST || byte === OBJECT) count++
  return count
}
