import type { Mount, Service } from '../../../stack/model.ts'

export type FamilyName = 'postgresql' | 'mysql'

/** Servers that store data in the same way: the MySQL family includes MariaDB and Percona Server. */
export interface Family {
  /** The images store data in, above or below these directories. */
  homes: readonly string[]
  /** Matches the last part of the image name. */
  images: RegExp
  /** The variable that sets the data directory. */
  home?: string
  /** Variables that apply only while the data directory is empty; each may also be given as NAME_FILE. */
  initial: readonly string[]
  /** Names of the server's programs, and of programs that end by running the server. */
  programs: RegExp
}

/** The directory where the images' entrypoints look for scripts that initialise a new data directory. */
export const SCRIPTS = '/docker-entrypoint-initdb.d'

/**
 * Sources: the Dockerfiles and entrypoints of docker-library/postgres, docker-library/mysql and MariaDB/mariadb-docker, and of the
 * images of postgis, timescaledb, percona and bitnami.
 */
export const FAMILIES: Record<FamilyName, Family> = {
  postgresql: {
    homes: ['/var/lib/postgresql', '/var/lib/pgsql', '/bitnami/postgresql', '/home/postgres/pgdata'],
    images: /postgres|postgis|timescale|pgvector/i,
    home: 'PGDATA',
    initial: [
      'POSTGRES_PASSWORD',
      'POSTGRES_USER',
      'POSTGRES_DB',
      'POSTGRESQL_PASSWORD',
      'POSTGRESQL_USERNAME',
      'POSTGRESQL_DATABASE',
    ],
    programs: /(^|\/)(postgres|[\w.-]*entrypoint[\w.-]*)$|^-/,
  },
  mysql: {
    homes: ['/var/lib/mysql', '/bitnami/mysql', '/bitnami/mariadb'],
    images: /mysql|mariadb|percona/i,
    initial: [
      'MYSQL_ROOT_PASSWORD',
      'MYSQL_PASSWORD',
      'MYSQL_USER',
      'MYSQL_DATABASE',
      'MARIADB_ROOT_PASSWORD',
      'MARIADB_PASSWORD',
      'MARIADB_USER',
      'MARIADB_DATABASE',
    ],
    programs: /(^|\/)(mysqld(_safe)?|mariadbd(-safe)?|[\w.-]*entrypoint[\w.-]*)$|^-/,
  },
}

/**
 * The database server that a service declares: identified by the targets of its mounts, or else by its image's name. None if the
 * service declares a command or entrypoint that is not a server: it may be there to move the data.
 * @param targets where writable volumes or directories are mounted
 */
export function familyOf(service: Service, targets: readonly string[]): FamilyName | undefined {
  const names = Object.keys(FAMILIES) as FamilyName[]
  const image = service.image?.replace(/[:@][^/]*$/, '').replace(/^.*\//, '') ?? ''
  const found =
    names.find((name) => targets.some((target) => holdsData(name, service, target))) ??
    (targets.length > 0 ? names.find((name) => FAMILIES[name].images.test(image)) : undefined)
  return found && runsServer(found, service) && !/upgrade/i.test(image) ? found : undefined
}

/** The volumes and directories that a service may write to. */
export function writableMounts({ volumes = [] }: Service): Mount[] {
  return volumes.filter(({ type, read_only }) => !read_only && (type === 'volume' || type === 'bind'))
}

/** Whether a mount contains the data directory, or lies inside it. */
export function holdsData(name: FamilyName, { environment = {} }: Service, target: string): boolean {
  const { homes, home } = FAMILIES[name]
  const own = home && environment[home]
  return [...homes, ...(own ? [own] : [])].some((each) => isWithin(each, target) || isWithin(target, each))
}

/** Whether a path equals another one or lies below it. */
export function isWithin(path: string, outer: string): boolean {
  const bare = outer.replace(/\/+$/, '')
  return path === bare || path.startsWith(`${bare}/`)
}

function runsServer(name: FamilyName, { entrypoint, command }: Service): boolean {
  const words = [entrypoint?.[0], command?.[0]].filter((word) => word !== undefined)
  return words.every((word) => FAMILIES[name].programs.test(word))
}
