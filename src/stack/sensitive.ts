/** What must not be shown: collected while loading, used by everything that prints. */
export interface Sensitive {
  /** Secret values of six characters or more that are no names, to be masked wherever others say them. */
  values: ReadonlySet<string>
  /** Dotted paths of the model whose values are secret, e.g. `services.db.environment.MYSQL_PASSWORD`. */
  paths: ReadonlySet<string>
  /** Every secret value, to be masked where what stands before it says that it is one. */
  known?: ReadonlySet<string>
  /** Names of the stack's, and words of them: never masked. */
  names?: ReadonlySet<string>
}

export const NOTHING_SENSITIVE: Sensitive = { values: new Set(), paths: new Set() }

const SECRET_WORD =
  /(^(?:pg)?|[_\-.])(pass|passwd|password|passphrase|pwd|secret|token|key|apikey|credential|credentials|auth|dsn)s?([_\-.\d]|$)/i

/** Whether a variable or key name says that its value is a secret: PASSWORD, API_TOKEN, aws_secret_access_key, … */
export function namesSecret(name: string): boolean {
  return SECRET_WORD.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) && !/_FILE$/i.test(name)
}

/** From the beginning of a word on: a long one is not tried from each of its characters. */
const URL_PASSWORD = /(?<![a-z0-9+.-])[0-9+.-]*[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^@/\s]+)@/gi

/** `pw` of `postgres://user:pw@host`, as written and as meant. */
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

/** The values that words of a command line call secret: of `--password X`, `--token=X`, `MYSQL_PWD=X`, also within a shell's line. */
export function secretsInWords(words: readonly string[]): string[] {
  return [words, words.flatMap((word) => word.split(/\s+/))].flatMap((tokens) =>
    tokens.flatMap((token, index) => {
      const [, name = '', value] = /^["']?-*([A-Za-z][\w.-]*)(?:=(.+))?$/s.exec(token) ?? []
      const behind = value ?? (token.startsWith('-') ? tokens[index + 1] : undefined)
      return namesSecret(name) && behind !== undefined ? [behind.replace(/^(["'])(.*)\1$/s, '$2')] : []
    }),
  )
}

export const MASK = '••••••'
