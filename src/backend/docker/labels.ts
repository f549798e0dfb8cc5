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

/** The directory from which a container was brought up; a directory without a name if its labels do not contain it. */
export function originOf(labels: Readonly<Record<string, string>>): Origin {
  return { workingDir: labels[COMPOSE.workingDir] ?? '', configFiles: (labels[COMPOSE.configFiles] ?? '').split(',') }
}

/** The version of the label conventions of `docker compose` that we follow. */
export const CONVENTIONS = '2.40.3'

/** Whether tools set the label themselves: it is never declared. */
export function isOfTools(label: string): boolean {
  return /^(com\.docker\.compose|io\.flotilla)\./.test(label)
}

/** Our own labels. */
export const OURS = {
  /** The fingerprint of the declaration: see plan/fingerprint.ts. */
  fingerprint: 'io.flotilla.fingerprint',
  /** The paths of the service's secret values at the container's creation, never the values: see backend/docker/secret-paths.ts. */
  masked: 'io.flotilla.masked',
  /** On NEXT, during a replacement: the id of the container that it replaces. */
  replaces: 'io.flotilla.replaces',
  /** Names of the anonymous volumes taken over from a replaced container, comma-separated. */
  carried: 'io.flotilla.carried-volumes',
  /** The ids of the containers whose namespaces or volumes it shares, comma-separated. */
  shares: 'io.flotilla.shares',
  /** On NEXT: the replaced container's restart policy and whether it was running, to restore both if the replacement is abandoned. */
  policy: 'io.flotilla.replaced-policy',
  /** On a container that runs a `pre_start` hook: the hook, e.g. `pre_start/0`. */
  hook: 'io.flotilla.hook',
  /** On a one-off container. One that was never started is a leftover of a killed command. */
  oneOff: 'io.flotilla.one-off',
  /** On an image: a hash of its build definition, including the variables. */
  build: 'io.flotilla.build',
  /** A salted hash of the variables that providers and models supplied to the container. */
  provided: 'io.flotilla.provided',
  /** On a volume with a database's data: salted slow hashes of the settings that apply only while the volume is empty. */
  initials: 'io.flotilla.initials',
  /** On the container of such a volume: the names of those settings whose declaration has changed since, comma-separated. */
  changedInitials: 'io.flotilla.changed-initials',
  /** On a container that is never started: the project whose volume is read through it. */
  reading: 'io.flotilla.reading',
  /** On a container that is never started: the project whose volume is being filled, and is not whole while the container exists. */
  filling: 'io.flotilla.filling',
  /** On the same: the volume's name. */
  fillingVolume: 'io.flotilla.filling-volume',
  /** On the same, and on the volume: a random id that tells which of them belong together. */
  fillingId: 'io.flotilla.filling-id',
} as const
