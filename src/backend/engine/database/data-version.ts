import { posix } from 'node:path'
import type { FamilyName } from './family.ts'
import { type ServerVersion, versionIn } from './version.ts'

/** A file that shows which server a data directory belongs to, and a function that reads its first bytes. */
interface Marker {
  /** Relative to the data directory. */
  path: string
  read(content: Uint8Array): ServerVersion | undefined
}

/** Maximum number of bytes read from a marker. */
export const MARKER_LIMIT = 64 * 1024

/**
 * Checked in this order; the first file that exists decides. PostgreSQL: PG_VERSION (docs, "Database File Layout"). MariaDB: its
 * upgrade file, which an installation writes too. MySQL since 8.4: the upgrade history, which an installation starts; since 8.0: the
 * version in the first page of its dictionary; before: the file that upgrades leave (Reference Manual, "The MySQL Data Directory"
 * and "What the MySQL Upgrade Process Upgrades").
 */
const MARKERS: Record<FamilyName, readonly Marker[]> = {
  postgresql: [{ path: 'PG_VERSION', read: (content) => versionIn('PostgreSQL', textOf(content)) }],
  mysql: [
    { path: 'mysql_upgrade_history', read: lastUpgrade },
    { path: 'mysql.ibd', read: versionOfTablespace },
    { path: 'mariadb_upgrade_info', read: (content) => versionIn('MariaDB', textOf(content)) },
    { path: 'mysql_upgrade_info', read: versionOfEither },
  ],
}

export interface DataPlace {
  /** Absolute. */
  path: string
  marker: Marker
}

/**
 * The files in a container's data directory that show its version.
 * @param env the container's variables, including the image's
 * @param words the words of its command
 */
export function placesOfData(
  family: FamilyName,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): DataPlace[] {
  const directory = directoryOf(family, env, words)
  if (directory === undefined) return []
  return MARKERS[family].map((marker) => ({ path: posix.join(directory, marker.path), marker }))
}

/**
 * The directories where PostgreSQL images from 18 on look for data of other versions if their own directory is empty; they exit if
 * they find any (docker_error_old_databases in docker-library/postgres).
 */
export function placesOfOlderData(env: Readonly<Record<string, string>>): DataPlace[] {
  const [, major] = /^\/var\/lib\/postgresql\/(\d+)\/docker$/.exec(env.PGDATA ?? '') ?? []
  if (major === undefined || env.PG_MAJOR !== major) return []
  const own = Number(major)
  const older = Array.from({ length: Math.max(0, own - FIRST_WITH_MAJOR) }, (_, i) => `${own - 1 - i}/docker`)
  const [marker] = MARKERS.postgresql
  const folders = ['', 'data', ...older]
  return marker ? folders.map((each) => ({ path: posix.join('/var/lib/postgresql', each, marker.path), marker })) : []
}

const FIRST_WITH_MAJOR = 18

function directoryOf(
  family: FamilyName,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): string | undefined {
  if (family === 'mysql') return mysqlDirectory(env, words)
  // The command line may set another directory.
  if (words.some((word) => word.startsWith('-D') || /data[_-]directory/.test(word))) return undefined
  return env.PGDATA || (env.BITNAMI_APP_NAME ? '/bitnami/postgresql/data' : '/var/lib/postgresql/data')
}

function mysqlDirectory(env: Readonly<Record<string, string>>, words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^(--datadir|-h)(=|$)/.test(word))
  if (at >= 0) return words[at]?.split('=')[1] ?? words[at + 1]
  return env.BITNAMI_APP_NAME ? `/bitnami/${env.BITNAMI_APP_NAME}/data` : '/var/lib/mysql'
}

function textOf(content: Uint8Array): string {
  return new TextDecoder().decode(content)
}

function lastUpgrade(content: Uint8Array): ServerVersion | undefined {
  try {
    const { upgrade_history: history } = JSON.parse(textOf(content)) as { upgrade_history?: { version?: string }[] }
    return versionIn('MySQL', history?.at(-1)?.version ?? '')
  } catch {
    return undefined
  }
}

/** `80036` for 8.0.36, as a big-endian number (FIL_PAGE_SRV_VERSION in storage/innobase/include/fil0types.h). */
function versionOfTablespace(content: Uint8Array): ServerVersion | undefined {
  if (content.length < SERVER_VERSION_AT + 4) return undefined
  const number = new DataView(content.buffer, content.byteOffset).getUint32(SERVER_VERSION_AT)
  const numbers = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100]
  return number >= 80_000 && number < 1_000_000 ? { product: 'MySQL', numbers } : undefined
}

const SERVER_VERSION_AT = 8

function versionOfEither(content: Uint8Array): ServerVersion | undefined {
  const text = textOf(content)
  return versionIn(/mariadb/i.test(text) ? 'MariaDB' : 'MySQL', text)
}
