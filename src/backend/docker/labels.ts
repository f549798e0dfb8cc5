import type { Origin } from '../../stack/model.ts'

/** Labels shared with `docker compose` (pkg/api/labels.go of docker/compose), so that either tool can take over. */
export const COMPOSE = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneoff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  image: 'com.docker.compose.image',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  envFiles: 'com.docker.compose.project.environment_file',
  dependsOn: 'com.docker.compose.depends_on',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  replace: 'com.docker.compose.replace',
  slug: 'com.docker.compose.slug',
  engine: 'com.docker.compose.engine',
} as const

/** Where a container was brought up from; a directory of no name where its labels do not say it. */
export function originOf(labels: Readonly<Record<string, string>>): Origin {
  return { workingDir: labels[COMPOSE.workingDir] ?? '', configFiles: (labels[COMPOSE.configFiles] ?? '').split(',') }
}

/** The version of the label conventions of `docker compose` that we follow. */
export const CONVENTIONS = '2.40.3'

/** Whether a tool sets a label by itself: nobody declares it. */
export function isOfTools(label: string): boolean {
  return /^(com\.docker\.compose|io\.flotilla)\./.test(label)
}

/** Our own labels. */
export const OURS = {
  /** The fingerprint of what was declared: see plan/fingerprint.ts. */
  fingerprint: 'io.flotilla.fingerprint',
  /** The paths of what was secret in the service when its container was made, never the values: see backend/docker/secret-paths.ts. */
  masked: 'io.flotilla.masked',
  /** On NEXT, while it replaces: the id of the container that it takes the place of. */
  replaces: 'io.flotilla.replaces',
  /** Names of the anonymous volumes that were carried over from a replaced container, comma-separated. */
  carried: 'io.flotilla.carried-volumes',
  /** The ids of the containers whose namespaces or volumes it shares, comma-separated. */
  shares: 'io.flotilla.shares',
  /** On NEXT: the restart policy of what it replaces, and whether that ran, to be given back if the replacement is given up. */
  policy: 'io.flotilla.replaced-policy',
  /** On a container that runs a `pre_start` hook: which one, e.g. `pre_start/0`. */
  hook: 'io.flotilla.hook',
  /** On a one-off container: one that was never started was left by a command that was killed. */
  oneOff: 'io.flotilla.one-off',
  /** On an image: a hash of the definition that it was built by, its variables among it. */
  build: 'io.flotilla.build',
  /** A salted hash of the variables that providers and models gave the container. */
  provided: 'io.flotilla.provided',
  /** On a volume with a database's data: salted slow hashes of what only counted while it was empty. */
  initials: 'io.flotilla.initials',
  /** On the container of such a volume: what of that is declared otherwise by now, comma-separated. */
  changedInitials: 'io.flotilla.changed-initials',
} as const
