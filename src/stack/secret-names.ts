const SECRET_WORD =
  /(^(?:pg)?|[_\-.])(pass|passwd|password|passphrase|pwd|pw|secret|token|key|apikey|credential|credentials|auth|dsn)s?([_\-.\d]|$)/i

/** Endings of names that always mean a secret: NGROK_AUTHTOKEN, DBPASSWORD, --requirepass. */
const SECRET_COMPOUND =
  /(?:passw(?:or)?d|passphrase|secret|requirepass|masterauth|authorization|(?:access|api|auth|bearer|bot|refresh|session)token|(?:access|api|auth|encryption|private|secret|signing)key)s?(?:[_\-.\d]|$)/i

/** Labels of Traefik with lists of users and their password hashes. */
const HTPASSWD = /(?:basic|digest)auth\.users$/i

/** `PASSWORD_FILE`, `secret.conf`. */
const OF_A_FILE = /[_-](?:file|path)$|\.(?:cfg|cnf|conf|config|ini|json|sh|toml|txt|xml|ya?ml)$/i

/** Whether the name of a variable or key marks its value as secret: PASSWORD, API_TOKEN, aws_secret_access_key, … */
export function namesSecret(name: string): boolean {
  if (OF_A_FILE.test(name)) return false
  return HTPASSWD.test(name) || SECRET_WORD.test(name.replace(/([a-z])([A-Z])/g, '$1_$2')) || SECRET_COMPOUND.test(name)
}
