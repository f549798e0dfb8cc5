export interface UnitInput {
  project: string
  /** The program and its arguments, with absolute paths. */
  command: readonly string[]
  /** Absolute. */
  directory: string
  environment: Readonly<Record<string, string>>
  /** A system unit that starts after the engine, rather than a user unit. */
  ofSystem: boolean
}

/** A systemd unit that guards one project (systemd.service(5), systemd.exec(5)). */
export function unitText({ project, command, directory, environment, ofSystem }: UnitInput): string {
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  const order = ofSystem ? ['After=docker.service', 'Wants=docker.service'] : []
  return [
    '[Unit]',
    `Description=flotilla guards ${project.replaceAll('%', '%%')}`,
    ...order,
    '',
    '[Service]',
    'Type=exec',
    `WorkingDirectory=${directory.replaceAll('%', '%%')}`,
    ...variables,
    `ExecStart=${command.map((word) => quoted(word, true)).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=5',
    'KillSignal=SIGTERM',
    'TimeoutStopSec=30',
    '',
    '[Install]',
    `WantedBy=${ofSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n')
}

/** Specifiers start with `%`; in a command line, variables with `$`. */
function quoted(word: string, inCommand = false): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')
  const literal = inCommand ? escaped.replaceAll('$', '$$$$') : escaped
  return /^[\w@%+=:,./-]+$/.test(literal) ? literal : `"${literal}"`
}
