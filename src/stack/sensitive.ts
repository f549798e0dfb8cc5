/** Values that must not be printed: collected by loading, used by everything that prints. */
export interface Sensitive {
  /** Secret values of six characters or more that are not names; masked in any foreign text. */
  values: ReadonlySet<string>
  /** Dotted paths of the model whose values are secret, e.g. `services.db.environment.MYSQL_PASSWORD`. */
  paths: ReadonlySet<string>
  /** All secret values; masked after a word that says that they are secret. */
  known?: ReadonlySet<string>
  /** Names in the stack and their words: never masked. */
  names?: ReadonlySet<string>
}

export const NOTHING_SENSITIVE: Sensitive = { values: new Set(), paths: new Set() }

const SECRET_WORD =
  /(^(?:pg)?|[_\-.])(pass|passwd|password|passphrase|pwd|secret|token|key|apikey|credential|credentials|auth|dsn)s?([_\-.\d]|$)/i

/** Words that only secret names end with: NGROK_AUTHTOKEN, DBPASSWORD, --requirepass. */
const SECRET_COMPOUND =
  /(?:passw(?:or)?d|passphrase|secret|requirepass|masterauth|authorization|(?:access|api|auth|bearer|bot|refresh|session)token|(?:access|api|auth|encryption|private|secret|signing)key)s?(?:[_\-.\d]|$)/i

/** Whether a variable or key name says that its value is a secret: PASSWORD, API_TOKEN, aws_secret_access_key, … */
export function namesSecret(name: string): boolean {
  if (/[_-](?:file|path)$/i.test(name)) return false
  return SECRET_WORD.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) || SECRET_COMPOUND.test(name)
}

/** Matches from the start of a word only, so that a long word is not tried from each of its characters. */
const URL_PASSWORD = /(?<![a-z0-9+.-])[0-9+.-]*[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^@/\s]+)@/gi

/** `pw` of `postgres://user:pw@host`, as written and decoded. */
export function passwordsIn(text: string): string[] {
  return [...text.matchAll(URL_PASSWORD)].flatMap(([, password = '']) => {
    const meant = /%[0-9a-f]{2}/i.test(password) ? decode(password) : password
    return meant === password ? [password] : [password, meant]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Secret values in the words of a command line: `--password X`, `--token=X`, `MYSQL_PWD=X`, also inside a shell command. */
export function secretsInWords(words: readonly string[]): string[] {
  return [...behindOptions(words), ...words.flatMap(secretsInText)]
}

function behindOptions(words: readonly string[]): string[] {
  const isLine = (index: number) => /^(?:CMD-SHELL|-\w*c)$/.test(words[index - 1] ?? '')
  const found = words.flatMap((word, index) => (isLine(index) ? [] : behindOption(word, words[index + 1])))
  return found.filter(isTelling)
}

function behindOption(token: string, next: string | undefined): string[] {
  const [, name = '', value] = /^["']?-*([A-Za-z][\w.-]*)(?:=(.+))?$/s.exec(token) ?? []
  const behind = value ?? (token.startsWith('-') ? next : undefined)
  return namesSecret(name) && behind !== undefined ? [behind.replace(/^(["'])(.*)\1$/s, '$2')] : []
}

/** Secret values in a text: `--key X`, `Password=X;`, `{"token": "X"}`, `?api_key=X`, `Authorization: Bearer X`. */
export function secretsInText(text: string): string[] {
  const words = text.split(/\s+/).map((word) => word.replace(/[;,)&|"'`]+$/, ''))
  const options = words.filter((word, index) => word.startsWith('-') || words[index - 1]?.startsWith('-'))
  return [...(words.length > 1 ? behindOptions(options) : []), ...pairedIn(text)]
}

function pairedIn(text: string): string[] {
  return [...text.matchAll(PAIR)].flatMap(([, name = '', ...values]) => {
    const value = values.find((each) => each !== undefined) ?? ''
    return namesSecret(name) && isTelling(value) ? [value] : []
  })
}

/** Matches from the start of a word only, so that a long word is not tried from each of its characters. */
const PAIR =
  /(?<![\w.-])-{0,2}([A-Za-z_][\w.-]*)(?:=|["']\s*:\s*|:\s+)(?:(?:basic|bearer|token)\s+)?(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'`,;&|(){}[\]]+))/gi

/** Switches and shell variables reveal nothing. */
function isTelling(value: string): boolean {
  return (
    value !== '' && !/^(?:true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(value) && !/^["']?[$<\u2022]/.test(value)
  )
}

export const MASK = '••••••'
