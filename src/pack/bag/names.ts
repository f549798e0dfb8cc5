const LONGEST_PART = 255
const LONGEST_PATH = 4000
/** Names of devices on Windows, with or without an extension. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/** BagIt writes `%` as `%25`, which `sha256sum -c` does not understand; the others are not names on Windows, or not printable. */
const UNUSUAL = /[\p{Cc}%\\:*?"<>|\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]/u

/** Why a path cannot be a member's: it must be a file's name on every system, and the same one in every list of the bag. */
export function nameProblem(path: string): string | undefined {
  if (path === '') return 'its name is empty'
  if (path.startsWith('/')) return 'its name is absolute'
  if (Buffer.byteLength(path) > LONGEST_PATH) return 'its name is too long'
  if (/\p{Surrogate}/u.test(path) || path !== path.normalize('NFC')) return 'its name is not normalised Unicode'
  for (const part of path.split('/')) {
    const problem = partProblem(part)
    if (problem) return problem
  }
  return undefined
}

function partProblem(part: string): string | undefined {
  if (part === '') return 'its name has an empty part'
  if (part === '.' || part === '..') return 'its name leads to another folder'
  if (Buffer.byteLength(part) > LONGEST_PART) return 'its name is too long'
  if (UNUSUAL.test(part)) return 'its name has a character that not every system and list can hold'
  if (DEVICES.test(part)) return 'its name is a device on Windows'
  return /[. ]$/.test(part) ? 'its name ends with a dot or a space' : undefined
}

/** Equal for names that are the same file on a file system that ignores case. */
export function caseless(path: string): string {
  return path.toLowerCase().normalize('NFC')
}

/** Names of packs: the base folder. */
export function isBaseName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name) && nameProblem(name) === undefined
}
