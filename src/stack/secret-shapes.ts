/** Offsets in a text; the end is exclusive. */
export type Range = readonly [start: number, end: number]

/** Matches only at the start of a word, so that a long word is not tried from each character. */
const URL_LOGIN =
  /(?<![a-z0-9+.-])[0-9+.-]*([a-z][a-z0-9+.-]*):\/\/([^/\s:@"'`]*)(?::([^@/\s"'`]*(?:@[^@/\s"'`,;:]*(?=@))*))?@/dgi

/**
 * The secrets in URLs: `pw` of `postgres://user:pw@host`, and a user without a password in a web URL, which is a key
 * (`https://KEY@host`, `https://KEY:@host`, `https://KEY:x-oauth-basic@host`). A variable reveals nothing.
 */
export function urlRanges(text: string): Range[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(URL_LOGIN)].flatMap(({ 1: scheme = '', 2: user, 3: password = '', indices }) => {
    const isKey = /^https?$/i.test(scheme) && user !== 'git' && /^(?:|x|x-oauth-basic)$/.test(password)
    return isLiteral(isKey ? user : password) ? [rangeOf(indices, isKey ? 2 : 3)] : []
  })
}

/** Words before a colon and an address that are not user names. */
const NO_USERS = /^(?:mailto|acct|sips?|xmpp|npm|workspace|file|docker|urn|git|ssh)$/i

const LOGIN = /(?<![\w.%+/@:-])([\w.%+-]+):([^\s:@/"'`,;]+)@(?=[\w[(.-])(?!(?:sha|md)\d+:)/dg

/** `pw` of `user:pw@host` outside a URL: `root:pw@tcp(db:3306)/shop`. */
export function loginRanges(text: string): Range[] {
  if (!text.includes('@')) return []
  return [...text.matchAll(LOGIN)].flatMap(({ 1: user = '', 2: password, indices }) =>
    !NO_USERS.test(user) && isLiteral(password) && !/^\d+$/.test(password ?? '') ? [rangeOf(indices, 2)] : [],
  )
}

/** Hashes in the formats of crypt(5) and LDAP (RFC 2307); in a stack file, a literal `$` is written twice. */
const HASH =
  /\${1,2}(?:2[abxy]?\${1,2}\d\d|apr1|7|y)\${1,2}[\w./+=$-]{6,}|\${1,2}(?:argon2(?:id|d|i)|pbkdf2[\w-]*|scrypt)\${1,2}[\w./+=,$-]{6,}|\${1,2}[156]\${1,2}[\w./]{1,16}\${1,2}[\w./]{20,}|\{(?:S?SHA|S?MD5|CRYPT|PBKDF2)[\w-]*\}[\w+/=.$]{6,}/g

/** Password hashes, which allow guessing the password. */
export function hashRanges(text: string): Range[] {
  if (!/[${]/.test(text)) return []
  return [...text.matchAll(HASH)].map(({ 0: hash, index }) => [index, index + hash.length] as const)
}

const SQL =
  /\b(?:identified\s+(?:with\s+\S+\s+)?(?:by|as)|password)(?:\s+|\s*\(\s*)(?:'((?:[^'\\]|\\.|'')+)'|"((?:[^"\\]|\\.)+)")/dgi

/** `pw` in `IDENTIFIED BY 'pw'` and `PASSWORD 'pw'`. */
export function sqlRanges(text: string): Range[] {
  if (!/identified|password/i.test(text)) return []
  return [...text.matchAll(SQL)].flatMap(({ 1: one, 2: other, indices }) =>
    isLiteral(one ?? other) ? [rangeOf(indices, one === undefined ? 2 : 1)] : [],
  )
}

const HEADER =
  /\bauthorization["']?\s*[:=]\s*["']?(?:apikey|basic|bearer|digest|key|negotiate|token)\s+([^\s"'`,;]+)/dgi

/** `x` in `Authorization: Bearer x`. Without such a scheme, the text may be an ordinary sentence. */
export function headerRanges(text: string): Range[] {
  if (!/authorization/i.test(text)) return []
  return [...text.matchAll(HEADER)].flatMap(({ 1: value, indices }) => (isLiteral(value) ? [rangeOf(indices, 1)] : []))
}

function rangeOf(indices: RegExpIndicesArray | undefined, group: number): Range {
  return indices?.[group] ?? [0, 0]
}

/** Whether a value is literal: a shell variable or a placeholder reveals nothing. */
export function isLiteral(value: string | undefined): value is string {
  return value !== undefined && value !== '' && !/^["']?[$<\u2022]/.test(value)
}
