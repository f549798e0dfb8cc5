/** Offsets in a text; the end is exclusive. */
export type Range = readonly [start: number, end: number]

/** From the beginning of a word on: a long one is not tried from each of its characters. */
const URL_LOGIN =
  /(?<![a-z0-9+.-])[0-9+.-]*([a-z][a-z0-9+.-]*):\/\/([^/\s:@"'`]*)(?::([^@/\s"'`]*(?:@[^@/\s"'`,;:]*(?=@))*))?@/dgi

/**
 * Where URLs hold secrets: `pw` of `postgres://user:pw@host`, and a user without a password on the web, which is a key
 * (`https://KEY@host`, `https://KEY:@host`, `https://KEY:x-oauth-basic@host`). A variable gives nothing away.
 */
export function urlRanges(text: string): Range[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(URL_LOGIN)].flatMap(({ 1: scheme = '', 2: user, 3: password = '', indices }) => {
    const isKey = /^https?$/i.test(scheme) && user !== 'git' && /^(?:|x|x-oauth-basic)$/.test(password)
    return isLiteral(isKey ? user : password) ? [rangeOf(indices, isKey ? 2 : 3)] : []
  })
}

/** What stands before a colon where an address follows, and is no user. */
const NO_USERS = /^(?:mailto|acct|sips?|xmpp|npm|workspace|file|docker|urn|git|ssh)$/i

const LOGIN = /(?<![\w.%+/@:-])([\w.%+-]+):([^\s:@/"'`,;]+)@(?=[\w[(.-])(?!(?:sha|md)\d+:)/dg

/** `pw` of `user:pw@host`, which is no URL: `root:pw@tcp(db:3306)/shop`. */
export function loginRanges(text: string): Range[] {
  if (!text.includes('@')) return []
  return [...text.matchAll(LOGIN)].flatMap(({ 1: user = '', 2: password, indices }) =>
    !NO_USERS.test(user) && isLiteral(password) && !/^\d+$/.test(password ?? '') ? [rangeOf(indices, 2)] : [],
  )
}

/** Of crypt(5) and of LDAP (RFC 2307); `$` is written twice where it stands for itself in a stack file. */
const HASH =
  /\${1,2}(?:2[abxy]?\${1,2}\d\d|apr1|7|y)\${1,2}[\w./+=$-]{6,}|\${1,2}(?:argon2(?:id|d|i)|pbkdf2[\w-]*|scrypt)\${1,2}[\w./+=,$-]{6,}|\${1,2}[156]\${1,2}[\w./]{1,16}\${1,2}[\w./]{20,}|\{(?:S?SHA|S?MD5|CRYPT|PBKDF2)[\w-]*\}[\w+/=.$]{6,}/g

/** Hashes of passwords: they can be guessed from. */
export function hashRanges(text: string): Range[] {
  if (!/[${]/.test(text)) return []
  return [...text.matchAll(HASH)].map(({ 0: hash, index }) => [index, index + hash.length] as const)
}

const SQL =
  /\b(?:identified\s+(?:with\s+\S+\s+)?(?:by|as)|password)(?:\s+|\s*\(\s*)(?:'((?:[^'\\]|\\.|'')+)'|"((?:[^"\\]|\\.)+)")/dgi

/** `pw` of `IDENTIFIED BY 'pw'` and `PASSWORD 'pw'`. */
export function sqlRanges(text: string): Range[] {
  if (!/identified|password/i.test(text)) return []
  return [...text.matchAll(SQL)].flatMap(({ 1: one, 2: other, indices }) =>
    isLiteral(one ?? other) ? [rangeOf(indices, one === undefined ? 2 : 1)] : [],
  )
}

const HEADER =
  /\bauthorization["']?\s*[:=]\s*["']?(?:apikey|basic|bearer|digest|key|negotiate|token)\s+([^\s"'`,;]+)/dgi

/** `x` of `Authorization: Bearer x`. Without such a word it may be a sentence. */
export function headerRanges(text: string): Range[] {
  if (!/authorization/i.test(text)) return []
  return [...text.matchAll(HEADER)].flatMap(({ 1: value, indices }) => (isLiteral(value) ? [rangeOf(indices, 1)] : []))
}

function rangeOf(indices: RegExpIndicesArray | undefined, group: number): Range {
  return indices?.[group] ?? [0, 0]
}

/** A variable of a shell, or a place to be filled in, gives nothing away. */
export function isLiteral(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !/^["']?[$<\u2022]/.test(value)
}
