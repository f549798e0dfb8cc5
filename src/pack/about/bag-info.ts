export interface BagFacts {
  name: string
  software: string
  /** Bytes and number of the files below `data/`. */
  payload: { bytes: number; files: number }
}

/** `bag-info.txt` (RFC 8493, 2.2.2). */
export function bagInfoText({ name, software, payload }: BagFacts): string {
  const lines = {
    'Bag-Software-Agent': software,
    'External-Identifier': name,
    'Payload-Oxum': `${payload.bytes}.${payload.files}`,
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}
