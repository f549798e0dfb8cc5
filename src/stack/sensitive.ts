/** What must not be shown: collected while loading, used by everything that prints. */
export interface Sensitive {
  /** Secret values of six characters or more, to be redacted wherever they turn up. */
  values: ReadonlySet<string>
  /** Dotted paths of the model whose values are secret, e.g. `services.db.environment.MYSQL_PASSWORD`. */
  paths: ReadonlySet<string>
}

export const NOTHING_SENSITIVE: Sensitive = { values: new Set(), paths: new Set() }

const SECRET_WORD =
  /(^|[_\-.])(pass|passwd|password|passphrase|pwd|secret|token|key|apikey|credential|credentials|auth|dsn)s?([_\-.\d]|$)/i

/** Whether a variable or key name says that its value is a secret: PASSWORD, API_TOKEN, aws_secret_access_key, … */
export function namesSecret(name: string): boolean {
  return SECRET_WORD.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) && !/_FILE$/i.test(name)
}

const SHORTEST = 6
export const MASK = '••••••'

/** The text with every secret value replaced. Values shorter than six characters would blank out ordinary words. */
export function redact(text: string, sensitive: Sensitive): string {
  const longestFirst = [...sensitive.values]
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
  return longestFirst.reduce((redacted, value) => redacted.replaceAll(value, MASK), text)
}
