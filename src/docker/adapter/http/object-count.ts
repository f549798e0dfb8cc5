const LIST = 0x5b
const OBJECT = 0x7b

/** An upper bound on the objects and lists in JSON, counted before parsing; 0 if the text is too short to exceed `most`. */
export function objectsIn(json: Buffer | string, most: number): number {
  if (json.length <= most) return 0
  const bytes = typeof json === 'string' ? Buffer.from(json) : json
  let count = 0
  for (const byte of bytes) if (byte === LIST || byte === OBJECT) count++
  return count
}
