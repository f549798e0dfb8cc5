/** Which folder may import which: the table of docs/architecture.md. A folder may always import from itself. */
export const LAYERS: Record<string, string[]> = {
  util: [],
  diagnostics: [],
  graph: [],
  yaml: ['diagnostics'],
  stack: ['diagnostics'],
  archive: [],
  snapshot: [],
  pack: ['archive', 'yaml', 'lockfile', 'diagnostics', 'util'],
  registry: [],
  remote: ['registry', 'stack', 'diagnostics', 'util'],
  docker: ['archive', 'diagnostics', 'util'],
  redact: ['stack', 'diagnostics', 'util'],
  load: ['util', 'redact', 'yaml', 'stack', 'graph', 'diagnostics'],
  init: ['yaml'],
  plan: ['stack', 'diagnostics', 'util'],
  lockfile: ['yaml', 'redact', 'plan', 'stack', 'diagnostics', 'util'],
  execute: ['plan', 'stack', 'diagnostics', 'util'],
  backend: ['archive', 'redact', 'plan', 'execute', 'stack', 'graph', 'docker', 'diagnostics', 'util'],
  view: ['redact', 'execute', 'plan', 'stack', 'diagnostics'],
  logs: ['backend', 'execute', 'diagnostics', 'util'],
  project: ['lockfile', 'archive', 'load', 'backend', 'plan', 'execute', 'stack', 'graph', 'diagnostics', 'util'],
  guard: ['project', 'load', 'backend', 'execute', 'plan', 'view', 'stack', 'diagnostics', 'util'],
  cli: ['project', 'view', 'plan', 'stack', 'diagnostics'],
  command:
    `archive lockfile pack yaml redact cli project logs guard load init graph backend plan execute view stack diagnostics util`.split(
      ' ',
    ),
  machine: ['project', 'backend', 'docker', 'remote', 'stack', 'diagnostics', 'util'],
  library: 'machine guard project logs load backend plan execute view redact diagnostics'.split(' '),
  main: ['machine', 'cli', 'command', 'load', 'execute', 'diagnostics'],
  index: `library project redact view load stack graph plan execute docker backend diagnostics`.split(' '),
}

/** Packages that only one folder may use, so that each can be exchanged in one place. */
export const PACKAGES: Record<string, string> = {
  'js-yaml': 'yaml',
  ajv: 'load',
  dockerode: 'docker',
  'docker-modem': 'docker',
  listr2: 'view',
  chalk: 'view',
  chokidar: 'command',
}
